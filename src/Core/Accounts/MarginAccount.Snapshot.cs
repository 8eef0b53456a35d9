using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Accounts;

/// <content>Snapshots and the state hash.</content>
public sealed partial class MarginAccount
{
    private static readonly uint Tag = SnapshotTag.Of("ACCT");

    /// <summary>Writes the account.</summary>
    /// <param name="writer">Receives one section.</param>
    /// <param name="withOrders">
    /// True: all of it. False: what the account alone knows (docs/protocol.md 2): no open orders, nothing in flight, no ranges.
    /// </param>
    public void Write(SnapshotWriter writer, bool withOrders = true)
    {
        writer.BeginSection(Tag);
        writer.Write(withOrders);
        writer.Write(Id);
        writer.Write(Epoch);
        writer.Write(IsHedge);
        writer.Write(IsInLiquidation);
        writer.Write((byte)State);
        writer.Write(_walletE8);
        writer.WriteStruct(in _totals);
        writer.WriteStruct(in _liquidation);
        writer.WriteStructs<OpenClose>(OpenCloses);
        _transfers.Write(writer);
        int count = 0;
        foreach (SymbolState state in Symbols)
            count += state.IsBlank ? 0 : 1;
        writer.Write(count);
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsBlank)
                state.Write(writer, withOrders);
        }

        writer.EndSection();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, into a fresh account of the same id.</summary>
    /// <exception cref="SnapshotException">It is another account's, or damaged.</exception>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(_symbolCount == 0);
        reader.BeginSection(Tag);
        bool withOrders = reader.ReadBool();
        if (reader.ReadUInt32() != Id)
            throw new SnapshotException("The snapshot is another account's.");
        Epoch = reader.ReadUInt32();
        IsHedge = reader.ReadBool();
        IsInLiquidation = reader.ReadBool();
        State = (TradingState)reader.ReadByte();
        _walletE8 = reader.ReadInt64();
        _totals = reader.ReadStruct<AccountTotals>();
        _liquidation = reader.ReadStruct<LiquidationState>();
        _openCloses = reader.ReadStructs<OpenClose>(int.MaxValue);
        _openCloseCount = _openCloses.Length;
        _transfers.Read(reader);
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            SymbolState state = Add(reader.ReadInt32());
            state.Read(reader, withOrders);
            for (int flight = 0; flight < state.FlightCount; flight++)
                _heldE8 += state.Flights[flight].HoldE8;
        }

        reader.EndSection();
        _isWatched = false;
    }

    /// <summary>Adds all that decides anything; open orders without regard to their order.</summary>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Id);
        hasher.Add(IsHedge);
        hasher.Add(IsInLiquidation);
        hasher.Add((int)State);
        hasher.Add(_walletE8);
        hasher.Add(_totals.FeesE8);
        hasher.Add(_totals.DepositsE8);
        hasher.Add(_totals.WithdrawalsE8);
        hasher.Add(_totals.FundSpentE8);
        hasher.Add(_totals.FundEarnedE8);
        hasher.Add(_liquidation.Number);
        hasher.Add(_liquidation.Step);
        hasher.Add((int)_liquidation.Phase);
        hasher.Add(_liquidation.BackedE8);
        hasher.Add(_openCloseCount);
        _transfers.AddTo(ref hasher);
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsBlank)
                state.AddTo(ref hasher);
        }
    }
}
