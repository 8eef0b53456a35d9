using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Exchange.Core.Port;

namespace Exchange.Edge.Telemetry;

/// <summary>What operators watch where orders are matched: docs/operations.md tells each.</summary>
public sealed class EngineMetrics
{
    private static readonly ImmutableArray<double> BucketsMs = [0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 50];

    private readonly VenueFigures _figures;
    private readonly Histogram<double> _latency;
    private readonly long[] _samples = new long[4_096];
    private long _samplesSeen;

    /// <param name="meter">Of <see cref="ExchangeTelemetry.MeterName"/>; its host tells them from now on.</param>
    /// <param name="figures">Of the engine, or of the books of one silo.</param>
    public EngineMetrics(Meter meter, VenueFigures figures)
    {
        _figures = figures;
        _latency = meter.CreateHistogram("matching_engine_latency_ms", "ms",
            $"What an engine or a book took over an input; one in {VenueFigures.InputsPerSample} is timed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = BucketsMs });
        meter.CreateObservableCounter("trades_executed_total", CountTrades, description: "Trades made here, each once.");
    }

    private long CountTrades()
    {
        TakeSamples();   // Observed values are asked for before histograms are read: so every reader gets the newest.
        return _figures.Trades;
    }

    /// <summary>Takes over what was timed since the last call.</summary>
    private void TakeSamples()
    {
        lock (_samples)
        {
            int count = _figures.CopyEngineSamples(ref _samplesSeen, _samples);
            foreach (long ns in _samples.AsSpan(0, count))
                _latency.Record(ns / 1e6);
        }
    }
}
