using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>What lies in the tables: damage is found, and what nobody needs goes.</summary>
public sealed class StoredBytesTests : IAsyncLifetime
{
    private static readonly StreamId Book = new(1, 1);
    private static readonly StreamId Other = new(1, 2);
    private PostgresDatabase _database = null!;
    private PostgresStreamStore _store = null!;

    public async Task InitializeAsync()
    {
        if (!TemporaryPostgres.IsInstalled)
            return;
        _database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        _store = await _database.Open();
        foreach (StreamId stream in (StreamId[])[Book, Other])
        {
            await _store.Open(stream, CancellationToken.None);
            for (ulong i = 0; i < 3; i++)
                await _store.Append(stream, 1, i, Batch((byte)(i + 1)));
            await _store.WriteState(stream, 1, new StateWrite(new StreamState(2, new byte[] { 7, 8 }), 0, Batch(9)));
            await _store.WriteState(stream, 1, new StateWrite(new StreamState(3, new byte[] { 7, 8 }), 1, Batch(9)));
        }
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("UPDATE exchange.journal SET records = set_byte(records, 4, 99) WHERE stream = {0} AND last_sequence = 2", 2)]
    [InlineData("UPDATE exchange.journal SET epoch = 2 WHERE stream = {0} AND last_sequence = 2", 2)]
    [InlineData("DELETE FROM exchange.journal WHERE stream = {0} AND last_sequence = 1", 1)]
    [InlineData("DELETE FROM exchange.journal WHERE stream = {0} AND last_sequence = 2", 2)]
    [InlineData("DELETE FROM exchange.journal WHERE stream = {0} AND last_sequence = 3", 3)]
    [InlineData("UPDATE exchange.journal j SET records = o.records, checksum = o.checksum FROM exchange.journal o WHERE j.stream = {0} AND o.stream = {1} AND j.last_sequence = 2 AND o.last_sequence = 2", 2)]
    public async Task A_journal_that_is_not_what_was_written_is_named_and_not_read(string damage, ulong number)
    {
        TemporaryPostgres.SkipIfAbsent();
        await _database.Sql(string.Format(damage, Book.Value, Other.Value));

        StreamDamagedException refusal = await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.Read(Book, 0, CancellationToken.None).CountAsync());

        Assert.Equal((Book, number), (refusal.Stream, refusal.Number));
        Assert.Equal(3, await _store.Read(Other, 0, CancellationToken.None).CountAsync());
    }

    [SkippableFact]
    public async Task A_damaged_state_or_log_is_named_and_not_read()
    {
        TemporaryPostgres.SkipIfAbsent();
        await _database.Sql($"UPDATE exchange.streams SET state = set_byte(state, 1, 0) WHERE stream = {Book.Value}");
        await _database.Sql($"UPDATE exchange.log SET records = set_byte(records, 4, 0) WHERE stream = {Book.Value} AND last_number = 1");

        await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.ReadState(Book, CancellationToken.None));
        await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.Open(Book, CancellationToken.None));
        await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.ReadLog(Book, 0, CancellationToken.None).CountAsync());
        await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.ReadLogBackwards(Book, ulong.MaxValue, 5, CancellationToken.None));
        Assert.Single(await _store.ReadLogBackwards(Book, ulong.MaxValue, 1, CancellationToken.None));
    }

    [SkippableFact]
    public async Task A_partition_of_the_journal_is_dropped_once_no_stream_needs_it()
    {
        TemporaryPostgres.SkipIfAbsent();
        await Age("2020-01-01", "last_sequence <= 2");
        await _store.Trim(Book, 1, 2);
        Assert.Equal(0, await _store.RunUpkeep(CancellationToken.None));
        Assert.Equal(3, await _store.Read(Other, 0, CancellationToken.None).CountAsync());

        await _store.Trim(Other, 1, 3);
        Assert.Equal(1, await _store.RunUpkeep(CancellationToken.None));

        Assert.Equal(1, await _store.Read(Book, 2, CancellationToken.None).CountAsync());
        await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.Read(Book, 0, CancellationToken.None).CountAsync());
        Assert.Equal(4UL, await _store.Append(Book, 1, 3, Batch(4)));
    }

    [SkippableFact]
    public async Task A_partition_that_is_being_read_is_dropped_later()
    {
        TemporaryPostgres.SkipIfAbsent();
        await Age("2020-01-01", "last_sequence <= 2");
        await _store.Trim(Book, 1, 2);
        await _store.Trim(Other, 1, 2);
        await using (await Blockade.OfReader(_database))
            Assert.Equal(0, await _store.RunUpkeep(CancellationToken.None));

        Assert.Equal(1, await _store.RunUpkeep(CancellationToken.None));
    }

    [SkippableFact]
    public async Task An_append_for_whose_time_no_partition_was_made_makes_one()
    {
        TemporaryPostgres.SkipIfAbsent();
        await _database.Sql("""
            DO $$ DECLARE partition text; BEGIN
                FOR partition IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('exchange.journal'::regclass, 'exchange.log'::regclass)
                LOOP EXECUTE 'DROP TABLE ' || partition; END LOOP;
            END $$
            """);

        Assert.Equal(4UL, await _store.Append(Book, 1, 3, Batch(4)));
        await _store.WriteState(Book, 1, new StateWrite(new StreamState(4, new byte[] { 1 }), 2, Batch(9)));
    }

    [SkippableFact]
    public async Task Parts_of_replaced_states_are_deleted()
    {
        TemporaryPostgres.SkipIfAbsent();
        await _store.WriteState(Book, 1, new StateWrite(new StreamState(4, new byte[3_000_000])));
        await _store.WriteState(Book, 1, new StateWrite(new StreamState(5, new byte[2_000_000])));
        Assert.Equal(5L, await _database.Sql("SELECT count(*) FROM exchange.state_parts"));

        await _store.RunUpkeep(CancellationToken.None);

        Assert.Equal(2L, await _database.Sql("SELECT count(*) FROM exchange.state_parts"));
        Assert.Equal(2_000_000, (await _store.ReadState(Book, CancellationToken.None))!.Value.Bytes.Length);
    }

    /// <summary>Moves rows into a partition of long ago.</summary>
    private async Task Age(string day, string which) => await _database.Sql($"""
        CREATE TABLE exchange.journal_old PARTITION OF exchange.journal FOR VALUES FROM ('{day} 00:00Z') TO ('{day} 01:00Z');
        ALTER TABLE exchange.journal_old ADD PRIMARY KEY (stream, last_sequence);
        UPDATE exchange.journal SET written_at = '{day} 00:30Z' WHERE {which}
        """);

    private static RecordBatch Batch(byte record)
    {
        var batch = new RecordBatch();
        batch.Add([record]);
        return batch;
    }
}
