using Exchange.Core;
using Exchange.Core.Orders;

namespace Exchange.Grains.Interfaces;

/// <summary>Lists instruments, sets their states, posts indices, seeds the fund; key 0. Each call is answered once it is durable where it counts.</summary>
public interface IOperatorGrain : INodeGrain
{
    /// <summary>It may have to wait for a book that is being brought up elsewhere.</summary>
    const string Patience = "00:00:12";

    /// <param name="instrument">One <see cref="Core.Nodes.Messages.InstrumentMessage"/>, whose version and state are not looked at.</param>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> List(NodeBatch instrument);

    /// <param name="instrument">As for <see cref="List"/>.</param>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> Change(NodeBatch instrument);

    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> SetState(int symbol, TradingState state);

    /// <summary>Delists a symbol: orders are canceled, the mark moves to the price, what it sets off is waited for, positions close at it.</summary>
    /// <returns>What may take longer than the caller waits goes on; until it is done other changes are refused as overloaded.</returns>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> Settle(int symbol, long priceTicks);

    /// <summary>Sets a mark by hand: with an index until the next one is computed, without one for good.</summary>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> SetMark(int symbol, long priceTicks);

    /// <summary>Has a funding round paid now, at the mark there is.</summary>
    /// <param name="rateE8">In 1e-8.</param>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> SettleFunding(int symbol, long rateE8);

    /// <param name="indexE8">1e-8 USDT.</param>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> PostIndex(int symbol, long indexE8);

    /// <param name="amountE8">1e-8 USDT.</param>
    [ResponseTimeout(Patience)]
    ValueTask<RejectReason> Seed(long amountE8);

    /// <summary>All instruments as they are (<see cref="Core.Nodes.Messages.InstrumentMessage"/>); null: nothing changed since that revision.</summary>
    /// <param name="knownRevision">Of an earlier answer; 0: none.</param>
    ValueTask<InstrumentList?> Instruments(ulong knownRevision);
}

/// <param name="Revision">Counts up with every change; another activation's is higher.</param>
[GenerateSerializer]
public sealed record InstrumentList([property: Id(0)] ulong Revision, [property: Id(1)] NodeBatch Instruments);
