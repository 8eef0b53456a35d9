using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>What <c>exchange bench http</c> found.</summary>
public sealed record HttpReport : IServerReport
{
    public required int Connections { get; init; }

    /// <summary>Turns of half a second that each kind had.</summary>
    public required int Turns { get; init; }

    /// <summary>Places and cancels with a bearer token, one outstanding on every connection.</summary>
    public required HttpFigures Bearer { get; init; }

    /// <summary>The same, each request signed.</summary>
    public required HttpFigures Signed { get; init; }

    /// <summary>Requests to the endpoint that does nothing.</summary>
    public required HttpFigures Nothing { get; init; }

    /// <summary>Places and cancels with a bearer token at half their rate above, sent when they are due.</summary>
    public required HttpFigures BearerAtHalf { get; init; }

    /// <summary>The same, each request signed.</summary>
    public required HttpFigures SignedAtHalf { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HttpReportJson.Default.HttpReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Connections} connections, {Turns} turns of half a second each; medians of the turns, least to most");
        text.AppendLine(CultureInfo.InvariantCulture, $"place and cancel, bearer: {Bearer}");
        text.AppendLine(CultureInfo.InvariantCulture, $"place and cancel, signed: {Signed}");
        text.AppendLine(CultureInfo.InvariantCulture, $"nothing:                  {Nothing}");
        text.AppendLine(CultureInfo.InvariantCulture, $"bearer at half its rate:  {BearerAtHalf}");
        text.Append(CultureInfo.InvariantCulture, $"signed at half its rate:  {SignedAtHalf}");
        return text.ToString();
    }
}

/// <summary>What was measured of one kind of request; the rate is the median of the turns.</summary>
public sealed record HttpFigures
{
    /// <summary>Answered.</summary>
    public required double PerSecond { get; init; }

    public required double PerSecondLeast { get; init; }

    public required double PerSecondMost { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    /// <summary>To requests that do nothing: the median of the turns' ratios. Null where that is not asked, as the next.</summary>
    public double? Ratio { get; init; }

    public double? RatioLeast { get; init; }

    public double? RatioMost { get; init; }

    /// <summary>CPU time of the server for one, us. Null without --pid.</summary>
    public double? ServerCpuUs { get; init; }

    /// <param name="load">What was measured.</param>
    /// <param name="nothing">What its rate is compared with, turn by turn; null: nothing.</param>
    /// <param name="frequency">Of the clock, a second.</param>
    internal static HttpFigures From(LoadFigures load, LoadFigures? nothing, long frequency)
    {
        double[] ratios = nothing is null ? [] : [.. load.PerSecond.Zip(nothing.PerSecond, (one, other) => one / other)];
        return new HttpFigures
        {
            PerSecond = Medians.Of(load.PerSecond),
            PerSecondLeast = load.PerSecond.Min(),
            PerSecondMost = load.PerSecond.Max(),
            P50Ms = load.LatencyMs(500, frequency),
            P99Ms = load.LatencyMs(990, frequency),
            P999Ms = load.LatencyMs(999, frequency),
            Ratio = nothing is null ? null : Medians.Of(ratios),
            RatioLeast = nothing is null ? null : ratios.Min(),
            RatioMost = nothing is null ? null : ratios.Max(),
            ServerCpuUs = load.ServerCpuUs,
        };
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{PerSecond:N0} requests/s ({PerSecondLeast:N0} to {PerSecondMost:N0}), ");
        text.Append(CultureInfo.InvariantCulture, $"p50 {P50Ms:F2} ms, p99 {P99Ms:F2} ms, p99.9 {P999Ms:F2} ms");
        if (Ratio is { } ratio)
            text.Append(CultureInfo.InvariantCulture, $"; {ratio:P1} of nothing ({RatioLeast:P1} to {RatioMost:P1})");
        if (ServerCpuUs is { } cpu)
            text.Append(CultureInfo.InvariantCulture, $"; server CPU {cpu:F1} us each");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HttpReport))]
internal sealed partial class HttpReportJson : JsonSerializerContext;
