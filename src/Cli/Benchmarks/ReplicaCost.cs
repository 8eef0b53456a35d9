using System.Globalization;

namespace Exchange.Cli.Benchmarks;

/// <summary>Both loops once more with a replica behind the journal: rates per second, latencies in microseconds, CPU nanoseconds a command.</summary>
internal sealed record ReplicaCost
{
    public required double CommandsPerSecond { get; init; }

    /// <summary>Against the closed loop without a replica, in the same run.</summary>
    public required double Ratio { get; init; }

    public required double P50Us { get; init; }

    public required double P99Us { get; init; }

    public required double EngineNs { get; init; }

    public required double ReplicaNs { get; init; }

    /// <summary>How far the replica was behind when the closed loop ended.</summary>
    public required ulong LagRecords { get; init; }

    /// <summary>What it then carried out while nothing else ran.</summary>
    public required double AlonePerSecond { get; init; }

    public required double OpenP50Us { get; init; }

    public required double OpenP99Us { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        with replica {CommandsPerSecond:N0} commands/s, {Ratio:F2} times as many; p50 {P50Us:N0} p99 {P99Us:N0} us; engine {EngineNs:N0}, replica {ReplicaNs:N0} ns each; open loop p50 {OpenP50Us:N0} p99 {OpenP99Us:N0} us
                     {LagRecords:N0} records behind at the end, then {AlonePerSecond:N0} a second
        """);
}
