using System.ComponentModel.DataAnnotations;
using Exchange.Edge.Authentication;

namespace Exchange.Edge.Hosting;

/// <summary>Bounds of the edge; section <c>Edge</c> of the settings, checked at start.</summary>
public sealed class EdgeOptions : IValidatableObject
{
    public const string Section = "Edge";

    /// <summary>Addresses and CIDR ranges, with commas between, of proxies whose X-Forwarded-For is believed; empty: nobody's is.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>Connections in all; further ones are closed at once.</summary>
    [Range(1, 1_000_000)] public int MaxConnections { get; set; } = 20_000;

    /// <summary>WebSocket connections in all; further ones are refused.</summary>
    [Range(1, 1_000_000)] public int MaxStreams { get; set; } = 10_000;

    /// <summary>How long a client may take over its headers, ms.</summary>
    [Range(1_000, 120_000)] public int HeaderTimeoutMs { get; set; } = 10_000;

    /// <summary>How long an idle connection is kept, ms.</summary>
    [Range(1_000, 600_000)] public int KeepAliveMs { get; set; } = 75_000;

    /// <summary>Bytes of all headers together.</summary>
    [Range(1_024, 65_536)] public int MaxHeaderBytes { get; set; } = 16_384;

    /// <summary>Number of headers.</summary>
    [Range(10, 200)] public int MaxHeaders { get; set; } = 64;

    /// <summary>Bytes a second a body must come with, after a grace.</summary>
    [Range(1, 1_000_000)] public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>Bytes a second an answer must be taken with, after a grace: until it is, it fills memory.</summary>
    [Range(1, 100_000_000)] public int MinTakenBytesPerSecond { get; set; } = 10_000;

    /// <summary>How long a body may come, or an answer be taken, more slowly, ms.</summary>
    [Range(1_001, 60_000)] public int RateGraceMs { get; set; } = 5_000;

    /// <summary>HTTP/2 requests at once on a connection.</summary>
    [Range(1, 1_000)] public int MaxHttp2Streams { get; set; } = 100;

    /// <summary>How long the venue may take over a command before its outcome is told as unknown, ms.</summary>
    [Range(100, 300_000)] public int CommandTimeoutMs { get; set; } = 10_000;

    /// <summary>Signatures of changing requests remembered; 32 bytes each. When full, the receive window narrows.</summary>
    [Range(1_000, 100_000_000)] public int ReplayMemoryEntries { get; set; } = 2_000_000;

    /// <summary>Life of a token when the client names none, ms.</summary>
    [Range(1_000, 86_400_000)] public long TokenLifeMs { get; set; } = 3_600_000;

    /// <summary>Events of the venue's feed that may wait for the streams; beyond it all streams are told STREAM_RESET and closed.</summary>
    [Range(1_024, 10_000_000)] public int FeedQueueEvents { get; set; } = 262_144;

    /// <summary>Order commands of one stream that may be unanswered; beyond it TOO_MANY_IN_FLIGHT.</summary>
    [Range(1, 65_536)] public int StreamOrdersInFlight { get; set; } = 256;

    /// <summary>Messages that may wait for one stream; beyond it the client is told SLOW_CONSUMER and disconnected.</summary>
    [Range(16, 1_000_000)] public int StreamQueueMessages { get; set; } = 4_096;

    /// <summary>Bytes that may wait for one stream; beyond it as above. One larger message is taken when nothing else waits.</summary>
    [Range(65_536, 1_000_000_000)] public int StreamQueueBytes { get; set; } = 1_024 * 1_024;

    /// <summary>Bytes waiting for one stream from which on it gets no book changes until it has taken them, then all since as one.</summary>
    [Range(4_096, 1_000_000_000)] public int StreamBehindBytes { get; set; } = 64 * 1_024;

    /// <summary>How long a stream may be behind without a pause, ms; then SLOW_CONSUMER.</summary>
    [Range(100, 600_000)] public int StreamBehindMs { get; set; } = 10_000;

    /// <summary>Interval of the pings to a stream's client, and how long it may take over an answer, ms.</summary>
    [Range(100, 600_000)] public int StreamPingMs { get; set; } = 20_000;

    /// <summary><see cref="TrustedProxies"/>, parsed; anywhere: none.</summary>
    internal AddressList Proxies => ParsedProxies ?? AddressList.Anywhere;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ParsedProxies is null
        ? [new ValidationResult($"The field {nameof(TrustedProxies)} must be addresses or CIDR ranges with commas between, at most {AddressList.MostEntries}.", [nameof(TrustedProxies)])]
        : [];

    private AddressList? ParsedProxies =>
        AddressList.Parse(TrustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
