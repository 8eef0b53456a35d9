using System.ComponentModel.DataAnnotations;
using Exchange.Grains.Placement;

namespace Exchange.Silo.Hosting;

/// <summary>What a silo needs to be told; section <c>Silo</c> of the settings, checked at start.</summary>
public sealed class SiloOptions : IValidatableObject
{
    public const string Section = "Silo";

    /// <summary>What it is there for.</summary>
    public SiloRole Role { get; set; }

    /// <summary>Unique among the silos: symbols are pinned by it. Default: the machine's name and the port.</summary>
    [MaxLength(100)] public string Name { get; set; } = "";

    /// <summary>Address or name of this machine as other silos reach it.</summary>
    [Required, MaxLength(200)] public string Address { get; set; } = "127.0.0.1";

    /// <summary>Silos with the same id are one cluster.</summary>
    [Required, MaxLength(100)] public string ClusterId { get; set; } = "exchange";

    /// <summary>Name of the exchange over all its clusters there ever were.</summary>
    [Required, MaxLength(100)] public string ServiceId { get; set; } = "exchange";

    /// <summary>Where other silos connect to.</summary>
    [Range(1, 65_535)] public int SiloPort { get; set; } = 11_111;

    /// <summary>Where clients of Orleans would connect to; 0: nowhere.</summary>
    [Range(0, 65_535)] public int GatewayPort { get; set; }

    /// <summary>The PostgreSQL database of streams and members, as Npgsql takes it. No default: to lose it is to lose the exchange.</summary>
    [Required] public string Database { get; set; } = "";

    /// <summary>Where silos find each other.</summary>
    public SiloClustering Clustering { get; set; }

    /// <summary>The Redis of <see cref="SiloClustering.Redis"/>, such as <c>host:6379,password=…</c>.</summary>
    public string Redis { get; set; } = "";

    /// <summary>Runs the request path over a throw-away silo before this one joins, so that no client meets cold code.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>Brings the database's schema to this build's before anything else; otherwise <c>exchange migrate</c> must have.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>Where the first administrator's key is written when there is no key at all; not used in Development.</summary>
    public string? AdminKeyFile { get; set; }

    /// <summary>Between two probes of another silo, and how long one may take, ms; two may be missed.</summary>
    [Range(200, 60_000)] public int ProbeMs { get; set; } = 1_000;

    /// <summary>How long a call between grains may take, ms.</summary>
    [Range(500, 60_000)] public int CallTimeoutMs { get; set; } = 3_000;

    /// <summary>Records of a machine's journal after which its whole state is written, and the journal forgotten up to there.</summary>
    [Range(100, 100_000_000)] public int SnapshotRecords { get; set; } = 200_000;

    /// <summary>How long silos must have stayed the same after one has joined until grains that belong on others now go there, ms; 0: they stay.</summary>
    [Range(0, 3_600_000)] public int SettleAfterMs { get; set; } = 30_000;

    /// <summary>Silos that symbols are pinned to, by symbol id: <c>Silo:PinnedSymbols:0=silo-1</c>.</summary>
    public Dictionary<string, string> PinnedSymbols { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string symbol in PinnedSymbols.Keys.Where(symbol => !uint.TryParse(symbol, out _)))
            yield return new ValidationResult($"'{symbol}' is no symbol id.", [nameof(PinnedSymbols)]);
        if (Clustering == SiloClustering.Redis && RedisClustering.Check(Redis) is { } wrong)
            yield return new ValidationResult($"The field {nameof(Redis)} must name a Redis for {nameof(Clustering)}={nameof(SiloClustering.Redis)}: {wrong}.", [nameof(Redis)]);
    }

    /// <summary>Clients reach the exchange through it.</summary>
    internal bool ServesApi => Role != SiloRole.Engine;

    internal string NameOrDefault => Name.Length != 0 ? Name : $"{Environment.MachineName}-{SiloPort}";
}
