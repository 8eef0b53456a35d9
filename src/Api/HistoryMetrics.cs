using System.Diagnostics.Metrics;
using Exchange.Embedded.History;
using Exchange.Storage.Postgres.History;

namespace Exchange.Api;

/// <summary>What operators watch of the history's writer.</summary>
internal static class HistoryMetrics
{
    public static void Tell(HistoryWriter history, Meter meter)
    {
        meter.CreateObservableCounter("history_rows_written_total", () => Rows(history.Figures), description: "Rows that are durable in the database, by table.");
        meter.CreateObservableGauge("history_lag_records", () => (long)history.LagRecords, description: "Durable records whose rows are not written yet.");
        meter.CreateObservableGauge("history_lag_seconds", () => history.LagMs / 1_000.0, "s", "How long ago everything was written; 0: everything is.");
        meter.CreateObservableCounter("history_failures_total", () => history.Figures.Failures, description: "Transactions, and tries to connect, that failed.");
        meter.CreateObservableCounter("history_gaps_total", () => history.Figures.Gaps, description: "Times that records were passed over, since the journal no longer held them.");
        meter.CreateObservableGauge("history_ready", () => history.Fault is null ? 1 : 0, description: "1: the database takes what happened.");
    }

    public static void Tell(HistoryReader reader, Meter meter)
    {
        Histogram<double> latency = meter.CreateHistogram("history_query_latency_ms", "ms", "A query of the history, from asking for a connection to its last row.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000] });
        reader.Measured = (query, tookMs) => latency.Record(tookMs, new KeyValuePair<string, object?>("query", query.Name));
    }

    private static IEnumerable<Measurement<long>> Rows(HistoryFigures figures)
    {
        for (int table = 0; table < HistoryFigures.Tables.Length; table++)
            yield return new Measurement<long>(figures.Rows(table), new KeyValuePair<string, object?>("table", HistoryFigures.Tables[table]));
    }
}
