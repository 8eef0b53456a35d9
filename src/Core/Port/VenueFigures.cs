namespace Exchange.Core.Port;

/// <summary>What a venue counts of itself since it started: plain counters that its threads write and operators' readers sample.</summary>
public sealed class VenueFigures
{
    /// <summary>Of the engine's inputs one in so many is timed.</summary>
    public const int InputsPerSample = 64;

    private const int SamplesKept = 4_096;
    private const int Kinds = (int)CommandKind.Time + 1;
    private readonly long[] _accepted = new long[Kinds];
    private readonly long[] _refused = new long[Kinds];
    private readonly long[] _shed = new long[Kinds];
    private readonly long[] _engineNs = new long[SamplesKept];
    private long _engineSamples;
    private long _trades;

    /// <summary>Trades executed, each once, liquidations' too.</summary>
    public long Trades => Volatile.Read(ref _trades);

    /// <summary>Commands of a kind that were carried out.</summary>
    public long Accepted(CommandKind kind) => Volatile.Read(ref _accepted[(int)kind]);

    /// <summary>Commands of a kind that the machines refused.</summary>
    public long Refused(CommandKind kind) => Volatile.Read(ref _refused[(int)kind]);

    /// <summary>Commands of a kind that were not taken for overload.</summary>
    public long Shed(CommandKind kind) => Volatile.Read(ref _shed[(int)kind]);

    /// <summary>How long the engine took over the timed inputs after the first <paramref name="seen"/>, ns; some may be lost to a reader that comes late.</summary>
    /// <param name="seen">How many there were at the last call; set to how many there are now.</param>
    /// <param name="into">Filled from the oldest that is still there.</param>
    /// <returns>How many were copied.</returns>
    public int CopyEngineSamples(ref long seen, Span<long> into)
    {
        long written = Volatile.Read(ref _engineSamples);
        long from = Math.Max(seen, written - Math.Min(SamplesKept, into.Length));
        seen = written;
        for (int i = 0; i < written - from; i++)
            into[i] = Volatile.Read(ref _engineNs[(int)((from + i) % SamplesKept)]);
        return (int)(written - from);
    }

    /// <summary>By the one thread that answers commands.</summary>
    public void CountCommand(CommandKind kind, bool isRefused)
    {
        ref long count = ref (isRefused ? _refused : _accepted)[(int)kind];
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>By the one thread that tells readers.</summary>
    public void CountTrades(int more) => Volatile.Write(ref _trades, _trades + more);

    /// <summary>By any thread.</summary>
    public void CountShed(CommandKind kind) => Interlocked.Increment(ref _shed[(int)kind]);

    /// <summary>By the engine's thread.</summary>
    public void SampleEngine(long ns)
    {
        _engineNs[(int)(_engineSamples % SamplesKept)] = ns;
        Volatile.Write(ref _engineSamples, _engineSamples + 1);
    }
}
