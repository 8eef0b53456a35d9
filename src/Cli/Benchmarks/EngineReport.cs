using System.Globalization;

namespace Exchange.Cli.Benchmarks;

/// <summary>What <c>exchange bench engine</c> found: rates per second, latencies in microseconds, CPU nanoseconds a command.</summary>
internal sealed record EngineReport
{
    public required long Commands { get; init; }

    public required double Seconds { get; init; }

    public required double CommandsPerSecond { get; init; }

    // Closed loop: acknowledgement latencies with the queue kept full.
    public required double P50Us { get; init; }

    public required double P99Us { get; init; }

    public required double P999Us { get; init; }

    public required double MaxUs { get; init; }

    // CPU by thread; the submitting thread includes everything that has no name.
    public required double EngineNs { get; init; }

    public required double PublisherNs { get; init; }

    public required double JournalNs { get; init; }

    public required double SubmitNs { get; init; }

    public required double BytesPerCommand { get; init; }

    // Open loop: from when a command should have gone out, so a stall counts for all that waited.
    public required double OpenRate { get; init; }

    public required double OpenP50Us { get; init; }

    public required double OpenP99Us { get; init; }

    public required double OpenP999Us { get; init; }

    public required double OpenMaxUs { get; init; }

    public required double RecoveryPerSecond { get; init; }

    /// <summary>Recovery against the closed loop of the same run.</summary>
    public required double RecoveryRatio { get; init; }

    /// <summary><c>exchange verify</c> of the same folder: as recovery, and accounts judge every command again.</summary>
    public required double VerifyPerSecond { get; init; }

    /// <summary>The same with a replica; null: not asked for.</summary>
    public ReplicaCost? Replica { get; init; }

    /// <summary>What metrics cost; null: not asked for.</summary>
    public MetricsCost? Metrics { get; init; }

    /// <summary>Number and quantity of trades are those of the workload as far as it was submitted.</summary>
    public required bool TradesAgree { get; init; }

    /// <summary>The journal, carried out again, leads to the state the engine had.</summary>
    public required bool HashAgrees { get; init; }

    public required string StateHash { get; init; }

    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""
        closed loop  {CommandsPerSecond:N0} commands/s over {Seconds:F1} s ({Commands:N0}); acknowledged after p50 {P50Us:N0} p99 {P99Us:N0} p99.9 {P999Us:N0} max {MaxUs:N0} us
        cpu ns each  engine {EngineNs:N0}, publisher {PublisherNs:N0}, journal {JournalNs:N0}, submitting {SubmitNs:N0}; {BytesPerCommand:F1} journal bytes a command
        open loop    {OpenRate:N0} commands/s; acknowledged after p50 {OpenP50Us:N0} p99 {OpenP99Us:N0} p99.9 {OpenP999Us:N0} max {OpenMaxUs:N0} us
        recovery     {RecoveryPerSecond:N0} commands/s, {RecoveryRatio:F2} times the closed loop; verified at {VerifyPerSecond:N0}
        checks       trades {(TradesAgree ? "agree" : "DIFFER")}, replayed state {(HashAgrees ? "agrees" : "DIFFERS")} ({StateHash})
        """) + (Metrics is null ? "" : $"\n{Metrics}") + (Replica is null ? "" : $"\n{Replica}");
}
