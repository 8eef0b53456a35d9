using System.Globalization;

namespace Exchange.Cli.Benchmarks;

/// <summary>CPU time of this process's threads by name, from the kernel's accounts (10 ms grain); zeros where there are none.</summary>
internal readonly record struct EngineStages(double EngineNs, double PublisherNs, double JournalNs, double ReplicaNs, double OtherNs)
{
    private const double NsPerClockTick = 10_000_000; // USER_HZ is 100 on Linux.

    public static EngineStages Read()
    {
        double engine = 0;
        double publisher = 0;
        double journal = 0;
        double replica = 0;
        double other = 0;
        if (!Directory.Exists("/proc/self/task"))
            return default;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(task, "stat"));
            }
            catch (IOException)
            {
                continue; // The thread has ended.
            }

            string name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ns = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * NsPerClockTick;
            switch (name)
            {
                case "Engine": engine += ns; break;
                case "Publisher": publisher += ns; break;
                case "Journal writer" or "Journal prepare": journal += ns; break;
                case "Replica": replica += ns; break;
                default: other += ns; break;
            }
        }

        return new EngineStages(engine, publisher, journal, replica, other);
    }

    /// <summary>The difference, per command.</summary>
    public EngineStages Since(in EngineStages before, long commands) => new(
        (EngineNs - before.EngineNs) / commands,
        (PublisherNs - before.PublisherNs) / commands,
        (JournalNs - before.JournalNs) / commands,
        (ReplicaNs - before.ReplicaNs) / commands,
        (OtherNs - before.OtherNs) / commands);
}

/// <summary>One timed run.</summary>
internal sealed record EngineRun
{
    public required long Commands { get; init; }

    public required double Seconds { get; init; }

    public required LatencyHistogram Latencies { get; init; }

    /// <summary>CPU nanoseconds a command, by thread.</summary>
    public required EngineStages Stages { get; init; }

    public required long Records { get; init; }

    public double PerSecond => Commands / Seconds;
}
