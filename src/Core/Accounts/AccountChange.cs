using System.Runtime.InteropServices;

namespace Exchange.Core.Accounts;

/// <summary>What a book event did to an account, for those who tell its user; money in 1e-8 USDT.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AccountChange
{
    /// <summary>Fee paid (negative: a rebate).</summary>
    public long FeeE8;

    /// <summary>Profit realised by a fill or an ADL.</summary>
    public long RealisedE8;

    /// <summary>By how much the wallet moved, and the wallet after.</summary>
    public long WalletDeltaE8;
    public long WalletE8;

    // The position concerned, after the event.
    public long PositionLots;
    public long CostE8;
    public long IsolatedE8;

    /// <summary>The order's total, as far as the account knows it; 0: no order of its mirror was concerned.</summary>
    public long OrderTotalLots;

    /// <summary>The position or its isolated margin changed.</summary>
    public bool IsPositionChanged;
}

/// <summary>What became of an event given to an account.</summary>
public enum EventOutcome : byte
{
    Applied = 0,

    /// <summary>Known already: nothing done.</summary>
    Repeat = 1,

    /// <summary>One before it is missing: nothing done; ask the book for what follows the last one applied.</summary>
    Gap = 2,
}

/// <summary>What an account moved since it was made, always growing but for rebates: what Clearing is told (docs/protocol.md 8).</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct AccountTotals(long FeesE8, long DepositsE8, long WithdrawalsE8, long FundSpentE8, long FundEarnedE8);
