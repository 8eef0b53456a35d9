using System.Collections.Immutable;

namespace Exchange.Storage.Postgres.History;

/// <summary>What the writer of history counts; any thread reads.</summary>
public sealed class HistoryFigures
{
    private readonly long[] _rows = new long[Tables.Length];
    private long _failures;
    private long _gaps;

    /// <summary>Tables, in the order of <see cref="Rows"/>.</summary>
    public static ImmutableArray<string> Tables { get; } = ["trades", "marks", "funding", "order_events", "candles", "fills", "ledger", "orders"];

    /// <summary>Rows written durably since the start, by table.</summary>
    public long Rows(int table) => Interlocked.Read(ref _rows[table]);

    /// <summary>Transactions, and tries to connect, that failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Times that records had to be passed over because the journal no longer held them.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    public void CountFailure() => Interlocked.Increment(ref _failures);

    public void CountGap() => Interlocked.Increment(ref _gaps);

    internal void Count(HistoryBatch batch)
    {
        ReadOnlySpan<int> counts =
        [
            batch.Trades.Count, batch.Marks.Count, batch.Fundings.Count, batch.OrderEvents.Count, batch.Candles.Count, batch.Fills.Count,
            batch.Movements.Count, batch.Orders.Count,
        ];
        for (int table = 0; table < counts.Length; table++)
            Interlocked.Add(ref _rows[table], counts[table]);
    }
}
