using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Exchange.Core.Port;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Telemetry;

/// <summary>What operators watch: counted where it happens, read when somebody asks. docs/operations.md tells each.</summary>
internal sealed class EdgeMetrics
{
    public const string MeterName = "Exchange";

    private static readonly ImmutableArray<(CommandKind Kind, string Action)> OrderActions =
    [
        (CommandKind.Place, "place"), (CommandKind.Amend, "amend"), (CommandKind.Cancel, "cancel"), (CommandKind.CancelAll, "cancel_all"),
    ];

    private static readonly ImmutableArray<double> OrderBucketsMs = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

    private readonly IExchange _exchange;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _orderLatency;
    private readonly Counter<long> _streamEnds;
    private int _streams;

    public EdgeMetrics(IMeterFactory meters, IExchange exchange, TimeProvider time)
    {
        _exchange = exchange;
        _time = time;
        Meter meter = meters.Create(MeterName);
        _orderLatency = meter.CreateHistogram("order_processing_latency_ms", "ms", "From an order request's arrival to its answer, by operation.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = OrderBucketsMs });
        _ = new EngineMetrics(meter, exchange.Figures);
        _streamEnds = meter.CreateCounter<long>("stream_ends_total", description: "Ended streams, by the code they were told; CLOSED: none.");
        meter.CreateObservableCounter("orders_processed_total", CountOrders, description: "Order commands, by action and outcome.");
        meter.CreateObservableUpDownCounter("active_websocket_connections", () => Volatile.Read(ref _streams), description: "Open streams.");
        meter.CreateObservableUpDownCounter("order_queue_depth", () => exchange.QueueDepth, description: "Requests that wait for the engine.");
        meter.CreateObservableGauge("venue_ready", () => Venue.IsUp(exchange) ? 1 : 0, description: "1: the venue takes commands.");
    }

    /// <summary>A moment to measure from.</summary>
    public long Now() => _time.GetTimestamp();

    public void RecordOrder(string operation, long started) =>
        _orderLatency.Record(_time.GetElapsedTime(started).TotalMilliseconds, new KeyValuePair<string, object?>("operation", operation));

    public void StreamOpened() => Interlocked.Increment(ref _streams);

    /// <summary>Why a stream ends.</summary>
    public void StreamEnding(string code) => _streamEnds.Add(1, new KeyValuePair<string, object?>("code", code));

    public void StreamClosed() => Interlocked.Decrement(ref _streams);

    private IEnumerable<Measurement<long>> CountOrders()
    {
        VenueFigures figures = _exchange.Figures;
        foreach ((CommandKind kind, string action) in OrderActions)
        {
            yield return Of(figures.Accepted(kind), action, "accepted");
            yield return Of(figures.Refused(kind), action, "refused");
            yield return Of(figures.Shed(kind), action, "shed");
        }
    }

    private static Measurement<long> Of(long count, string action, string outcome) => new(
        count, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("outcome", outcome));
}
