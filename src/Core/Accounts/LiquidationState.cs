using System.Runtime.InteropServices;

namespace Exchange.Core.Accounts;

/// <summary>Where an account's liquidation stands.</summary>
internal enum LiquidationPhase : byte
{
    None = 0,

    /// <summary>Looking for the next pool at or below its maintenance margin.</summary>
    Pools = 1,

    /// <summary>The pool's orders are being canceled.</summary>
    Canceling = 2,

    /// <summary>Orders are gone: what does the pool need now?</summary>
    Evaluating = 3,

    /// <summary>Clearing is asked for a grant.</summary>
    Reserving = 4,

    /// <summary>A close is at the book.</summary>
    Closing = 5,

    /// <summary>All pools are done; a debt may be left.</summary>
    Debt = 6,

    /// <summary>Clearing is asked to pay the debt.</summary>
    ReservingDebt = 7,
}

/// <summary>The whole of it; kept in snapshots.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LiquidationState
{
    /// <summary>L of the current or last liquidation.</summary>
    public ulong Number;

    /// <summary>The step that waits for its answer.</summary>
    public LiquidationStep Current;

    /// <summary>Size of the position when the current close was sent.</summary>
    public long SizeBeforeLots;

    /// <summary>Pools before this one (symbol * 2 + leg of isolated ones; <see cref="CrossPool"/>) are done.</summary>
    public long NextPool;

    /// <summary>The pool being worked, in the same numbers.</summary>
    public long Pool;

    /// <summary>What the fund may still pay for this pool's closes: what gaps of the marks took beyond maintenance (7.5).</summary>
    public long BackedE8;

    /// <summary>The position being closed; it is kept until it is gone. Symbol -1: none chosen.</summary>
    public int Symbol;
    public int Leg;
    public uint Step;
    public LiquidationPhase Phase;

    /// <summary>A partial close of the position was not filled: the next one is full.</summary>
    public bool MustCloseFull;

    public const long CrossPool = long.MaxValue - 1;
}
