using System.Diagnostics;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Benchmarks.Features;

/// <summary>Measures what features cost; on one thread, by its processor time where others could disturb.</summary>
internal static class FeatureBenchmark
{
    private const int Symbols = 1_000;
    private const int KeptUpSeconds = 130;

    public static FeatureReport Run(int requests, double perSecond, int seed)
    {
        IndicatorSet set = IndicatorSet.Standard;
        double updateNs = Enumerable.Range(0, 3).Select(_ => UpdateNs(set, seed)).Min();
        double share = ShareOfCore(set, seed);

        var overKeys = FeatureTrace.OverKeys(requests, perSecond, seed);
        (double readNs, double computeNs) = ReadAgainstCompute(set, seed);
        return new FeatureReport(
            IndicatorCatalogue.All.Length, set.Labels.Length, updateNs, share, KeptUpSeconds, HitP50Ns(overKeys), FeatureTrace.KeyCount,
            HitRatesOf(overKeys), HitRatesOf(FeatureTrace.OverParts(requests, perSecond, seed)), readNs, computeNs);
    }

    private static HitRates HitRatesOf(FeatureTrace trace)
    {
        const int Tenth = 10;
        int room = FeatureTrace.KeyCount / Tenth;
        double requests = trace.Keys.Length;
        return new HitRates(
            HitsOf(trace, FeatureTrace.KeyCount) / requests, HitsOf(trace, room) / requests, ClairvoyantCache.HitsOf(trace, room) / requests,
            ClairvoyantCache.HitsOfMostAsked(trace, room) / requests, LruHits(trace, room) / requests);
    }

    /// <summary>Over many symbols in turn, so that their states come from memory as they would.</summary>
    private static double UpdateNs(IndicatorSet set, int seed)
    {
        const int Turns = 300;
        const int InTurn = 200;
        Bar[] bars = Bars(Turns, seed);
        double[][] states = [.. Enumerable.Range(0, InTurn).Select(_ => new double[set.StateLength])];
        double[] values = new double[set.Labels.Length];
        long began = 0;
        for (int turn = 0; turn < Turns; turn++)
        {
            if (turn == Turns / 3)
                began = ThreadClock.CpuNs();   // Windows are full, and the code is compiled.
            foreach (double[] state in states)
                set.Add(state, in bars[turn], isSessionBegin: false, values);
        }

        return (double)(ThreadClock.CpuNs() - began) / (Turns - Turns / 3) / InTurn;
    }

    private static double ShareOfCore(IndicatorSet set, int seed)
    {
        var market = new BenchmarkMarket(Symbols, seed);
        var features = new MarketFeatures(new ComputedFeatures(set), kept: 60);
        market.MoveTo(60);
        features.Advance(market.Views, market.Instruments, int.MaxValue);
        long began = ThreadClock.CpuNs();
        long markets = 0;
        for (int second = 61; second <= 60 + KeptUpSeconds; second++)
        {
            long before = ThreadClock.CpuNs();
            market.MoveTo(second);
            markets += ThreadClock.CpuNs() - before;
            for (int pass = 0; pass < 10; pass++)
                features.Advance(market.Views, market.Instruments, int.MaxValue);
        }

        return (ThreadClock.CpuNs() - began - markets) / 1e9 / KeptUpSeconds;
    }

    private static int HitsOf(FeatureTrace trace, int room)
    {
        var cache = new TinyLfuCache<int, double>(room, 1, room);
        int hits = 0;
        for (int i = 0; i < trace.Keys.Length; i++)
        {
            int key = trace.Keys[i];
            long nowMs = trace.TimesMs[i];
            if (cache.TryGet(key, nowMs, out _))
                hits++;
            else
                cache.Put(key, key, 1, nowMs + FeatureTrace.LifeMsOf(key), nowMs);
        }

        return hits;
    }

    /// <summary>Of names such as the venue's, each timed by itself: the clock's own time is in it.</summary>
    private static double HitP50Ns(FeatureTrace trace)
    {
        const int Most = 1_000_000;
        var cache = new TinyLfuCache<string, double>(FeatureTrace.KeyCount, 1, FeatureTrace.KeyCount, StringComparer.Ordinal);
        string[] names = [.. Enumerable.Range(0, FeatureTrace.KeyCount).Select(key =>
            $"SYM{key / FeatureTrace.Intervals / 4}USDT:indicator:{CandleIntervals.All[key % FeatureTrace.Intervals].Text()}:sma-{FeatureTrace.ClassOf(key)}")];
        foreach (string name in names)
            cache.Put(name, 1, 1, long.MaxValue, 0);
        var hits = new LatencyHistogram();
        foreach (int key in trace.Keys.Take(Most))
        {
            long began = Stopwatch.GetTimestamp();
            cache.TryGet(names[key], 0, out _);
            hits.Add(Stopwatch.GetTimestamp() - began);
        }

        return hits.QuantileUs(0.5) * 1_000;
    }

