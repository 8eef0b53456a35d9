using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Port;

/// <summary>What the venue tells its readers, in the order it happened, once it is durable.</summary>
public enum FeedKind : byte
{
    None = 0,

    /// <summary>Public trade: Id trade, PriceTicks, Lots, Side of the taker.</summary>
    Trade = 1,

    /// <summary>A level's new total: Side, PriceTicks, Lots (0: gone); Id numbers the symbol's depth changes 1, 2, 3 …</summary>
    Level = 2,

    /// <summary>Mark, index or state of a symbol changed: PriceTicks mark, Amount index in 1e-8, Other funding rate as it would be now in 1e-8, Id next
    /// settlement in ms.</summary>
    Mark = 3,

    /// <summary>An order was accepted: Id, PriceTicks, Lots total; its terms and client id are in the command of the same sequence.</summary>
    OrderAccepted = 10,

    /// <summary>An order changed: Id, Status, Reason, Lots total, Other filled, PriceTicks (0: as it was).</summary>
    OrderUpdated = 11,

    /// <summary>One account's side of a trade: Id order, Other trade id, PriceTicks, Lots, Amount fee, Money realised.</summary>
    Fill = 12,

    /// <summary>The wallet changed: Amount by how much, Money wallet after, Reason a <see cref="BalanceCause"/>, Other trade id (0: none).</summary>
    Balance = 13,

    /// <summary>A position changed: Lots now (signed), Amount cost, Money isolated margin; Reason and Other as of a balance.</summary>
    Position = 14,

    /// <summary>A close of a liquidation begins: Id liquidation, Other step, PriceTicks bankruptcy price, Lots to close.</summary>
    Liquidation = 15,

    /// <summary>The insurance fund moved: Amount into it, Money fund after.</summary>
    Insurance = 16,

    /// <summary>A setting of the account changed (leverage, modes).</summary>
    Setting = 17,

    /// <summary>An instrument was listed or its state changed: Reason the state.</summary>
    Instrument = 18,

    /// <summary>A funding round was settled: Id settlement time in ms, Amount rate in 1e-8, PriceTicks the mark it was paid at.</summary>
    Funding = 19,
}

/// <summary>Why a wallet changed.</summary>
public enum BalanceCause : byte
{
    None = 0,
    Deposit = 1,
    Withdrawal = 2,
    Fill = 3,
    Funding = 4,
    MarginTransfer = 5,
    Liquidation = 6,
    Adl = 7,
    BadDebt = 8,

    /// <summary>A position closed because its symbol was delisted.</summary>
    Settlement = 9,
}

/// <summary>One event for readers behind the journal: 80 bytes, blittable. Prices in ticks, quantities in lots, money in 1e-8.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FeedEvent
{
    /// <summary>Journal sequence of the input that caused it.</summary>
    public ulong Sequence;

    public long TimeMs;
    public FeedKind Kind;
    public Side Side;
    public OrderStatus Status;

    /// <summary>An <see cref="EndReason"/>, a <see cref="BalanceCause"/> or a <see cref="TradingState"/>.</summary>
    public byte Reason;
    public PositionSide PositionSide;

    public FeedFlags Flags;

    public uint Account;
    public int Symbol;
    public ulong Id;
    public long PriceTicks;
    public long Lots;
    public long Other;
    public long Amount;
    public long Money;

    public readonly bool Has(FeedFlags flag) => (Flags & flag) != 0;
}
