using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres.History;

/// <summary>One connection that writes history: each batch by binary COPY in one transaction with the position that it leads to.</summary>
/// <remarks>
/// To open it fences all that were opened before, and tells what they had committed: whatever became of a commit that was not answered,
/// the next session knows. Not to be used by two threads at once.
/// </remarks>
public sealed class HistorySession : IDisposable
{
    /// <summary>How far ahead of the rows that come partitions are made, in ms.</summary>
    private const long AheadMs = 40L * 24 * 3_600_000;

    private const string Take = """
        UPDATE history.position SET epoch = epoch + 1, journal = $1 WHERE journal IS NULL OR journal = $1
        RETURNING epoch, sequence, time, sequence = 0 AND time = 'epoch'
        """;

    private const string Advance = "UPDATE history.position SET sequence = $2, time = $3 WHERE epoch = $1 AND sequence = $4";

    private const string AddGap = "INSERT INTO history.gaps (after_sequence, through_sequence, through_time) VALUES ($1, $2, $3)";

    private readonly NpgsqlConnection _connection;
    private readonly HistoryFigures _figures;
    private long _epoch;
    private (long FirstMs, long LastMs) _partitioned = (long.MaxValue, long.MinValue);

    private HistorySession(NpgsqlConnection connection, HistoryFigures figures)
    {
        _connection = connection;
        _figures = figures;
    }

    public HistoryPosition Position { get; private set; }

