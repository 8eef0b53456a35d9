using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>Money that moved into or out of one purse of an account: 64 bytes, blittable, written to snapshots as it lies.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredMovement
{
    /// <summary>Counts 1, 2, 3 … per account: the cursor of its pages, and what tells that older ones were dropped.</summary>
    public ulong Number;
    public ulong TradeId;
    public long AmountE8;
    public long BalanceE8;
    public long TimeMs;
    public ulong Sequence;
    public uint Account;

    /// <summary>-1: of none.</summary>
    public int Symbol;
    public BalanceCause Cause;

    /// <summary>Isolated only: whose margin.</summary>
    public PositionSide PositionSide;
    public bool IsIsolated;

    public readonly MovementView ToView() =>
        new(Number, Account, Symbol, PositionSide, IsIsolated, Cause, TradeId, AmountE8, BalanceE8, TimeMs, Sequence);
}
