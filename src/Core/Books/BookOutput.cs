using System.Runtime.InteropServices;

namespace Exchange.Core.Books;

/// <summary>What became of one command of a batch.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CommandOutcome(RejectReason Reason, ulong OrderId)
{
    public bool IsAccepted => Reason == RejectReason.None;
}

/// <summary>What one input of a book produced; reused, so read it before the next input.</summary>
/// <remarks>
/// Events are not copied: they stand in the book's outboxes, and this lists where, in the order they happened over all
/// accounts. Prices whose level changed are listed so that depth can be published without comparing books.
/// </remarks>
public sealed class BookOutput
{
    // Enough for nearly every sweep, so that a warm book does not allocate; they grow for the rest.
    private int[] _events = new int[1024];
    private long[] _touched = new long[256];

    /// <summary>Outcome of a command from an account, or of Register and Leave.</summary>
    public CommandOutcome Outcome { get; set; }

    /// <summary>The batch was a repeat: the outcomes are those of the first time, nothing was done.</summary>
    public bool IsRepeat { get; set; }

    public int EventCount { get; private set; }

    public int TouchedCount { get; private set; }

    /// <summary>CloseFull: money taken from the grant.</summary>
    public long SpentE8 { get; set; }

    /// <summary>CloseFull, Close: clearance fees earned for the fund.</summary>
    public long EarnedE8 { get; set; }

    /// <summary>FundingSlice: the round is done, and this remainder is the fund's.</summary>
    public bool RoundIsDone { get; set; }

    public long FundingRemainderE8 { get; set; }

    /// <summary>Handle of event <paramref name="index"/>, for <see cref="OrderBook.Event"/>.</summary>
    public int EventAt(int index) => _events[index];

    public long TouchedAt(int index) => _touched[index];

    public void Clear()
    {
        EventCount = 0;
        TouchedCount = 0;
        Outcome = default;
        IsRepeat = false;
        SpentE8 = 0;
        EarnedE8 = 0;
        RoundIsDone = false;
        FundingRemainderE8 = 0;
    }

    internal void AddEvent(int handle)
    {
        int count = EventCount;
        if ((uint)count >= (uint)_events.Length)
            Array.Resize(ref _events, count * 2);
        _events[count] = handle;
        EventCount = count + 1;
    }

    /// <summary>Notes a changed level; the same price twice in a row is noted once.</summary>
    internal void AddTouched(long priceTicks)
    {
        int count = TouchedCount;
        if (count > 0 && _touched[count - 1] == priceTicks)
            return;
        if ((uint)count >= (uint)_touched.Length)
            Array.Resize(ref _touched, count * 2);
        _touched[count] = priceTicks;
        TouchedCount = count + 1;
    }
}
