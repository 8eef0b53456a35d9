using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>What an <see cref="OrderBook"/> can be told (docs/protocol.md).</summary>
public enum BookInputKind : byte
{
    None = 0,

    // From accounts: part of a numbered batch (account, epoch, n).
    Place = 1,
    Amend = 2,
    Cancel = 3,
    CancelAll = 4,
    Countdown = 5,

    /// <summary>A liquidation's partial step: IOC at the bankruptcy price, without fund.</summary>
    Close = 6,

    /// <summary>A liquidation's full step: book, fund, auto-deleveraging in one input.</summary>
    CloseFull = 7,

    // From accounts: outside batches.
    Register = 16,
    Leave = 17,
    Acknowledge = 18,

    // From the venue.
    Mark = 32,
    Time = 33,
    WorkTriggers = 34,
    FundingRound = 35,
    FundingSlice = 36,
    SetState = 37,

    /// <summary>Closes the positions of the next accounts at the mark, and the symbol for good.</summary>
    Settle = 38,

    /// <summary>Cancels the orders of the next accounts: the symbol is halted, and about to be settled.</summary>
    Delist = 39,
}

/// <summary>One input of an <see cref="OrderBook"/>: blittable, journaled as it stands.</summary>
/// <remarks>One shape for all kinds; a field that a kind does not name is zero.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct BookInput
{
    /// <summary>Stamped by the host, not before the last one's.</summary>
    public long TimeMs;

    public BookInputKind Kind;

    /// <summary>Cancel, CancelAll: why (<see cref="EndReason.User"/>, Liquidation, Risk).</summary>
    public EndReason Reason;

    /// <summary>SetState: the new state.</summary>
    public TradingState State;

    /// <summary>Amend: the price or the total quantity is given.</summary>
    public OrderFields Fields;

    public uint Account;
    public uint Epoch;

    /// <summary>Number of the batch within the epoch, from 1.</summary>
    public uint Batch;

    /// <summary>Place of this command in its batch, from 0, and how many the batch has.</summary>
    public ushort Index;
    public ushort Count;

    /// <summary>Place: the id it gets if accepted. Amend, Cancel: the order meant.</summary>
    public ulong OrderId;

    /// <summary>Place: the whole order. Close, CloseFull: Terms.PositionSide names the leg.</summary>
    public OrderTerms Terms;

    /// <summary>Amend: new price. Mark: the mark price. FundingRound: the mark of the round. Settle: the mark, once more.</summary>
    public long PriceTicks;

    /// <summary>Amend: new total quantity, filled included. Close: lots to close.</summary>
    public long Lots;

    /// <summary>Place, Amend: the price its margin is reserved at.</summary>
    public long ReserveTicks;

    /// <summary>Place, Amend: the worst price it was checked with; a market order never trades beyond it. 0: none.</summary>
    public long WorstTicks;

    /// <summary>Close, CloseFull: the bankruptcy price.</summary>
    public long BankruptcyTicks;

    /// <summary>CloseFull: what Clearing granted. Countdown: ms (0 stops). FundingRound: the rate in 1e-8.</summary>
    public long Amount;

    /// <summary>Close, CloseFull, CancelAll: L of the liquidation. FundingRound, FundingSlice: id of the round.</summary>
    public ulong Liquidation;

    /// <summary>Close, CloseFull: step within L.</summary>
    public uint Step;

    /// <summary>FundingSlice, Delist, Settle: the most accounts whose turn it is. Settle: 0 is all.</summary>
    public uint SliceAccounts;

    /// <summary>Close: the event number it was computed at. Acknowledge: durable up to here. Mark: number of the mark.</summary>
    public ulong Number;

    /// <summary>Register, Acknowledge: equity of the pool of leg 0 and leg 1 at the account, 1e-8.</summary>
    public long Equity0E8;
    public long Equity1E8;

    /// <summary>
    /// Names a command among all of its account: epoch (its low 16 bits), batch, index. The epoch must be in it, since every
    /// activation counts its batches from 1 and one that is dead may hear of what the living one sent.
    /// </summary>
    public readonly ulong CommandKey => unchecked((ulong)(ushort)Epoch << 48 | (ulong)Batch << 16 | Index);

    /// <summary>Bench only: an amended post-only order that crosses trades as GTC instead of expiring.</summary>
    public bool PostOnlyTradesOnAmend;
}