    /// <summary>Takes the history over.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="journal">The number that the journal was given when it was made.</param>
    /// <param name="figures">Counts what is written.</param>
    /// <exception cref="NpgsqlException">The database cannot be had now.</exception>
    /// <exception cref="ForeignHistoryException">It is another journal's.</exception>
    /// <exception cref="SchemaVersionException">It was not migrated.</exception>
    /// <exception cref="UnsafeDatabaseException">It would lose what it acknowledges.</exception>
    public static HistorySession Open(HistoryDatabaseOptions options, ulong journal, HistoryFigures figures)
    {
        if (options.Migrates)
            PostgresMigrations.Apply(options.WriterConnection, CancellationToken.None).GetAwaiter().GetResult();
        PostgresMigrations.RequireCurrent(options.WriterConnection, CancellationToken.None).GetAwaiter().GetResult();
        var session = new HistorySession(new NpgsqlConnection(options.WriterConnection), figures);
        try
        {
            session._connection.Open();
            session.TakeOver(journal);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Writes a batch; when it returns, it is durable.</summary>
    /// <param name="batch">All rows of the records between <see cref="Position"/> and <paramref name="sequence"/>.</param>
    /// <param name="sequence">Of the last record it is of.</param>
    /// <param name="timeMs">The venue's time then.</param>
    /// <exception cref="HistorySupersededException">Another session has taken over; nothing was written.</exception>
    /// <exception cref="NpgsqlException">Whether it was written is told by the next session's <see cref="Position"/>.</exception>
    public void Write(HistoryBatch batch, ulong sequence, long timeMs)
    {
        if (batch.Times is { } times)
            AddPartitions(times.FirstMs, times.LastMs);
        using NpgsqlTransaction transaction = _connection.BeginTransaction();
        MoveTo(sequence, timeMs);
        foreach (Core.Instruments.Instrument instrument in batch.Instruments)
            Execute(HistoryTable.Instrument, HistoryTable.Parameters(instrument));
        Copy(HistoryTable.Trades, batch.Trades, HistoryTable.WriteTrade);
        Copy(HistoryTable.Marks, batch.Marks, HistoryTable.WriteMark);
        Copy(HistoryTable.Fundings, batch.Fundings, HistoryTable.WriteFunding);
        Copy(HistoryTable.OrderEvents, batch.OrderEvents, HistoryTable.WriteOrderEvent);
        Copy(HistoryTable.Candles, batch.Candles, HistoryTable.WriteCandle);
        Copy(HistoryTable.Fills, batch.Fills, HistoryTable.WriteFill);
        Copy(HistoryTable.Ledger, batch.Movements, HistoryTable.WriteMovement);
        Copy(HistoryTable.Orders, batch.Orders, HistoryTable.WriteOrder);
        transaction.Commit();
        Position = new HistoryPosition(sequence, timeMs, IsNew: false);
        _figures.Count(batch);
    }

    /// <summary>Goes on behind records whose rows are not to be had any more, and notes which.</summary>
    public void PassOver(ulong throughSequence, long throughMs)
    {
        using NpgsqlTransaction transaction = _connection.BeginTransaction();
        ulong after = Position.Sequence;
        MoveTo(throughSequence, throughMs);
        Execute(AddGap, Number((long)after), Number((long)throughSequence), Time(throughMs));
        transaction.Commit();
        Position = new HistoryPosition(throughSequence, throughMs, IsNew: false);
    }

    /// <summary>Drops what is older than it is kept: detached first, so that readers and writers are not locked out.</summary>
    /// <returns>How many partitions are gone.</returns>
    public int DropBefore(string table, long timeMs)
    {
        foreach ((string partition, bool isHalfDetached) in Partitions(table, timeMs))
            Execute($"ALTER TABLE history.{table} DETACH PARTITION history.{partition} {(isHalfDetached ? "FINALIZE" : "CONCURRENTLY")}");
        List<string> detached = [];
        using (var command = new NpgsqlCommand("SELECT history.detached_partitions($1)", _connection) { Parameters = { new() { Value = table } } })
        using (NpgsqlDataReader row = command.ExecuteReader())
        {
            while (row.Read())
                detached.Add(row.GetString(0));
        }

        foreach (string partition in detached)
            Execute($"DROP TABLE history.{partition}");
        return detached.Count;
    }

    public void Dispose() => _connection.Dispose();

    private void TakeOver(ulong journal)
    {
        using var command = new NpgsqlCommand(Take, _connection) { Parameters = { Number(unchecked((long)journal)) } };
        using NpgsqlDataReader row = command.ExecuteReader();
        if (!row.Read())
            throw new ForeignHistoryException();
        _epoch = row.GetInt64(0);
        long timeMs = new DateTimeOffset(row.GetDateTime(2)).ToUnixTimeMilliseconds();
        Position = new HistoryPosition((ulong)row.GetInt64(1), timeMs, row.GetBoolean(3));
    }

    private void MoveTo(ulong sequence, long timeMs)
    {
        int moved = Execute(Advance, Number(_epoch), Number((long)sequence), Time(timeMs), Number((long)Position.Sequence));
        if (moved != 1)
            throw new HistorySupersededException();
    }

    private void AddPartitions(long firstMs, long lastMs)
    {
        if (firstMs >= _partitioned.FirstMs && lastMs + AheadMs / 2 <= _partitioned.LastMs)
            return;
        Execute("SELECT history.add_partitions($1, $2)", Time(firstMs), Time(lastMs + AheadMs));
        _partitioned = (Math.Min(firstMs, _partitioned.FirstMs), Math.Max(lastMs + AheadMs, _partitioned.LastMs));
    }

    private List<(string Name, bool IsHalfDetached)> Partitions(string table, long beforeMs)
    {
        List<(string Name, bool IsHalfDetached)> partitions = [];
        using var command = new NpgsqlCommand("SELECT * FROM history.partitions_before($1, $2)", _connection)
        {
            Parameters = { new() { Value = table }, Time(beforeMs) },
        };
        using NpgsqlDataReader row = command.ExecuteReader();
        while (row.Read())
            partitions.Add((row.GetString(0), row.GetBoolean(1)));
        return partitions;
    }

    private void Copy<T>(string statement, List<T> rows, CopyRow<T> write)
    {
        if (rows.Count == 0)
            return;
        using NpgsqlBinaryImporter copy = _connection.BeginBinaryImport(statement);
        for (int i = 0; i < rows.Count; i++)
        {
            copy.StartRow();
            write(copy, rows[i]);
        }

        copy.Complete();
    }

    private int Execute(string statement, params NpgsqlParameter[] parameters)
    {
        using var command = new NpgsqlCommand(statement, _connection);
        command.Parameters.AddRange(parameters);
        return command.ExecuteNonQuery();
    }

    private static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value };

    private static NpgsqlParameter Time(long unixMs) =>
        new NpgsqlParameter<DateTime> { TypedValue = HistoryTable.Time(unixMs), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private delegate void CopyRow<T>(NpgsqlBinaryImporter copy, in T row);
}
