using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>What <c>exchange bench http</c> found; rates are medians of the turns.</summary>
public sealed record HttpReport : IServerReport
{
    public required int Connections { get; init; }

    /// <summary>Turns of half a second that each kind had.</summary>
    public required int Turns { get; init; }

    /// <summary>Places and cancels answered, a second.</summary>
    public required double OrdersPerSecond { get; init; }

    public required double OrdersPerSecondLeast { get; init; }

    public required double OrdersPerSecondMost { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    /// <summary>The same of the endpoint that does nothing.</summary>
    public required double NoopPerSecond { get; init; }

    public required double NoopPerSecondLeast { get; init; }

    public required double NoopPerSecondMost { get; init; }

    public required double NoopP50Ms { get; init; }

    public required double NoopP99Ms { get; init; }

    public required double NoopP999Ms { get; init; }

    /// <summary>Orders to requests that do nothing: the median of the turns' ratios.</summary>
    public required double Ratio { get; init; }

    public required double RatioLeast { get; init; }

    public required double RatioMost { get; init; }

    /// <summary>CPU time of the server for a place or cancel, us. Null without --pid, as the next.</summary>
    public double? ServerCpuUs { get; init; }

    public double? NoopServerCpuUs { get; init; }

    internal static HttpReport From(int connections, LoadFigures orders, LoadFigures noop, long frequency)
    {
        double[] ratios = [.. orders.PerSecond.Zip(noop.PerSecond, (order, nothing) => order / nothing)];
        return new HttpReport
        {
            Connections = connections,
            Turns = ratios.Length,
            OrdersPerSecond = Medians.Of(orders.PerSecond),
            OrdersPerSecondLeast = orders.PerSecond.Min(),
            OrdersPerSecondMost = orders.PerSecond.Max(),
            P50Ms = orders.LatencyMs(500, frequency),
            P99Ms = orders.LatencyMs(990, frequency),
            P999Ms = orders.LatencyMs(999, frequency),
            NoopPerSecond = Medians.Of(noop.PerSecond),
            NoopPerSecondLeast = noop.PerSecond.Min(),
            NoopPerSecondMost = noop.PerSecond.Max(),
            NoopP50Ms = noop.LatencyMs(500, frequency),
            NoopP99Ms = noop.LatencyMs(990, frequency),
            NoopP999Ms = noop.LatencyMs(999, frequency),
            Ratio = Medians.Of(ratios),
            RatioLeast = ratios.Min(),
            RatioMost = ratios.Max(),
            ServerCpuUs = orders.ServerCpuUs,
            NoopServerCpuUs = noop.ServerCpuUs,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, HttpReportJson.Default.HttpReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Connections} connections, {Turns} turns of half a second each; medians of the turns, least to most");
        text.Append(CultureInfo.InvariantCulture, $"place and cancel: {OrdersPerSecond:N0} requests/s ({OrdersPerSecondLeast:N0} to {OrdersPerSecondMost:N0}), ");
        text.AppendLine(CultureInfo.InvariantCulture, $"p50 {P50Ms:F2} ms, p99 {P99Ms:F2} ms, p99.9 {P999Ms:F2} ms");
        text.Append(CultureInfo.InvariantCulture, $"nothing:          {NoopPerSecond:N0} requests/s ({NoopPerSecondLeast:N0} to {NoopPerSecondMost:N0}), ");
        text.AppendLine(CultureInfo.InvariantCulture, $"p50 {NoopP50Ms:F2} ms, p99 {NoopP99Ms:F2} ms, p99.9 {NoopP999Ms:F2} ms");
        text.Append(CultureInfo.InvariantCulture, $"ratio {Ratio:P1} ({RatioLeast:P1} to {RatioMost:P1})");
        if (ServerCpuUs is { } cpu)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"CPU time of the server: {cpu:F1} us a place or cancel, {NoopServerCpuUs:F1} us for nothing");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HttpReport))]
internal sealed partial class HttpReportJson : JsonSerializerContext;
