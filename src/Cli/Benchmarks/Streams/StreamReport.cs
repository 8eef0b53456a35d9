using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>What <c>exchange bench stream</c> found; CPU times are medians of the turns.</summary>
public sealed record StreamReport : IServerReport
{
    public required int Subscribers { get; init; }

    public required int TradesPerSecond { get; init; }

    public required int WindowMs { get; init; }

    public required int Turns { get; init; }

    /// <summary>Bytes of a message, on average.</summary>
    public required double MessageBytes { get; init; }

    /// <summary>From the taker's order to the arrival of its trade.</summary>
    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    /// <summary>CPU time of the server for a message to one subscriber, matching included.</summary>
    public required double CpuUs { get; init; }

    /// <summary>The same of the bare broadcast, from the source's message on.</summary>
    public required double BareP50Ms { get; init; }

    public required double BareP99Ms { get; init; }

    public required double BareP999Ms { get; init; }

    public required double BareCpuUs { get; init; }

    /// <summary>CPU time of ours to that of the bare broadcast: the median of the turns' ratios.</summary>
    public required double Ratio { get; init; }

    public required double RatioLeast { get; init; }

    public required double RatioMost { get; init; }

    /// <summary>Latency of ours, without the window that the oldest trade of a message waits for, to that of the bare broadcast, which has none.</summary>
    public required double P50Ratio { get; init; }

    public required double P99Ratio { get; init; }

    internal static StreamReport From(StreamLoad load, StreamFigures ours, StreamFigures bare, long frequency)
    {
        double[] ratios = [.. ours.CpuUs.Zip(bare.CpuUs, (mine, theirs) => mine / theirs)];
        return new StreamReport
        {
            Subscribers = load.Subscribers,
            TradesPerSecond = load.TradesPerSecond,
            WindowMs = load.WindowMs,
            Turns = ratios.Length,
            MessageBytes = (double)ours.Bytes / ours.Messages,
            P50Ms = ours.LatencyMs(500, frequency),
            P99Ms = ours.LatencyMs(990, frequency),
            P999Ms = ours.LatencyMs(999, frequency),
            CpuUs = Medians.Of(ours.CpuUs),
            BareP50Ms = bare.LatencyMs(500, frequency),
            BareP99Ms = bare.LatencyMs(990, frequency),
            BareP999Ms = bare.LatencyMs(999, frequency),
            BareCpuUs = Medians.Of(bare.CpuUs),
            Ratio = Medians.Of(ratios),
            RatioLeast = ratios.Min(),
            RatioMost = ratios.Max(),
            P50Ratio = (ours.LatencyMs(500, frequency) - load.WindowMs) / bare.LatencyMs(500, frequency),
            P99Ratio = (ours.LatencyMs(990, frequency) - load.WindowMs) / bare.LatencyMs(990, frequency),
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, StreamReportJson.Default.StreamReport);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Subscribers} subscribers, {TradesPerSecond} trades/s, window {WindowMs} ms, {Turns} turns of 2 s; {MessageBytes:F0} bytes a message");
        text.AppendLine(CultureInfo.InvariantCulture, $"order to trade: p50 {P50Ms:F2} ms, p99 {P99Ms:F2} ms, p99.9 {P999Ms:F2} ms; {CpuUs:F2} us of CPU a message");
        text.AppendLine(CultureInfo.InvariantCulture, $"bare broadcast: p50 {BareP50Ms:F2} ms, p99 {BareP99Ms:F2} ms, p99.9 {BareP999Ms:F2} ms; {BareCpuUs:F2} us of CPU a message");
        text.Append(CultureInfo.InvariantCulture, $"ratio of CPU {Ratio:F2} ({RatioLeast:F2} to {RatioMost:F2}); ");
        text.Append(CultureInfo.InvariantCulture, $"of the time beyond the window: p50 {P50Ratio:F2}, p99 {P99Ratio:F2}");
        return text.ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StreamReport))]
internal sealed partial class StreamReportJson : JsonSerializerContext;
