using Exchange.Core.Units;

namespace Exchange.Core.Marks;

/// <summary>The price positions are judged at: the median of three, so that no single one can be pushed (docs/rules/funding.md 8.3).</summary>
/// <remarks>
/// Each is an exact fraction rounded half up to the tick. Rounding keeps the order, so the median of the rounded is the
/// rounded median: nothing is rounded twice.
/// </remarks>
public static class MarkPrice
{
    /// <summary>Index moved by the part of the last funding that is still to come: index * (1 + rate * msToFunding / interval).</summary>
    public static long FundedIndexTicks(long indexE8, long lastRateE8, long msToFunding, long intervalMs, long tickE8)
    {
        Int128 scale = (Int128)Rounding.OneE8 * intervalMs;
        return Rounding.HalfUpDiv(indexE8 * (scale + (Int128)lastRateE8 * msToFunding), scale * tickE8);
    }

    /// <summary>Index plus the mean basis of the window; the index itself while the window is empty.</summary>
    public static long BasisTicks(long indexE8, BasisWindow window, long tickE8)
    {
        int doubledCount = window.Count * 2;
        return doubledCount == 0
            ? IndexTicks(indexE8, tickE8)
            : Rounding.HalfUpDiv((Int128)indexE8 * doubledCount + window.DoubledSumE8, (Int128)doubledCount * tickE8);
    }

    public static long IndexTicks(long indexE8, long tickE8) => Rounding.HalfUpDiv(indexE8, tickE8);

    public static long Median(long first, long second, long third) =>
        Math.Max(Math.Min(first, second), Math.Min(Math.Max(first, second), third));
}
