using System.Runtime.InteropServices;

namespace Exchange.Core.Marks;

/// <summary>A mark price as it is sent to the symbol's book and to every table of marks.</summary>
/// <param name="Number">Counts 1, 2, 3 … per symbol.</param>
/// <param name="Ticks">Within what may be traded.</param>
/// <param name="TimeMs">Of the input that set it.</param>
/// <param name="Gap">Of this update and the one before; it comes along, since a table may not have heard of every update.</param>
public readonly record struct MarkUpdate(ulong Number, long Ticks, long TimeMs, MarkGap Gap = default);

/// <summary>A funding round to be paid now.</summary>
/// <param name="Id">Settlement time in ms, a whole multiple of the interval; a round that had to wait keeps it.</param>
/// <param name="RateE8">Fixed when the interval ended.</param>
/// <param name="MarkTicks">The mark it is paid at.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FundingRound(long Id, long RateE8, long MarkTicks);

/// <summary>What one input of a <see cref="Mark"/> produced; reused, so read it before the next input.</summary>
/// <remarks>To be worked in this order: the mark with its wakes (<see cref="Mark.Alarms"/>), then the funding round.</remarks>
public sealed class MarkOutput
{
    /// <summary>Index: why it was refused. A refused input changes nothing but the time.</summary>
    public RejectReason Outcome { get; internal set; }

    /// <summary>Range: it was newer than the one there, and counts.</summary>
    public bool IsRangeTaken { get; internal set; }

    /// <summary>A new mark; also when its price is the old one, since it is a liquidation instant.</summary>
    public bool HasMark { get; private set; }

    public MarkUpdate Mark { get; private set; }

    public bool HasFunding { get; private set; }

    public FundingRound Funding { get; private set; }

    public void Clear()
    {
        Outcome = RejectReason.None;
        IsRangeTaken = false;
        HasMark = false;
        HasFunding = false;
    }

    internal void Set(in MarkUpdate mark)
    {
        HasMark = true;
        Mark = mark;
    }

    internal void Set(in FundingRound funding)
    {
        HasFunding = true;
        Funding = funding;
    }
}
