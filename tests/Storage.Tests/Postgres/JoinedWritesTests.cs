using System.Text;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Writes of many machines in one transaction: what one of them does wrong is its own affair.</summary>
public sealed class JoinedWritesTests : IAsyncLifetime
{
    private const byte Kind = 1;
    private PostgresDatabase _database = null!;
    private PostgresStreamStore _store = null!;

    public async Task InitializeAsync()
    {
        if (!TemporaryPostgres.IsInstalled)
            return;
        _database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        _store = await _database.Open(appendConnections: 1);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_stale_stream_fails_alone_among_those_that_share_its_transaction()
    {
        TemporaryPostgres.SkipIfAbsent();
        await Open(1, 2, 3, 4);
        await using Blockade blockade = await Blockade.Of(_database, new StreamId(Kind, 1));
        Task<ulong> first = Append(1, 1, 0);
        await blockade.UntilAWriteWaits();

        // They queue behind the one that waits, and then go together.
        Task<ulong> good = Append(2, 1, 0);
        Task<ulong> stale = Append(3, 1, 7);
        Task<ulong> alsoGood = Append(4, 1, 0);
        await blockade.Lift();

        ulong[] last = await Task.WhenAll(first, good, alsoGood);
        Assert.Equal([1UL, 1UL, 1UL], last);
        await Assert.ThrowsAsync<StaleEpochException>(() => stale);
        Assert.Equal(1L, await _database.Sql("SELECT count(DISTINCT xmin::text) FROM exchange.journal WHERE stream & 255 IN (2, 4)"));
        Assert.Equal(0L, await _database.Sql("SELECT count(*) FROM exchange.journal WHERE stream & 255 = 3"));
        Assert.Equal(2UL, await Append(2, 1, 1));
    }

    [SkippableFact]
    public async Task A_write_that_the_database_cannot_hold_fails_alone()
    {
        TemporaryPostgres.SkipIfAbsent();
        await Open(1, 2, 3);
        await _database.Sql("ALTER TABLE exchange.journal ADD CONSTRAINT small CHECK (length(records) < 1000)");
        await using Blockade blockade = await Blockade.Of(_database, new StreamId(Kind, 1));
        Task<ulong> first = Append(1, 1, 0);
        await blockade.UntilAWriteWaits();
        Task<ulong> good = Append(2, 1, 0);
        Task<ulong> bad = Append(3, 1, 0, new string('x', 1_000));
        await blockade.Lift();

        ulong[] last = await Task.WhenAll(first, good);
        Assert.Equal([1UL, 1UL], last);
        await Assert.ThrowsAsync<WriteRefusedException>(() => bad);
        Assert.Equal(1UL, await Append(3, 1, 0));
    }

    [SkippableTheory]
    [InlineData(AppendLane.FencedWrites, "bigint[], bigint[], bigint[], bigint[], integer[], bytea[]", "'{1}','{1}','{0}','{1}','{1}','{a}'")]
    [InlineData(StateLane.FencedWrites, "bigint[], bigint[], bigint[], integer[], integer[], bytea[], bigint[], bigint[], integer[], bytea[]", "'{1}','{1}','{1}','{0}','{1}','{a}','{0}','{0}','{1}','{a}'")]
    public async Task Rows_are_looked_up_one_by_one_even_where_the_planner_counted_a_single_stream(string statement, string types, string arrays)
    {
        TemporaryPostgres.SkipIfAbsent();
        await Open(1);
        await _database.Sql("ANALYZE exchange.streams");
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = WriteConnection.SessionSettings }.ConnectionString);
        await connection.OpenAsync();
        await using var prepare = new NpgsqlCommand($"PREPARE fenced({types}) AS {statement}", connection);
        await prepare.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE fenced({arrays})", connection);
        var plan = new List<string>();
        await using (NpgsqlDataReader row = await explain.ExecuteReaderAsync())
            while (await row.ReadAsync())
                plan.Add(row.GetString(0));

        int arraysAt = plan.FindIndex(line => line.Contains("Function Scan", StringComparison.Ordinal));
        int rowsAt = plan.FindIndex(line => line.Contains("Index Scan using streams_pkey", StringComparison.Ordinal));
        Assert.True(arraysAt >= 0 && rowsAt > arraysAt, string.Join('\n', plan));
    }

    [SkippableFact]
    public async Task A_stream_has_one_append_in_flight_at_most()
    {
        TemporaryPostgres.SkipIfAbsent();
        await Open(1);
        await using Blockade blockade = await Blockade.Of(_database, new StreamId(Kind, 1));
        Task<ulong> first = Append(1, 1, 0);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Append(1, 1, 1));

        await blockade.Lift();
        Assert.Equal(1UL, await first);
    }

    [SkippableFact]
    public async Task Silos_that_fight_for_the_same_streams_never_lock_each_other_out()
    {
        TemporaryPostgres.SkipIfAbsent();
        uint[] keys = [.. Enumerable.Range(1, 48).Select(i => (uint)i)];
        PostgresStreamStore[] silos = [await _database.Open(), await _database.Open()];

        await Task.WhenAll(silos.SelectMany((silo, i) => (i == 0 ? keys : keys.Reverse()).Select(key => Fight(silo, new StreamId(Kind, key)))));

        Assert.Equal(0L, await _database.Sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        foreach (uint key in keys)
            Assert.Equal(await _store.Read(new StreamId(Kind, key), 0, CancellationToken.None).CountAsync(), (int)(await _store.Open(new StreamId(Kind, key), CancellationToken.None)).LastSequence);

        static async Task Fight(PostgresStreamStore silo, StreamId stream)
        {
            for (int written = 0; written < 20;)
            {
                OpenedStream opened = await silo.Open(stream, CancellationToken.None);
                try
                {
                    for (ulong last = opened.LastSequence; written < 20; written++)
                        last = await silo.Append(stream, opened.Epoch, last, Batch("fight"));
                }
                catch (StaleEpochException)
                {
                    // The other has it; take it back.
                }
            }
        }
    }

    private async Task Open(params uint[] keys)
    {
        foreach (uint key in keys)
            await _store.Open(new StreamId(Kind, key), CancellationToken.None);
    }

    private async Task<ulong> Append(uint key, ulong epoch, ulong after, string record = "x") =>
        await _store.Append(new StreamId(Kind, key), epoch, after, Batch(record));

    private static RecordBatch Batch(string record)
    {
        var batch = new RecordBatch();
        batch.Add(Encoding.UTF8.GetBytes(record));
        return batch;
    }
}
