using Exchange.Core.Port;
using Exchange.Storage.Postgres.History;

namespace Exchange.Storage.Tests.Postgres.History;

public sealed class HistorySessionTests
{
    private const ulong Journal = ulong.MaxValue - 5;
    private const long DayMs = 86_400_000;
    private const long NowMs = 1_800_000_000_000;
    private readonly HistoryFigures _figures = new();

    [SkippableFact]
    public async Task A_session_that_another_has_followed_writes_nothing_any_more()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        using HistorySession first = Open(database);
        first.Write(Trades(1, NowMs), 10, NowMs);
        using HistorySession second = Open(database);
        Assert.Equal(10UL, second.Position.Sequence);

        Assert.Throws<HistorySupersededException>(() => first.Write(Trades(2, NowMs), 20, NowMs));

        second.Write(Trades(2, NowMs), 20, NowMs);
        Assert.Equal(2L, await database.Sql("SELECT count(*) FROM history.trades"));
    }

    [SkippableFact]
    public async Task The_history_of_another_journal_is_not_gone_on_with()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        Open(database).Dispose();

        Assert.Throws<ForeignHistoryException>(() => HistorySession.Open(new HistoryDatabaseOptions(database.ConnectionString), 1, _figures));
    }

    [SkippableFact]
    public async Task A_batch_of_which_one_row_is_refused_leaves_nothing()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        using HistorySession session = Open(database);
        HistoryBatch twice = Trades(1, NowMs);
        twice.Trades.Add(twice.Trades[0]);

        Assert.Throws<Npgsql.PostgresException>(() => session.Write(twice, 10, NowMs));

        session.Write(Trades(1, NowMs), 10, NowMs);
        Assert.Equal(1L, await database.Sql("SELECT count(*) FROM history.trades"));
    }

    [SkippableFact]
    public async Task Old_partitions_go_as_a_whole_also_those_whose_going_was_interrupted()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
        using HistorySession session = Open(database);
        for (int day = 0; day < 40; day++)
            session.Write(Trades((ulong)day + 1, NowMs + day * DayMs), (ulong)day + 1, NowMs + day * DayMs);
        string oldest = (string)(await database.Sql("SELECT name FROM history.partitions_before('trades', 'infinity') LIMIT 1"))!;
        await database.Sql($"ALTER TABLE history.trades DETACH PARTITION history.{oldest}");

        int dropped = session.DropBefore("trades", NowMs + 20 * DayMs);

        Assert.InRange(dropped, 2, 4);
        // A partition that is not wholly before the time stays.
        Assert.InRange((long)(await database.Sql("SELECT min(trade_id) FROM history.trades"))!, 14, 21);
        Assert.Equal(40L, await database.Sql("SELECT max(trade_id) FROM history.trades"));
        Assert.Equal(0, session.DropBefore("trades", NowMs + 20 * DayMs));
        Assert.Null(await database.Sql($"SELECT to_regclass('history.{oldest}')::text") as string);
    }

    [SkippableFact]
    public async Task Partitions_are_there_before_the_rows_and_made_twice_at_once_are_made_once()
    {
        await using PostgresDatabase database = await PostgresDatabase.Create(TemporaryPostgres.Shared);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.Sql("SELECT history.add_partitions('2026-01-15', '2026-06-20')")));

        Assert.Equal(6L, await database.Sql("SELECT count(*) FROM history.partitions_before('fills', 'infinity')"));
        Assert.Equal(23L, await database.Sql("SELECT count(*) FROM history.partitions_before('trades', 'infinity')"));
    }

    private HistorySession Open(PostgresDatabase database) => HistorySession.Open(new HistoryDatabaseOptions(database.ConnectionString), Journal, _figures);

    private static HistoryBatch Trades(ulong id, long timeMs)
    {
        var batch = new HistoryBatch();
        batch.Trades.Add(new FeedEvent { Kind = FeedKind.Trade, Id = id, TimeMs = timeMs, PriceTicks = 5, Lots = 1 });
        return batch;
    }
}
