using System.Diagnostics;
using System.Numerics;

namespace Exchange.Cli.Benchmarks;

/// <summary>Latencies in buckets of at most 1.6 % width: constant memory, one increment each.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private readonly long[] _counts = new long[64 << SubBits];
    private long _max;

    public long Count { get; private set; }

    public double MaxUs => ToUs(_max);

    public void Add(long ticks)
    {
        if (ticks < 0)
            ticks = 0;
        Count++;
        _max = Math.Max(_max, ticks);
        _counts[BucketOf((ulong)ticks)]++;
    }

    /// <summary>Upper edge of the bucket that holds a quantile (0 to 1), microseconds.</summary>
    public double QuantileUs(double quantile)
    {
        long rank = (long)Math.Ceiling(quantile * Count);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
                return ToUs(Math.Min(_max, UpperEdge(bucket)));
        }

        return MaxUs;
    }

    private static int BucketOf(ulong value)
    {
        int shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount(value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long UpperEdge(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBits) - 1);
        long sub = bucket - ((long)shift << SubBits);
        return ((sub + 1) << shift) - 1;
    }

    private static double ToUs(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
