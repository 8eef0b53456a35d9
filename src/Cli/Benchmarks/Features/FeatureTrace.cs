namespace Exchange.Cli.Benchmarks.Features;

/// <summary>Who asks for which feature when, evenly in time; a function of its seed.</summary>
internal sealed class FeatureTrace
{
    public const int Symbols = 1_000;
    public const int Intervals = 16;
    private const double Skew = 0.99;

    /// <summary>Of price, news, features and fundamentals.</summary>
    private static ReadOnlySpan<long> LivesMs => [60_000, 300_000, 1_800_000, 3_600_000];

    private FeatureTrace(int requests, double perSecond)
    {
        Keys = new int[requests];
        TimesMs = new long[requests];
        for (int i = 0; i < requests; i++)
            TimesMs[i] = (long)(i / perSecond * 1_000);
    }

    /// <summary>Zipf(0.99) over all keys at once, which are ranked by lot.</summary>
    public static FeatureTrace OverKeys(int requests, double perSecond, int seed)
    {
        var random = new Random(seed);
        var keys = new Zipf(KeyCount, Skew, random);
        var trace = new FeatureTrace(requests, perSecond);
        for (int i = 0; i < requests; i++)
            trace.Keys[i] = keys.Next();
        return trace;
    }

    /// <summary>Zipf(0.99) over symbols, over kinds and over intervals, each for itself, which are ranked by lot.</summary>
    public static FeatureTrace OverParts(int requests, double perSecond, int seed)
    {
        var random = new Random(seed);
        var symbols = new Zipf(Symbols, Skew, random);
        var kinds = new Zipf(LivesMs.Length, Skew, random);
        var intervals = new Zipf(Intervals, Skew, random);
        var trace = new FeatureTrace(requests, perSecond);
        for (int i = 0; i < requests; i++)
            trace.Keys[i] = (symbols.Next() * LivesMs.Length + kinds.Next()) * Intervals + intervals.Next();
        return trace;
    }

    public static int KeyCount => Symbols * LivesMs.Length * Intervals;

    public int[] Keys { get; }

    public long[] TimesMs { get; }

    public static int ClassOf(int key) => key / Intervals % LivesMs.Length;

    public static long LifeMsOf(int key) => LivesMs[ClassOf(key)];

    /// <summary>Draws of 0 to a count; which of them is drawn most is by lot.</summary>
    private sealed class Zipf
    {
        private readonly Random _random;
        private readonly int[] _byRank;
        private readonly double[] _reached;

        public Zipf(int count, double skew, Random random)
        {
            _random = random;
            _byRank = [.. Enumerable.Range(0, count)];
            random.Shuffle(_byRank);
            _reached = new double[count];
            double sum = 0;
            for (int rank = 0; rank < count; rank++)
                _reached[rank] = sum += Math.Pow(rank + 1, -skew);
        }

        public int Next()
        {
            int rank = Array.BinarySearch(_reached, _random.NextDouble() * _reached[^1]);
            return _byRank[Math.Min(rank >= 0 ? rank : ~rank, _byRank.Length - 1)];
        }
    }
}
