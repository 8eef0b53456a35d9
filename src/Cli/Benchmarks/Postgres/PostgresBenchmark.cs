using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Exchange.Storage.Files;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Cli.Benchmarks.Postgres;

/// <summary>Closed loops over a store: each stream sends its next write when the one before is durable.</summary>
internal sealed class PostgresBenchmark(string connectionString)
{
    private const int RecordBytes = 128;
    private const int StateBytes = 1_024;

    private static ImmutableArray<(string What, int Streams, int Records, bool IsState)> Cases =>
    [
        ("1 stream, 1 record", 1, 1, false), ("1 stream, 16 records", 1, 16, false), ("1 stream, 256 records", 1, 256, false),
        ("1 stream, 5,000 records", 1, 5_000, false), ("64 streams, 16 records", 64, 16, false), ("256 streams, 1 record", 256, 1, false),
        ("1,000 states of 1 KiB, 8 rows logged", 1_000, 8, true),
    ];

    private uint _nextStream;
    private long _rawSequence;

    /// <summary>Null: the disk is not measured.</summary>
    public string? Folder { get; init; }

    public int Rounds { get; init; } = 3;

    public int RunMs { get; init; } = 1_000;

    /// <summary>Part of the name of the cases to run.</summary>
    public string Only { get; init; } = "";

    public async Task<PostgresReport> Run(CancellationToken cancellation)
    {
        await PostgresMigrations.Apply(connectionString, cancellation);
        LatencyHistogram? sync = Folder is null ? null : MeasureSync(Folder);
        using var meter = new Meter("bench");
        using var transactions = new TransactionCounter(meter);
        var options = new PostgresStreamStoreOptions { ConnectionString = connectionString, UpkeepSeconds = 0, Meter = meter };
        await using PostgresStreamStore store = await PostgresStreamStore.Connect(options, cancellation);
        using var raw = new RawInserts(connectionString);
        List<PostgresCase> cases = [];
        foreach ((string what, int streams, int records, bool isState) in Cases.Where(one => one.What.Contains(Only, StringComparison.Ordinal)))
            cases.Add(await Measure(what, store, transactions, isState ? null : raw, streams, records, isState ? WriteState : Append));
        return new PostgresReport(sync?.QuantileUs(0.5), sync?.QuantileUs(0.99), cases);
    }

    private delegate ValueTask Write(IStreamStore store, StreamId stream, ulong written, RecordBatch records);

    private async Task<PostgresCase> Measure(
        string what, IStreamStore store, TransactionCounter transactions, RawInserts? raw, int streams, int records, Write write)
    {
        List<(double Rate, double P50, double P99)> own = [], alone = [];
        List<double> shared = [];
        RecordBatch batch = Batch(records);
        for (int round = 0; round < Rounds; round++)
        {
            if (raw is not null)
            {
                (double rate, LatencyHistogram latencies) = raw.Run(streams, batch.Framed, _rawSequence, RunMs);
                _rawSequence += latencies.Count;
                alone.Add((rate, latencies.QuantileUs(0.5), latencies.QuantileUs(0.99)));
            }

            StreamId[] ids = [.. Enumerable.Range(0, streams).Select(_ => new StreamId(255, _nextStream++))];
            await Task.WhenAll(ids.Select(id => store.Open(id, CancellationToken.None).AsTask()));
            transactions.Clear();
            (double ownRate, LatencyHistogram ownLatencies) = await RunOwn(store, ids, batch, write);
            own.Add((ownRate, ownLatencies.QuantileUs(0.5), ownLatencies.QuantileUs(0.99)));
            shared.Add((double)ownLatencies.Count / Math.Max(1, transactions.Count));
        }

        PostgresRaw? rawMedians = raw is null ? null : new PostgresRaw(
            Medians.Of([.. alone.Select(run => run.Rate)]), Medians.Of([.. alone.Select(run => run.P50)]), Medians.Of([.. alone.Select(run => run.P99)]));
        return new PostgresCase(what, streams, records, Medians.Of([.. own.Select(run => run.Rate)]), Medians.Of([.. own.Select(run => run.P50)]),
            Medians.Of([.. own.Select(run => run.P99)]), Medians.Of(shared), rawMedians);
    }

    private async Task<(double Rate, LatencyHistogram Latencies)> RunOwn(IStreamStore store, StreamId[] ids, RecordBatch batch, Write write)
    {
        var latencies = new LatencyHistogram();
        long began = Stopwatch.GetTimestamp();
        long end = began + (RunMs * Stopwatch.Frequency / 1_000);
        await Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            long then = Stopwatch.GetTimestamp();
            for (ulong written = 0; then < end; written++)
            {
                await write(store, id, written, batch);
                long now = Stopwatch.GetTimestamp();
                lock (latencies)
                    latencies.Add(now - then);
                then = now;
            }
        })));
        return (latencies.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, latencies);
    }

    private static async ValueTask Append(IStreamStore store, StreamId stream, ulong written, RecordBatch records) =>
        await store.Append(stream, 1, written * (ulong)records.Count, records);

    private static ValueTask WriteState(IStreamStore store, StreamId stream, ulong written, RecordBatch records) =>
        store.WriteState(stream, 1, new StateWrite(new StreamState(written + 1, new byte[StateBytes]), written * (ulong)records.Count, records));

    private static RecordBatch Batch(int records)
    {
        var batch = new RecordBatch();
        byte[] record = new byte[RecordBytes];
        new Random(1).NextBytes(record);
        for (int i = 0; i < records; i++)
            batch.Add(record);
        return batch;
    }

    private LatencyHistogram MeasureSync(string folder)
    {
        const int Blocks = 1_024;
        string path = Path.Combine(folder, $"sync-benchmark-{Guid.NewGuid():N}");
        byte[] block = new byte[4_096];
        var latencies = new LatencyHistogram();
        try
        {
            using IFile file = LocalFileSystem.Instance.Create(path);
            for (int i = 0; i < Blocks; i++)
                file.Write(i * block.Length, block);
            file.Sync();
            long began = Stopwatch.GetTimestamp();
            long now = began;
            for (int i = 0; (now - began) * 1_000 < RunMs * Stopwatch.Frequency; i++)
            {
                file.Write(i % Blocks * block.Length, block);
                file.SyncData();
                long then = now;
                now = Stopwatch.GetTimestamp();
                latencies.Add(now - then);
            }
        }
        finally
        {
            File.Delete(path);
        }

        return latencies;
    }
}
