using System.Diagnostics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Cli.Benchmarks;

/// <summary>Times the order book on a workload, in turn with the reference book so that both meet the same weather.</summary>
internal sealed class BookBenchmark(WorkloadFile file, ReferenceBook? reference, int symbols, int rounds)
{
    private const int RunsPerRound = 3;
    private const long LeastWarmUpNs = 1_000_000_000;
    private readonly List<double> _cpuNs = [];
    private readonly List<double> _wallNs = [];
    private readonly List<double> _referenceCpuNs = [];
    private readonly List<double> _referenceWallNs = [];
    private readonly List<Latencies> _latencies = [];
    private long _allocatedBytes;
    private string? _referenceHash;
    private BookDriver? _last;

    private int TimedOperations => file.Records.Length - file.Prefill;

    /// <summary>Percentiles of one latency run, nanoseconds, timer included.</summary>
    private readonly record struct Latencies(double P50Ns, double P99Ns, double P999Ns);

    public BookReport Run(Action<double> progress)
    {
        WarmUp();
        for (int round = 0; round < rounds; round++)
        {
            progress((double)round / rounds);
            for (int run = 0; run < RunsPerRound; run++)
                TimeRun();
            TimeOperations();
            if (reference is not null)
                TimeReference(reference);
        }

        SymbolTimes? times = symbols == 1 ? null : TimeSymbols();
        progress(1);
        return Report(times);
    }

    /// <summary>Until the runtime has compiled the path for good: it counts calls, then compiles beside the running program.</summary>
    private void WarmUp()
    {
        long start = ThreadClock.CpuNs();
        for (int run = 0; run < 2 || ThreadClock.CpuNs() - start < LeastWarmUpNs; run++)
        {
            BookDriver driver = Prefilled();
            driver.ApplyAll(file.Records.AsSpan(file.Prefill));
        }
    }

    private BookDriver Prefilled()
    {
        var driver = new BookDriver();
        driver.ApplyAll(file.Records.AsSpan(0, file.Prefill));
        return driver;
    }

    private void TimeRun()
    {
        BookDriver driver = Prefilled();
        ReadOnlySpan<WorkloadRecord> records = file.Records.AsSpan(file.Prefill);
        GC.Collect(); // One in the middle would count what is left of the thread's allocation buffer as allocated.
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long wall = Stopwatch.GetTimestamp();
        long cpu = ThreadClock.CpuNs();
        driver.ApplyAll(records);
        cpu = ThreadClock.CpuNs() - cpu;
        double wallNs = Stopwatch.GetElapsedTime(wall).TotalNanoseconds;
        _allocatedBytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
        _wallNs.Add(wallNs / records.Length);
        _cpuNs.Add((double)cpu / records.Length);
        _last = driver;
    }

    /// <summary>Each record by itself. Acknowledgements are inputs of other moments: the runs' cost has them, a record's time has not.</summary>
    private void TimeOperations()
    {
        BookDriver driver = Prefilled();
        uint[] ticks = new uint[TimedOperations];
        for (int i = 0; i < ticks.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            driver.Apply(in file.Records[file.Prefill + i]);
            ticks[i] = (uint)Math.Min(uint.MaxValue, Stopwatch.GetTimestamp() - start);
            if (driver.MustAcknowledge)
                driver.Acknowledge();
        }

        ticks.AsSpan().Sort();
        double nsPerTick = 1e9 / Stopwatch.Frequency;
        double At(double share) => ticks.Length == 0 ? 0 : ticks[(int)(share * (ticks.Length - 1))] * nsPerTick;
        _latencies.Add(new Latencies(At(0.5), At(0.99), At(0.999)));
    }

    private void TimeReference(ReferenceBook book)
    {
        ReferenceBook.Run run = book.Measure(RunsPerRound);
        _referenceHash = run.TapeHash;
        _referenceCpuNs.Add(run.CpuNs);
        _referenceWallNs.Add(run.WallNs);
    }

    /// <summary>One book alone; many, each as its turn comes; many, their memory asked for ahead.</summary>
    private SymbolTimes TimeSymbols()
    {
        double oneNs = TimeWarm(1, fetchAhead: false);
        double unaidedNs = TimeWarm(symbols, fetchAhead: false);
        return new SymbolTimes(oneNs, unaidedNs, TimeWarm(symbols, fetchAhead: true), reference?.MeasureSymbols(symbols));
    }

    /// <summary>The third of three passes: in the first two the runtime is still compiling what only this does.</summary>
    private double TimeWarm(int books, bool fetchAhead)
    {
        double ns = 0;
        for (int pass = 0; pass < 3; pass++)
            ns = new SymbolsBenchmark(file, books).Time(fetchAhead);
        return ns;
    }

    private sealed record SymbolTimes(double OneNs, double UnaidedNs, double AheadNs, double? ReferenceNs);

    private BookReport Report(SymbolTimes? times)
    {
        BookDriver driver = _last!;
        OrderBook book = driver.Book;
        book.CheckInvariants();
        Latencies quietest = _latencies.MinBy(run => run.P999Ns);
        string hash = driver.TapeHash.ToString("x16");
        bool isCompared = _referenceCpuNs.Count != 0;
        double cpu = Round(_cpuNs.Min());
        double wall = Round(Median(_wallNs));
        double? referenceCpu = isCompared ? _referenceCpuNs.Min() : null;
        double? referenceWall = isCompared ? Median(_referenceWallNs) : null;
        return new BookReport
        {
            Operations = TimedOperations,
            NsPerOperation = cpu,
            MedianNsPerOperation = Round(Median(_cpuNs)),
            WallNsPerOperation = wall,
            P50Ns = Round(quietest.P50Ns),
            P99Ns = Round(quietest.P99Ns),
            P999Ns = Round(quietest.P999Ns),
            AllocatedBytes = _allocatedBytes,
            Trades = driver.TradeCount,
            TradedQuantity = driver.TradedLots,
            TapeHash = hash,
            BestBid = book.BestBidTicks,
            BestAsk = book.BestAskTicks,
            RestingOrders = book.OpenOrderCount,
            RestingQuantity = RestingLots(book),
            ReferenceNsPerOperation = referenceCpu,
            ReferenceMedianNsPerOperation = isCompared ? Median(_referenceCpuNs) : null,
            ReferenceWallNsPerOperation = referenceWall,
            Ratio = Round(cpu / referenceCpu),
            WallRatio = Round(wall / referenceWall),
            ReferenceAgrees = isCompared ? hash == _referenceHash : null,
            Symbols = symbols,
            SymbolsNsPerOperation = Round(times?.AheadNs),
            SymbolsRatio = Round(times?.AheadNs / times?.OneNs),
            UnaidedSymbolsNsPerOperation = Round(times?.UnaidedNs),
            ReferenceSymbolsNsPerOperation = times?.ReferenceNs,
        };
    }

    private static long RestingLots(OrderBook book)
    {
        var levels = new (long PriceTicks, long Lots)[book.OpenOrderCount];
        long lots = 0;
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            foreach ((_, long levelLots) in levels.AsSpan(0, book.CopyLevels(side, levels)))
                lots += levelLots;
        }

        return lots;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private static double Round(double value) => Math.Round(value, 3);

    private static double? Round(double? value) => value is { } known ? Round(known) : null;
}
