using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>What happened to an account in a book; numbered per (book, account), kept until acknowledged.</summary>
public enum BookEventKind : byte
{
    None = 0,

    /// <summary>An order is in: open, or WAITING if conditional.</summary>
    Accepted = 1,
    Triggered = 2,

    /// <summary>A reducing order was cut to what there is to reduce; Lots is the new total.</summary>
    Trimmed = 3,
    Amended = 4,

    /// <summary>A trade, once for the taker's account and once for the maker's.</summary>
    Fill = 5,
    Canceled = 6,
    Expired = 7,

    /// <summary>A funding payment: Amount is what the account gets (negative: pays).</summary>
    Funding = 8,

    /// <summary>A close of a liquidation begins: Lots to close at PriceTicks, the bankruptcy price.</summary>
    Liquidation = 9,

    /// <summary>A position moved at the bankruptcy price without a trade, once for each of the two accounts.</summary>
    Adl = 10,

    /// <summary>A clearance fee taken (Amount &lt; 0) or a shortfall paid in by the fund (Amount &gt; 0), as the account sees it.</summary>
    Insurance = 11,

    /// <summary>The close (L, step) is done: Amount is spent of the grant, PriceTicks earned in clearance fees (1e-8).</summary>
    Closed = 12,

    /// <summary>A position closed at the settlement price of a delisted symbol, without a trade or a fee.</summary>
    Settled = 13,
}

/// <summary>Details of a <see cref="BookEvent"/> that fit in bits.</summary>
[Flags]
public enum BookEventFlags : byte
{
    None = 0,
    Sell = 1,
    Maker = 2,

    /// <summary>Part of a liquidation's close, on the liquidated account's side.</summary>
    Liquidation = 4,

    /// <summary>Liquidation: a full close. Amended: the order kept its place.</summary>
    FullOrKept = 8,

    /// <summary>The counterparty of a fill is a liquidation's close.</summary>
    AgainstLiquidation = 16,

    /// <summary>Fill against a liquidation, maker's side: what the fill brought does not pay a rebate, so none is given.</summary>
    NoRebate = 32,
}

/// <summary>One event of a book's outbox: 80 bytes, blittable.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BookEvent
{
    /// <summary>Counts 1, 2, 3 … per (book, account).</summary>
    public ulong Number;

    public uint Account;
    public BookEventKind Kind;
    public BookEventFlags Flags;
    public EndReason Reason;
    public PositionSide PositionSide;

    /// <summary>The order concerned; 0 for a liquidation's close, which is no order. Liquidation, Closed: L.</summary>
    public ulong OrderId;

    public long PriceTicks;

    /// <summary>Fill, Adl, Settled: traded. Accepted, Triggered, Trimmed, Amended: new total. Canceled, Expired: what was left.</summary>
    public long Lots;

    /// <summary>What is left of the order after the event. Liquidation, Closed: step.</summary>
    public long LeavesLots;

    /// <summary>Fill: the other order (0: a liquidation). Accepted: <see cref="BookInput.CommandKey"/>. Adl: the other account.</summary>
    public ulong OtherId;

    /// <summary>Fill, Adl: trade id (Adl: 0). Funding, Insurance: money in 1e-8. Accepted, Amended: reserve price.</summary>
    public long Amount;

    public long TimeMs;

    /// <summary>The book's mark when it happened; the rule for isolated margin needs it. Accepted, Amended: worst price.</summary>
    public long MarkTicks;

    public readonly Side Side => (Flags & BookEventFlags.Sell) != 0 ? Side.Sell : Side.Buy;

    public readonly bool Has(BookEventFlags flag) => (Flags & flag) != 0;
}
