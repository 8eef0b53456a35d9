using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>What an activation that comes up again does: a new epoch, orders from the books, closes whose end is unknown.</content>
public sealed partial class MarginAccount
{
    internal SymbolState StateOf(int symbol) => FindOrAdd(symbol);

    internal SymbolState? StateOrNull(int symbol) => Find(symbol);

    /// <summary>The account is on a book's list of accounts, so a position there may be its own, or come to be.</summary>
    internal bool MayHold(int symbol) => Find(symbol) is { } state && (state.IsRegistered || state.HasPosition);

    /// <summary>Numbers start anew under a higher epoch; ranges are registered anew.</summary>
    internal void BeginEpoch(uint epoch)
    {
        Invariant.Holds(epoch >= Epoch);
        Epoch = epoch;
        foreach (SymbolState state in Symbols)
        {
            state.Epoch = epoch;
            state.Batch = 0;
            state.Queued = 0;
        }
    }

    /// <summary>Puts a book on the list.</summary>
    internal void EnterBook(int symbol)
    {
        SymbolState state = FindOrAdd(symbol);
        if (state.Epoch != Epoch)
            state.Batch = 0; // A book left in this epoch has kept the last number.
        state.Epoch = Epoch;
        state.Queued = 0;
        state.IsRegistered = true;
    }

    /// <summary>A batch is on its way: the commands after it belong to the next.</summary>
    internal void NoteBatchSent(int symbol, int count)
    {
        SymbolState state = FindOrAdd(symbol);
        state.Batch++;
        state.Queued -= count;
    }

    /// <summary>Takes the open orders a book knows, as of the last event applied.</summary>
    internal void RestoreOrders(int symbol, ReadOnlySpan<OpenOrder> orders, Instrument instrument)
    {
        SymbolState state = FindOrAdd(symbol);
        for (int i = state.Orders.Count - 1; i >= 0; i--)
        {
            state.Uncount(in state.Orders[i]);
            state.Orders.RemoveAt(i);
        }

        foreach (ref readonly OpenOrder open in orders)
        {
            AccountOrder order = new()
            {
                PriceTicks = open.Type == OrderType.Market ? open.WorstTicks : open.PriceTicks,
                FilledLots = open.FilledLots,
                LeavesLots = open.LeavesLots,
                ReserveTicks = open.ReserveTicks,
                Side = open.Side,
                Type = open.Type,
                PositionSide = open.PositionSide,
                Flags = open.Flags,
                IsWaiting = open.IsWaiting,
            };
            state.Count(ref order, instrument);
            state.Orders.Add(open.OrderId, open.ClientKey, in order);
        }

        _isWatched = false;
    }

    /// <summary>Closes sent to a book that says nothing of them never happened and never will: settled as nothing.</summary>
    /// <param name="symbol">The book that has answered; -1: payments of a debt, which are in the same cut as their money.</param>
    internal void ForgetUnknownCloses(int symbol)
    {
        for (int i = 0; i < _openCloseCount; i++)
        {
            if (_openCloses[i].Symbol == symbol)
                _openCloses[i].IsKnown = true;
        }
    }

    /// <summary>A liquidation of a former life goes on from its first step under a new number.</summary>
    internal void RestartLiquidation()
    {
        if (!IsInLiquidation)
            return;
        _liquidation = new LiquidationState
        {
            Number = _liquidation.Number + 1,
            Phase = LiquidationPhase.Pools,
            Symbol = -1,
        };
    }
}
