using System.ComponentModel.DataAnnotations;

namespace Exchange.Edge.Limits;

/// <summary>What one client may take of the server; section <c>ClientLimits</c> of the settings, checked at start.</summary>
/// <remarks>
/// Each rate is a bucket: so much at once (<c>…Burst</c>), filled again with so much a second. Bursts of requests and orders are at least 100, so that every
/// request and a whole batch of orders fits an untouched one.
/// </remarks>
public sealed class ClientLimitOptions
{
    public const string Section = "ClientLimits";

    /// <summary>False: none of them; for benchmarks on a machine of one's own.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Weight of all requests from an address, a second.</summary>
    [Range(1, 1_000_000)] public int AddressWeightPerSecond { get; set; } = 400;

    [Range(100, 10_000_000)] public int AddressWeightBurst { get; set; } = 4_000;

    /// <summary>Weight of the requests made with a key and its tokens, but for orders and cancels, a second.</summary>
    [Range(1, 1_000_000)] public int KeyWeightPerSecond { get; set; } = 200;

    [Range(100, 10_000_000)] public int KeyWeightBurst { get; set; } = 2_000;

    /// <summary>Orders of an account placed or amended, whatever its key, a second.</summary>
    [Range(1, 1_000_000)] public int OrdersPerSecond { get; set; } = 100;

    [Range(100, 10_000_000)] public int OrdersBurst { get; set; } = 1_000;

    /// <summary>Cancels of an account, a second: apart from all else, so that orders can always be taken back.</summary>
    [Range(1, 1_000_000)] public int CancelsPerSecond { get; set; } = 200;

    [Range(100, 10_000_000)] public int CancelsBurst { get; set; } = 2_000;

    /// <summary>Refusals of an address for asking too much that are borne, a second; beyond them it is shut out.</summary>
    [Range(1, 1_000_000)] public int RefusalsPerSecond { get; set; } = 5;

    [Range(1, 10_000_000)] public int RefusalsBurst { get; set; } = 1_000;

    /// <summary>How long an address is shut out the first time; each time twice as long.</summary>
    [Range(1, 86_400)] public int BanSeconds { get; set; } = 120;

    /// <summary>The longest that an address is shut out; as long after its end a ban is forgotten.</summary>
    [Range(1, 31_536_000)] public int LongestBanSeconds { get; set; } = 259_200;

    /// <summary>Buckets of each kind that are kept; those not full, beyond it, share one.</summary>
    [Range(1, 10_000_000)] public int BucketsKept { get; set; } = 100_000;

    /// <summary>Connections from an address; further ones are closed at once.</summary>
    [Range(1, 1_000_000)] public int ConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>Streams from an address; further ones are refused.</summary>
    [Range(1, 1_000_000)] public int StreamsPerAddress { get; set; } = 200;

    /// <summary>Streams opened with a key and its tokens; further log-ons are refused.</summary>
    [Range(1, 1_000_000)] public int StreamsPerKey { get; set; } = 50;
}
