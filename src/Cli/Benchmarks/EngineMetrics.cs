using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Exchange.Core.Port;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Exchange.Cli.Benchmarks;

/// <summary>What the server counts and times of each order (docs/operations.md), collected every second as by a collector.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private const int CollectEveryMs = 1_000;

    private static readonly ImmutableArray<double> BucketsMs = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

    private readonly VenueFigures _figures;
    private readonly Meter _meter = new("Exchange.Benchmark");
    private readonly Histogram<double> _latency;
    private readonly MeterProvider _provider;

    public EngineMetrics(VenueFigures figures)
    {
        _figures = figures;
        _latency = _meter.CreateHistogram("order_processing_latency_ms", "ms", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = BucketsMs });
        _meter.CreateObservableCounter("orders_processed_total", () => figures.Accepted(CommandKind.Place) + figures.Refused(CommandKind.Place));
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name)
            .AddReader(new PeriodicExportingMetricReader(new Collector(), CollectEveryMs)).Build();
    }

    /// <summary>A command was acknowledged.</summary>
    public void Record(CommandKind kind, bool isRefused, long tookTicks)
    {
        _figures.CountCommand(kind, isRefused);
        string operation = kind switch
        {
            CommandKind.Place => "PlaceOrder",
            CommandKind.Cancel => "CancelOrder",
            _ => "AmendOrder",
        };
        _latency.Record(tookTicks * 1_000.0 / Stopwatch.Frequency, new KeyValuePair<string, object?>("operation", operation));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private sealed class Collector : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}

/// <summary>Closed loops with metrics and without, in turns: commands a second, medians of the turns.</summary>
internal sealed record MetricsCost
{
    public required double WithoutPerSecond { get; init; }

    public required double WithPerSecond { get; init; }

    /// <summary>With metrics against without: the median of the turns' ratios.</summary>
    public required double Ratio { get; init; }

    public required double RatioLeast { get; init; }

    public required double RatioMost { get; init; }

    public static MetricsCost From(List<double> without, List<double> with)
    {
        double[] ratios = [.. with.Zip(without, (one, other) => one / other)];
        return new MetricsCost
        {
            WithoutPerSecond = Medians.Of(without), WithPerSecond = Medians.Of(with), Ratio = Medians.Of(ratios), RatioLeast = ratios.Min(), RatioMost = ratios.Max(),
        };
    }

    public override string ToString() => FormattableString.Invariant(
        $"with metrics {WithPerSecond:N0} commands/s, without {WithoutPerSecond:N0}: {Ratio:F3} times as many ({RatioLeast:F3} to {RatioMost:F3})");
}
