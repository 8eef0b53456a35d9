using System.Runtime.CompilerServices;
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
    private LineArray<nint> _events = new(1024);
    private LineArray<long> _touched = new(256);

    private RejectReason _reason;
    private ulong _orderId;
    private bool _isRare;

    /// <summary>Outcome of a command from an account, or of Register and Leave.</summary>
    public CommandOutcome Outcome => new(_reason, _orderId);

    /// <summary>The batch was a repeat: the outcomes are those of the first time, nothing was done.</summary>
    public bool IsRepeat { get; private set; }

    public int EventCount { get; private set; }

    public int TouchedCount { get; private set; }

    /// <summary>CloseFull: money taken from the grant.</summary>
    public long SpentE8 { get; private set; }

    /// <summary>CloseFull, Close: clearance fees earned for the fund.</summary>
    public long EarnedE8 { get; private set; }

    /// <summary>FundingSlice: the round is done, and this remainder is the fund's.</summary>
    public bool RoundIsDone { get; private set; }

    public long FundingRemainderE8 { get; private set; }

    /// <summary>One of the events, in order; it stands in the book until it is acknowledged.</summary>
    public unsafe ref readonly BookEvent Event(int index)
    {
        Invariant.Holds(unchecked((uint)index < (uint)EventCount));
        return ref *(BookEvent*)_events[index];
    }

    public long TouchedAt(int index)
    {
        Invariant.Holds(unchecked((uint)index < (uint)TouchedCount));
        return _touched[index];
    }

    public void Clear()
    {
        EventCount = 0;
        TouchedCount = 0;
        Decide(RejectReason.None, 0);
        if (_isRare)
            ClearRare();
    }

    // In two fields: read back as one too soon after it is written in two, a struct waits for the memory.
    internal void Decide(RejectReason reason, ulong orderId)
    {
        _reason = reason;
        _orderId = orderId;
    }

    internal void Repeat(CommandOutcome outcome)
    {
        _isRare = true;
        IsRepeat = true;
        Decide(outcome.Reason, outcome.OrderId);
    }

    internal void EndClose(long spentE8, long earnedE8)
    {
        _isRare = true;
        SpentE8 = spentE8;
        EarnedE8 = earnedE8;
    }

    internal void EndFundingRound(long remainderE8)
    {
        _isRare = true;
        RoundIsDone = true;
        FundingRemainderE8 = remainderE8;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void AddEvent(ref BookEvent e)
    {
        int count = EventCount;
        if (count == _events.Length)
            _events.Grow(count * 2);
        _events[count] = (nint)Unsafe.AsPointer(ref e); // Events are pinned, and never move.
        EventCount = unchecked(count + 1);
    }

    /// <summary>Notes a changed level; the same price twice in a row is noted once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddTouched(long priceTicks)
    {
        unchecked
        {
            int count = TouchedCount;
            if (count != 0 && _touched[count - 1] == priceTicks)
                return;
            if (count == _touched.Length)
                _touched.Grow(count * 2);
            _touched[count] = priceTicks;
            TouchedCount = count + 1;
        }
    }

    private void ClearRare()
    {
        _isRare = false;
        IsRepeat = false;
        SpentE8 = 0;
        EarnedE8 = 0;
        RoundIsDone = false;
        FundingRemainderE8 = 0;
    }
}
