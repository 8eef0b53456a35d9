using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <summary>What a liquidation needs done next (docs/rules/margin.md 7.3, docs/protocol.md 6).</summary>
public enum LiquidationStepKind : byte
{
    /// <summary>The liquidation is over; the account is free again.</summary>
    Done = 0,

    /// <summary>Cancel the pool's orders by id (LIQUIDATION): of Symbol, or with -1 of all symbols.</summary>
    CancelOrders = 1,

    /// <summary>Send Close to the book: Lots at BankruptcyTicks, without fund.</summary>
    Close = 2,

    /// <summary>Ask Clearing for up to AmountE8 and answer with <see cref="MarginAccount.LiquidationGranted"/>.</summary>
    Reserve = 3,

    /// <summary>Send CloseFull to the book: all that is left at BankruptcyTicks, with the grant AmountE8.</summary>
    CloseFull = 4,

    /// <summary>Tell Clearing what (L, Step) spent (AmountE8) and earned; then <see cref="MarginAccount.LiquidationSettled"/>.</summary>
    Settle = 5,

    /// <summary>As Reserve, for the debt that is left: what is granted is the account's.</summary>
    ReserveDebt = 6,
}

/// <summary>One step of a liquidation.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LiquidationStep
{
    /// <summary>L: counts up per account and is never used again.</summary>
    public ulong Liquidation;

    /// <summary>Reserve, Close, CloseFull: the most, nothing, the grant. Settle: spent.</summary>
    public long AmountE8;

    /// <summary>Settle: clearance fees earned.</summary>
    public long EarnedE8;
    public long Lots;
    public long BankruptcyTicks;

    /// <summary>Close, CloseFull: number of the book's last event the step was computed at.</summary>
    public ulong AsOf;
    public uint Step;
    public int Symbol;
    public LiquidationStepKind Kind;
    public PositionSide PositionSide;
}

/// <summary>A close that Clearing has not settled yet; kept durably.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenClose
{
    public ulong Liquidation;
    public long GrantE8;
    public long SpentE8;
    public long EarnedE8;
    public uint Step;

    /// <summary>The book it was sent to; -1: the payment of a debt.</summary>
    public int Symbol;

    /// <summary>What it spent and earned is known, so it can be settled.</summary>
    public bool IsKnown;
}
