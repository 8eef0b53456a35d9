using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>What <c>exchange bench order-stream</c> found; rates are medians of the turns.</summary>
public sealed record OrderStreamReport : IServerReport
{
    public required int Connections { get; init; }

    public required int InFlight { get; init; }

    public required int Turns { get; init; }

    /// <summary>Places and cancels answered over streams, a second.</summary>
    public required double OrdersPerSecond { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    /// <summary>The same over HTTP, 256 connections with one request outstanding on each.</summary>
    public required double HttpOrdersPerSecond { get; init; }

    public required double HttpP50Ms { get; init; }

    public required double HttpP99Ms { get; init; }

    /// <summary>Streams to HTTP: the median of the turns' ratios.</summary>
    public required double Ratio { get; init; }

    public required double RatioLeast { get; init; }

    public required double RatioMost { get; init; }

    /// <summary>CPU time of the server for a place or cancel, us. Null without --pid, as the next.</summary>
    public double? ServerCpuUs { get; init; }

    public double? HttpServerCpuUs { get; init; }

    internal static OrderStreamReport From(OrderStreamLoad load, LoadFigures streams, LoadFigures http, long frequency)
    {
        double[] ratios = [.. streams.PerSecond.Zip(http.PerSecond, (stream, request) => stream / request)];
        return new OrderStreamReport
        {
            Connections = load.Connections,
            InFlight = load.InFlight,
            Turns = ratios.Length,
            OrdersPerSecond = Medians.Of(streams.PerSecond),
            P50Ms = streams.LatencyMs(500, frequency),
            P99Ms = streams.LatencyMs(990, frequency),
            P999Ms = streams.LatencyMs(999, frequency),
            HttpOrdersPerSecond = Medians.Of(http.PerSecond),
            HttpP50Ms = http.LatencyMs(500, frequency),
            HttpP99Ms = http.LatencyMs(990, frequency),
            Ratio = Medians.Of(ratios),
            RatioLeast = ratios.Min(),
            RatioMost = ratios.Max(),
            ServerCpuUs = streams.ServerCpuUs,
            HttpServerCpuUs = http.ServerCpuUs,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, OrderStreamReportJson.Default.OrderStreamReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"place and cancel; {Turns} turns of half a second each; medians of the turns");
        text.Append(CultureInfo.InvariantCulture, $"{Connections} Protobuf streams, {InFlight} in flight: {OrdersPerSecond:N0} a second, ");
        text.AppendLine(CultureInfo.InvariantCulture, $"p50 {P50Ms:F2} ms, p99 {P99Ms:F2} ms, p99.9 {P999Ms:F2} ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"HTTP: {HttpOrdersPerSecond:N0} a second, p50 {HttpP50Ms:F2} ms, p99 {HttpP99Ms:F2} ms");
        text.Append(CultureInfo.InvariantCulture, $"ratio {Ratio:F2} ({RatioLeast:F2} to {RatioMost:F2})");
        if (ServerCpuUs is { } cpu)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"CPU time of the server: {cpu:F1} us a command over streams, {HttpServerCpuUs:F1} us over HTTP");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OrderStreamReport))]
internal sealed partial class OrderStreamReportJson : JsonSerializerContext;
