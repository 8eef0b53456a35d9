using System.Diagnostics.Metrics;

namespace Exchange.Cli.Benchmarks.Postgres;

/// <summary>Counts a store's transactions by what it tells its meter.</summary>
internal sealed class TransactionCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public TransactionCounter(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter && instrument.Name == "database_query_latency_ms")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _count));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Clear() => Interlocked.Exchange(ref _count, 0);

    public void Dispose() => _listener.Dispose();
}
