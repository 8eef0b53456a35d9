namespace Exchange.Cli.Benchmarks;

/// <summary>What was measured of one kind of load, turn by turn.</summary>
internal sealed class LoadFigures
{
    private readonly List<double> _perSecond = [];

    /// <summary>In ticks of the clock.</summary>
    public List<long> Latencies { get; } = new(1 << 20);

    /// <summary>Requests a second, of each turn.</summary>
    public IReadOnlyList<double> PerSecond => _perSecond;

    public int Requests { get; private set; }

    /// <summary>CPU time of the server over all turns; 0: not known.</summary>
    public double ServerCpuSeconds { get; private set; }

    public double? ServerCpuUs => ServerCpuSeconds > 0 && Requests > 0 ? ServerCpuSeconds * 1e6 / Requests : null;

    public void Add((int Requests, double Seconds) turn, double serverCpuSeconds)
    {
        Requests += turn.Requests;
        ServerCpuSeconds += serverCpuSeconds;
        _perSecond.Add(turn.Requests / turn.Seconds);
    }

    /// <summary>The smallest latency that so many parts of 1,000 of the requests did not exceed, in ms.</summary>
    public double LatencyMs(int permille, long frequency)
    {
        if (Latencies.Count == 0)
            return 0;
        Latencies.Sort();
        return Latencies[(int)((Latencies.Count - 1L) * permille / 1_000)] * 1_000.0 / frequency;
    }
}
