using System.ComponentModel.DataAnnotations;

namespace Exchange.Edge.Telemetry;

/// <summary>Where metrics and traces go; section <c>Telemetry</c> of the settings, checked at start.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>Collector that metrics and traces are sent to by OTLP, such as http://localhost:4317; null: none.</summary>
    [RegularExpression("https?://.+", ErrorMessage = "It must be an http or https address, such as http://localhost:4317.")]
    public string? OtlpEndpoint { get; set; }

    /// <summary>How: grpc, or http (protobuf, at the endpoint's paths /v1/metrics and /v1/traces).</summary>
    [RegularExpression("grpc|http", ErrorMessage = "It must be grpc or http.")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>How often metrics are sent, ms.</summary>
    [Range(100, 3_600_000)] public int ExportIntervalMs { get; set; } = 10_000;

    /// <summary>Part of the requests that are traced, when there is a collector; a request that comes with a trace follows its sender's choice.</summary>
    [Range(0.0, 1.0)] public double TraceRatio { get; set; } = 0.01;

    /// <summary>Every HTTP request's time by route and status, too: a microsecond or two of each request.</summary>
    public bool HttpMetrics { get; set; }

    /// <summary>/metrics answers other machines too; else it is not there for them.</summary>
    public bool MetricsToAnyone { get; set; }
}
