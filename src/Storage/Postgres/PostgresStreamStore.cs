using System.Collections.Concurrent;
using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>The streams of a cluster in PostgreSQL; one of these a silo.</summary>
/// <remarks>
/// How and why: docs/decisions/0021. The fence is the stream's row: a write changes it only where epoch and end are as the writer
/// takes them to be, in the statement that writes. Any thread.
/// </remarks>
public sealed class PostgresStreamStore : IStreamStore
{
    private readonly NpgsqlDataSource _database;
    private readonly PostgresStreamWriter _writer;
    private readonly PostgresStreamReader _reader;
    private readonly StateParts _parts;
    private readonly JournalUpkeep _upkeep;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _upkeepRounds;
    private int _isDisposed;

    // What this silo was told is durable: a database that has less was restored or failed over without its last commits.
    private readonly ConcurrentDictionary<StreamId, ulong> _acknowledged = new();

    private PostgresStreamStore(PostgresStreamStoreOptions options)
    {
        _database = NpgsqlDataSource.Create(options.ConnectionString);
        _writer = new PostgresStreamWriter(options);
        _reader = new PostgresStreamReader((statement, arguments, cancellation) => RowReader.Query(_database, statement, arguments, cancellation));
        _parts = new StateParts(_database);
        _upkeep = new JournalUpkeep(_database);
        _upkeepRounds = options.UpkeepSeconds > 0 ? RunUpkeep(options) : Task.CompletedTask;
    }

    /// <summary>Why writes wait at present; null while the database takes them.</summary>
    public string? Fault => _writer.Fault;

    /// <summary>Connects, and makes sure that the database is one that this build can use.</summary>
    /// <exception cref="SchemaVersionException">Its schema is of another version: migrate it, or use the newer build.</exception>
    /// <exception cref="UnsafeDatabaseException">It would lose what it acknowledges.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public static async Task<PostgresStreamStore> Connect(PostgresStreamStoreOptions options, CancellationToken cancellation)
    {
        try
        {
            await PostgresMigrations.RequireCurrent(options.ConnectionString, cancellation);
        }
        catch (NpgsqlException failure)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }

        return new PostgresStreamStore(options);
    }

    public async ValueTask<DateTimeOffset?> ReadClock(CancellationToken cancellation)
    {
        await using RowReader rows = await RowReader.Query(_database, "SELECT clock_timestamp()", [], cancellation);
        return await rows.Next() ? rows.Row.GetFieldValue<DateTimeOffset>(0) : null;
    }

    public async ValueTask<OpenedStream> Open(StreamId stream, CancellationToken cancellation)
    {
        StoredHead head = await _writer.Open(stream).WaitAsync(cancellation);
        if (_acknowledged.TryGetValue(stream, out ulong acknowledged) && head.LastSequence < acknowledged)
            throw new StreamDamagedException(stream, head.LastSequence + 1, $"the database has gone back: {acknowledged} was durable in it");
        // Nobody writes below this epoch any more, so what the row says stays true while the rest is read.
        StreamState? state = null;
        if (head.State is { } stored)
        {
            byte[] bytes = await _reader.Bytes(stream, stored, cancellation)
                ?? throw new StreamDamagedException(stream, stored.Number, "parts of the state are missing or not what was written");
            state = new StreamState(stored.Number, bytes);
        }

        return new OpenedStream(head.Epoch, head.LastSequence, head.LastLogNumber, state);
    }

    public async ValueTask<ulong> Append(StreamId stream, ulong epoch, ulong after, RecordBatch records)
    {
        if (records.Count == 0)
            throw new ArgumentException("There is nothing to append.", nameof(records));
        var write = new AppendWrite(stream, epoch, after, records);
        if (!await _writer.Write(write))
            throw await Stale(stream, epoch, head => $"its journal ends at {head.LastSequence}, not {after}");
        _acknowledged[stream] = write.Last;
        return write.Last;
    }

    public IAsyncEnumerable<StreamRecord> Read(StreamId stream, ulong after, CancellationToken cancellation) => _reader.Journal(stream, after, cancellation);

    public async ValueTask WriteState(StreamId stream, ulong epoch, StateWrite write)
    {
        int parts = write.State.Bytes.Length > StateParts.MaxRowBytes ? await _parts.Write(stream, epoch, write.State) : 0;
        if (await _writer.Write(new StateRowWrite(stream, epoch, write, parts)))
            return;
        throw await Stale(stream, epoch, head => head.State is { } state && state.Number >= write.State.Number
            ? $"its state is of {state.Number}, not below {write.State.Number}"
            : $"its log ends at {head.LastLogNumber}, not {write.LogAfter}");
    }

    public ValueTask<StreamState?> ReadState(StreamId stream, CancellationToken cancellation) => _reader.State(stream, cancellation);

    public async ValueTask Trim(StreamId stream, ulong epoch, ulong through)
    {
        const string Trimming = """
            UPDATE exchange.streams SET trimmed_through = greatest(trimmed_through, $3)
            WHERE stream = $1 AND epoch = $2 AND state_number >= $3 RETURNING stream
            """;
        await using RowReader rows = await RowReader.Query(_database, Trimming, [stream.Value, checked((long)epoch), checked((long)through)], CancellationToken.None);
        if (!await rows.Next())
            throw await Stale(stream, epoch, _ => $"its state does not cover {through}");
    }

    public IAsyncEnumerable<StreamRecord> ReadLog(StreamId stream, ulong after, CancellationToken cancellation) => _reader.Log(stream, after, cancellation);

    public ValueTask<IReadOnlyList<StreamRecord>> ReadLogBackwards(StreamId stream, ulong before, int count, CancellationToken cancellation) =>
        _reader.LogBackwards(stream, before, count, cancellation);

    /// <summary>Makes partitions ahead and drops those of the journal that nobody needs; the store does it by itself now and then.</summary>
    /// <returns>How many partitions were dropped.</returns>
    public Task<int> RunUpkeep(CancellationToken cancellation) => _upkeep.Run(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _closing.CancelAsync();
        await _upkeepRounds;
        // Joins threads, each of which may be waiting for a transaction.
        await Task.Run(_writer.Dispose);
        await _database.DisposeAsync();
        _closing.Dispose();
    }

    private async Task<StaleEpochException> Stale(StreamId stream, ulong epoch, Func<StoredHead, string> wrongEnd)
    {
        try
        {
            StoredHead? head = await _reader.Head(stream, CancellationToken.None);
            string detail = head is null ? "it was never opened" : head.Epoch != epoch ? $"it is open in epoch {head.Epoch}" : wrongEnd(head);
            return new StaleEpochException(stream, epoch, detail);
        }
        catch (StoreUnavailableException)
        {
            return new StaleEpochException(stream, epoch, "its row says another epoch or another end");
        }
    }

    private async Task RunUpkeep(PostgresStreamStoreOptions options)
    {
        using var rounds = new PeriodicTimer(TimeSpan.FromSeconds(options.UpkeepSeconds), options.Time);
        try
        {
            do
            {
                try
                {
                    await _upkeep.Run(_closing.Token);
                }
                catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
                {
                    // The next round does it: partitions are made hours ahead, and appends make theirs if they must.
                }
            }
            while (await rounds.WaitForNextTickAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
