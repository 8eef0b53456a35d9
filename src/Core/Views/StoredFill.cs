using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>One account's side of a trade as the views keep it: 88 bytes, blittable, written to snapshots as it lies.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredFill
{
    /// <summary>Counts 1, 2, 3 … over all accounts: the cursor of its pages.</summary>
    public ulong Number;
    public ulong TradeId;
    public ulong OrderId;
    public long PriceTicks;
    public long Lots;
    public long FeeE8;
    public long RealisedE8;
    public long TimeMs;
    public ulong Sequence;
    public uint Account;
    public int Symbol;
    public Side Side;
    public PositionSide PositionSide;
    public FeedFlags Flags;

    public static StoredFill From(in FeedEvent e) => new()
    {
        TradeId = (ulong)e.Other,
        OrderId = e.Id,
        PriceTicks = e.PriceTicks,
        Lots = e.Lots,
        FeeE8 = e.Amount,
        RealisedE8 = e.Money,
        TimeMs = e.TimeMs,
        Sequence = e.Sequence,
        Account = e.Account,
        Symbol = e.Symbol,
        Side = e.Side,
        PositionSide = e.PositionSide,
        Flags = e.Flags,
    };

    public readonly FillView ToView() => new(
        TradeId, OrderId, Account, Symbol, Side, PositionSide, PriceTicks, Lots, FeeE8, RealisedE8,
        Has(FeedFlags.Maker), Has(FeedFlags.Liquidation), Has(FeedFlags.Adl), TimeMs, Sequence,
        Has(FeedFlags.Settlement));

    private readonly bool Has(FeedFlags flag) => (Flags & flag) != 0;
}
