namespace Exchange.Cli.Doctor;

/// <summary>One thing about a machine that matters: what is wanted and why, who sets it, and how it is looked at.</summary>
internal sealed record HostCheck
{
    /// <summary>How what tune.sh sets is set.</summary>
    public const string Tune = "Run infra/host-tuning/tune.sh at every boot (exchange-tuning.service does)";

    /// <summary>Its name in the output and in infra/host-tuning; a sysctl is named as the kernel does.</summary>
    public required string Name { get; init; }

    public required string Wanted { get; init; }

    /// <summary>A sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What to do about it; a sentence.</summary>
    public required string Remedy { get; init; }

    /// <summary>The file in infra/host-tuning that sets it; null: no file can.</summary>
    public string? SetBy { get; init; }

    /// <summary>Where it is looked at, for the reader of infra/host-tuning.</summary>
    public required string SeenIn { get; init; }

    public required Func<Host, Sight> Look { get; init; }
}
