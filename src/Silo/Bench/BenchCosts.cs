using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Npgsql;

namespace Exchange.Silo.Bench;

/// <summary>What was used so far: processor time here and of the database's processes, its log, messages between grains (answers are some too), bytes between silos, and how long threads stood still while memory was collected.</summary>
internal sealed record BenchCosts(double OwnMs, double DatabaseMs, long LogBytes, long Syncs, long Commits, long Messages, long WireBytes, long AllocatedBytes,
    double PausedMs)
{
    public static readonly BenchCosts None = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static BenchCosts operator -(BenchCosts now, BenchCosts before) => new(
        now.OwnMs - before.OwnMs, now.DatabaseMs - before.DatabaseMs, now.LogBytes - before.LogBytes, now.Syncs - before.Syncs,
        now.Commits - before.Commits, now.Messages - before.Messages, now.WireBytes - before.WireBytes, now.AllocatedBytes - before.AllocatedBytes,
        now.PausedMs - before.PausedMs);

    /// <summary>For each order, processor time in us.</summary>
    public string Per(long orders) => string.Create(CultureInfo.InvariantCulture,
        $"{OwnMs * 1_000 / orders:N1} us here, {DatabaseMs * 1_000 / orders:N1} us in the database, {(double)LogBytes / orders:N0} B of its log, "
        + $"{(double)Commits / orders:N4} commits, {(double)Syncs / orders:N4} syncs, {(double)Messages / orders:N2} messages, {(double)WireBytes / orders:N0} B between silos, "
        + $"{(double)AllocatedBytes / orders:N0} B allocated, {PausedMs * 1_000 / orders:N1} us paused");
}

/// <summary>Reads the counters behind <see cref="BenchCosts"/>.</summary>
internal sealed class CostMeter : IDisposable
{
    private const string OrleansMeter = "Microsoft.Orleans";
    private const string SentOut = "orleans-messaging-sent-messages-size";
    private const string SentLocally = "orleans-messaging-sent-local";
    private const string Counters = """
        SELECT (SELECT wal_bytes FROM pg_stat_wal)::bigint, (SELECT wal_sync FROM pg_stat_wal),
            (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())
        """;

    private const string Processes = "SELECT array_agg(pid) FROM pg_stat_activity";
    private readonly MeterListener _listener = new();
    private readonly NpgsqlDataSource _database;
    private readonly Dictionary<int, double> _processMs = [];
    private long _sentLocally;
    private long _sentOut;
    private long _wireBytes;

    public CostMeter(string database)
    {
        _database = NpgsqlDataSource.Create(database);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OrleansMeter && instrument.Name is SentOut or SentLocally)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, bytes, _, _) =>
        {
            Interlocked.Increment(ref _sentOut);
            Interlocked.Add(ref _wireBytes, bytes);
        });
        _listener.SetMeasurementEventCallback<long>((_, messages, _, _) => _sentLocally += messages);
        _listener.Start();
    }

    public async Task<BenchCosts> Read()
    {
        _sentLocally = 0;
        _listener.RecordObservableInstruments();
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync();
        await using (var flush = new NpgsqlCommand("SELECT pg_stat_clear_snapshot()", connection))
            await flush.ExecuteNonQueryAsync();
        await using (var processes = new NpgsqlCommand(Processes, connection))
        {
            foreach (int process in (int[])(await processes.ExecuteScalarAsync())!)
                _processMs[process] = ProcessorMs(process) ?? _processMs.GetValueOrDefault(process);
        }

        await using var counters = new NpgsqlCommand(Counters, connection);
        await using NpgsqlDataReader row = await counters.ExecuteReaderAsync();
        await row.ReadAsync();
        return new BenchCosts(
            Environment.CpuUsage.TotalTime.TotalMilliseconds, _processMs.Values.Sum(), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2),
            _sentLocally + Interlocked.Read(ref _sentOut), Interlocked.Read(ref _wireBytes), GC.GetTotalAllocatedBytes(),
            GC.GetTotalPauseDuration().TotalMilliseconds);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _database.Dispose();
    }

    /// <summary>Null: it is gone, or not on this machine.</summary>
    private static double? ProcessorMs(int process)
    {
        try
        {
            using Process known = Process.GetProcessById(process);
            return known.ProcessName.StartsWith("postgres", StringComparison.Ordinal) ? known.TotalProcessorTime.TotalMilliseconds : null;
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