    private static int LruHits(FeatureTrace trace, int room)
    {
        var places = new Dictionary<int, LinkedListNode<(int Key, long ExpiresMs)>>();
        var order = new LinkedList<(int Key, long ExpiresMs)>();
        int hits = 0;
        for (int i = 0; i < trace.Keys.Length; i++)
        {
            int key = trace.Keys[i];
            long expiresMs = trace.TimesMs[i] + FeatureTrace.LifeMsOf(key);
            if (places.Remove(key, out LinkedListNode<(int Key, long ExpiresMs)>? node))
            {
                order.Remove(node);
                if (node.Value.ExpiresMs > trace.TimesMs[i])
                {
                    hits++;
                    expiresMs = node.Value.ExpiresMs;
                }
            }

            places.Add(key, order.AddFirst((key, expiresMs)));
            if (places.Count <= room)
                continue;
            places.Remove(order.Last!.Value.Key);
            order.RemoveLast();
        }

        return hits;
    }

    /// <summary>Each indicator alone over the candles that are kept, against a read of one of its outputs; the mean of all.</summary>
    private static (double ReadNs, double ComputeNs) ReadAgainstCompute(IndicatorSet set, int seed)
    {
        const int Candles = Core.Limits.CandlesPerInterval;
        const int Rounds = 3;
        var market = new BenchmarkMarket(1, seed);
        market.MoveTo(Candles);
        var features = new MarketFeatures(new ComputedFeatures(set), kept: 240);
        features.Advance(market.Views, market.Instruments, int.MaxValue);
        SymbolFeatures symbol = features.Of(0)!;
        ComputedFeature[] ofSeconds = [.. features.Features.All.Where(feature => feature.Interval == CandleInterval.OneSecond && !feature.IsOfBook)];
        double reads = Best(Rounds, () =>
        {
            for (int turn = 0; turn < 10_000; turn++)
            {
                foreach (ref readonly ComputedFeature feature in ofSeconds.AsSpan())
                    symbol.At(in feature, long.MaxValue);
            }
        });

        double computed = 0;
        foreach (IndicatorKind kind in IndicatorCatalogue.All)
        {
            IndicatorSet.TryMake([kind.Name], out IndicatorSet? alone);
            computed += Best(10 * Rounds, () => Compute(alone!, market));
        }

        return (reads / 10_000 / ofSeconds.Length, computed / IndicatorCatalogue.All.Length);
    }

    private static void Compute(IndicatorSet set, BenchmarkMarket market)
    {
        double[] state = new double[set.StateLength];
        double[] values = new double[set.Labels.Length];
        foreach (Candle candle in market.Views.GetCandles(0, CandleInterval.OneSecond, 0, long.MaxValue, Core.Limits.CandlesPerInterval, CandlePrice.Trade).Items)
        {
            var bar = new Bar(candle.OpenTicks / 1e4, candle.HighTicks / 1e4, candle.LowTicks / 1e4, candle.CloseTicks / 1e4, (double)candle.Lots / 1e4);
            set.Add(state, in bar, isSessionBegin: false, values);
        }
    }

    /// <summary>Processor time of the fastest round, nanoseconds.</summary>
    private static double Best(int rounds, Action round)
    {
        double best = double.MaxValue;
        for (int i = 0; i <= rounds; i++)
        {
            long began = ThreadClock.CpuNs();
            round();
            if (i > 0)
                best = Math.Min(best, ThreadClock.CpuNs() - began);   // The first one is compiled and slow.
        }

        return best;
    }

    private static Bar[] Bars(int count, int seed)
    {
        var random = new Random(seed);
        var bars = new Bar[count];
        double last = 30_000;
        for (int i = 0; i < count; i++)
        {
            double close = last + (random.NextDouble() - 0.5) * 20;
            bars[i] = new Bar(last, Math.Max(last, close) + random.NextDouble(), Math.Min(last, close) - random.NextDouble(), close, random.Next(1, 1_000));
            last = close;
        }

        return bars;
    }
}
