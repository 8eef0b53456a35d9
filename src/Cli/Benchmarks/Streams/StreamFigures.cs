namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>What was measured of one way to send, turn by turn.</summary>
internal sealed class StreamFigures
{
    private readonly List<double> _cpuUs = [];

    /// <summary>From what caused a message to its arrival, in ticks of the clock.</summary>
    public List<long> Latencies { get; } = [];

    /// <summary>CPU time of the server for a message to one subscriber, of each turn.</summary>
    public IReadOnlyList<double> CpuUs => _cpuUs;

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public void Add(Listeners listeners, List<long> sent, TimeSpan cpu)
    {
        foreach ((int message, long at) in listeners.Arrivals)
            Latencies.Add(at - sent[message]);
        Messages += listeners.Arrivals.Count;
        Bytes += listeners.Messages.Sum(message => (long)message.Length) * listeners.Count;
        _cpuUs.Add(cpu.TotalMicroseconds / listeners.Arrivals.Count);
    }

    /// <summary>The smallest latency that so many parts of 1,000 did not exceed, in ms.</summary>
    public double LatencyMs(int permille, long frequency)
    {
        Latencies.Sort();
        return Latencies[(int)((Latencies.Count - 1L) * permille / 1_000)] * 1_000.0 / frequency;
    }
}
