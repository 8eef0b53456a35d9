using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Connections cut in the middle: what was sent is unknown until it is read back, what was not sent is sent later.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private static readonly StreamId Book = new(1, 1);
    private PostgresDatabase _database = null!;
    private PostgresStreamStore _store = null!;
    private TcpProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        if (!TemporaryPostgres.IsInstalled)
            return;
        _database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        _proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        _store = await _database.Open(_proxy, appendConnections: 1);   // which is made by the append below: what is cut is a write, not the making
        await _store.Open(Book, CancellationToken.None);
        await _store.Append(Book, 1, 0, Batch("before"u8));
        await _store.WriteState(Book, 1, new StateWrite(new StreamState(1, "before"u8.ToArray())));
    }

    public async Task DisposeAsync()
    {
        _proxy?.Dispose();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task An_append_whose_answer_is_lost_is_of_unknown_outcome_and_found_when_read_back()
    {
        TemporaryPostgres.SkipIfAbsent();
        _proxy.SwallowsAnswers = true;
        Task<ulong> append = _store.Append(Book, 1, 1, Batch("committed"u8)).AsTask();
        await _database.Until("SELECT last_sequence = 2 FROM exchange.streams");
        Assert.False(append.IsCompleted);

        _proxy.Cut();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => append);
        _proxy.SwallowsAnswers = false;
        OpenedStream opened = await _store.Open(Book, CancellationToken.None);
        Assert.Equal((2UL, 2UL), (opened.Epoch, opened.LastSequence));
        Assert.Equal(3UL, await _store.Append(Book, 2, 2, Batch("after"u8)));
    }

    [SkippableFact]
    public async Task An_append_that_never_arrived_is_of_unknown_outcome_and_not_there_when_read_back()
    {
        TemporaryPostgres.SkipIfAbsent();
        _proxy.SwallowsRequests = true;
        Task<ulong> append = _store.Append(Book, 1, 1, Batch("lost"u8)).AsTask();
        await Condition.Holds(() => _proxy.SwallowedRequests > 0);

        _proxy.Cut();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => append);
        _proxy.SwallowsRequests = false;
        OpenedStream opened = await _store.Open(Book, CancellationToken.None);
        Assert.Equal((2UL, 1UL), (opened.Epoch, opened.LastSequence));
        Assert.Equal(2UL, await _store.Append(Book, 2, 1, Batch("after"u8)));
    }

    [SkippableFact]
    public async Task A_write_of_state_whose_answer_is_lost_is_of_unknown_outcome()
    {
        TemporaryPostgres.SkipIfAbsent();
        _proxy.SwallowsAnswers = true;
        Task write = _store.WriteState(Book, 1, new StateWrite(new StreamState(2, "committed"u8.ToArray()), 0, Batch("row"u8))).AsTask();
        await _database.Until("SELECT state_number = 2 FROM exchange.streams");
        _proxy.Cut();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => write);
        _proxy.SwallowsAnswers = false;
        OpenedStream opened = await _store.Open(Book, CancellationToken.None);
        Assert.Equal((2UL, 1UL), (opened.State!.Value.Number, opened.LastLogNumber));
    }

    [SkippableFact]
    public async Task An_opening_waits_until_the_database_can_be_reached_again()
    {
        TemporaryPostgres.SkipIfAbsent();
        _proxy.Refuses = true;
        _proxy.Cut();
        Task<OpenedStream> opening = _store.Open(Book, CancellationToken.None).AsTask();
        await Condition.Holds(() => _store.Fault is not null);
        Assert.False(opening.IsCompleted);

        _proxy.Refuses = false;

        Assert.Equal(1UL, (await opening).LastSequence);
        Assert.Null(_store.Fault);
    }

    [SkippableFact]
    public async Task An_opening_that_was_given_up_does_not_stand_in_the_way_of_the_next()
    {
        TemporaryPostgres.SkipIfAbsent();
        await using Blockade blockade = await Blockade.Of(_database, Book);
        using var patience = new CancellationTokenSource();
        Task<OpenedStream> givenUp = _store.Open(Book, patience.Token).AsTask();
        await blockade.UntilAWriteWaits();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Task<OpenedStream> next = _store.Open(Book, CancellationToken.None).AsTask();

        await blockade.Lift();

        Assert.Equal(3UL, (await next).Epoch);
    }

    [SkippableFact]
    public async Task Reads_find_the_way_back_by_themselves_and_say_so_where_there_is_none()
    {
        TemporaryPostgres.SkipIfAbsent();
        Assert.NotNull(await _store.ReadState(Book, CancellationToken.None));
        _proxy.Cut();
        Assert.NotNull(await _store.ReadState(Book, CancellationToken.None));

        _proxy.Refuses = true;
        _proxy.Cut();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.ReadState(Book, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.Read(Book, 0, CancellationToken.None).CountAsync());
    }

    [SkippableFact]
    public async Task A_connection_that_is_cut_while_it_is_opened_is_not_gone_on_with()
    {
        TemporaryPostgres.SkipIfAbsent();
        _proxy.RefuseNext(1);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _database.Open(_proxy));

        await _database.Open(_proxy);
    }

    [SkippableFact]
    public async Task A_transaction_out_of_time_is_decided_by_the_next_opening()
    {
        TemporaryPostgres.SkipIfAbsent();
        PostgresStreamStore impatient = await _database.Open(timeoutSeconds: 1);
        ulong epoch = (await impatient.Open(Book, CancellationToken.None)).Epoch;
        await using Blockade blockade = await Blockade.Of(_database, Book);

        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await impatient.Append(Book, epoch, 1, Batch("late"u8)));
        Task<OpenedStream> opening = _store.Open(Book, CancellationToken.None).AsTask();
        await blockade.UntilAWriteWaits();
        await blockade.Lift();

        // Whether the late one got in before is the database's choice; but behind the opening nothing of it comes any more.
        OpenedStream opened = await opening;
        Assert.Equal(epoch + 1, opened.Epoch);
        Assert.Equal(opened.LastSequence + 1, await _store.Append(Book, opened.Epoch, opened.LastSequence, Batch("after"u8)));
        Assert.Equal((int)opened.LastSequence + 1, await _store.Read(Book, 0, CancellationToken.None).CountAsync());
    }

    [SkippableFact]
    public async Task A_database_that_has_gone_back_behind_what_it_acknowledged_is_refused()
    {
        TemporaryPostgres.SkipIfAbsent();
        await _store.Append(Book, 1, 1, Batch("acknowledged"u8));
        await _database.Sql("DELETE FROM exchange.journal WHERE last_sequence = 2; UPDATE exchange.streams SET last_sequence = 1");

        StreamDamagedException refusal = await Assert.ThrowsAsync<StreamDamagedException>(async () => await _store.Open(Book, CancellationToken.None));

        Assert.Contains("gone back", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_closed_store_fails_what_it_could_not_write()
    {
        TemporaryPostgres.SkipIfAbsent();
        var store = await _database.Open(_proxy);
        _proxy.Refuses = true;
        _proxy.Cut();
        Task<OpenedStream> opening = store.Open(Book, CancellationToken.None).AsTask();
        await Condition.Holds(() => store.Fault is not null);

        await store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => opening);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.Append(Book, 1, 1, Batch("x"u8)));
    }

    private static RecordBatch Batch(ReadOnlySpan<byte> record)
    {
        var batch = new RecordBatch();
        batch.Add(record);
        return batch;
    }
}
