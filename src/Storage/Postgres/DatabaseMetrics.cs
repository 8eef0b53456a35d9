using System.Diagnostics.Metrics;

namespace Exchange.Storage.Postgres;

/// <summary>What operators watch of the database: docs/operations.md tells each.</summary>
internal sealed class DatabaseMetrics
{
    private readonly TimeProvider _time;
    private readonly Histogram<double>? _latency;
    private readonly Counter<long>? _streams;

    public DatabaseMetrics(PostgresStreamStoreOptions options, Func<bool> isReady)
    {
        _time = options.Time;
        if (options.Meter is not { } meter)
            return;
        _latency = meter.CreateHistogram("database_query_latency_ms", "ms", "From sending a query to the end of its answer, its commit included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] });
        _streams = meter.CreateCounter<long>("database_stream_writes_total", description: "Appends, writes of state and openings that were decided, each stream's by itself.");
        meter.CreateObservableGauge("database_ready", () => isReady() ? 1 : 0, description: "1: the database takes writes.");
    }

    /// <summary>A moment to measure from.</summary>
    public long Now() => _time.GetTimestamp();

    public void Record(string query, long started) =>
        _latency?.Record(_time.GetElapsedTime(started).TotalMilliseconds, new KeyValuePair<string, object?>("query", query));

    public void Count(string query, int streams) => _streams?.Add(streams, new KeyValuePair<string, object?>("query", query));
}
