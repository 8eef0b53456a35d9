namespace Exchange.Embedded.Tests.History;

/// <summary>What the journal leads to is in the database, each row once, whatever happens to either of them.</summary>
public sealed class HistoryWriterTests
{
    [SkippableFact]
    public async Task Everything_that_happened_is_in_the_database_once()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 1, leapMs: 9_300_000);
        await venue.Open(database.Options());
        await venue.Trade(3_000);
        await venue.CaughtUp();
        Assert.Null(venue.Writer.Fault);
        venue.Close();

        JournalRows journal = JournalRows.Of(venue.Folder);
        Assert.All(journal.Tables, table => Assert.NotEmpty(table.Value));
        await database.Holds(journal);
    }

    [SkippableFact]
    public async Task What_happened_before_history_was_switched_on_is_written_from_the_journal()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 2);
        await venue.Open(database: null, snapshotOnStop: false);
        await venue.Trade(1_000);
        venue.Close();

        await venue.Open(database.Options());
        await venue.Trade(300);
        venue.Close();

        await database.Holds(JournalRows.Of(venue.Folder));
    }

    /// <summary>Each start finds how far it came in the database, and cuts its batches elsewhere than the one before.</summary>
    [SkippableFact]
    public async Task Restarts_at_any_moment_lose_nothing_and_write_nothing_twice()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 3);
        for (int round = 0; round < TestScale.Of(8, 40); round++)
        {
            // Without a moment to write what is left; with a snapshot now and then.
            await venue.Open(database.Options(), stopTimeoutMs: 0, snapshotOnStop: round % 3 == 1);
            await venue.Trade(137 + round);
            venue.Close();
        }

        await venue.Open(database.Options());
        await venue.CaughtUp();
        venue.Close();
        await database.Holds(JournalRows.Of(venue.Folder));
    }

    [SkippableFact]
    public async Task A_database_that_is_stopped_and_killed_holds_nothing_up_and_has_everything_in_the_end()
    {
        using TemporaryPostgres server = TemporaryPostgres.Start();
        HistoryDatabase database = await HistoryDatabase.Create(server);
        using var venue = new HistoryVenue(seed: 4);
        await venue.Open(database.Options());
        for (int round = 0; round < TestScale.Of(4, 20); round++)
        {
            Task trading = venue.Trade(600);
            if (round % 2 == 0)
                server.Stop("immediate");
            else
                server.Kill();
            await trading;   // Nobody waits for the database.
            await venue.Trade(300);
            await Condition.Holds(() => venue.Writer.Fault is not null);
            server.StartServer();
            if (round % 2 == 1)
                await venue.CaughtUp();
        }

        await venue.CaughtUp();
        Assert.True(venue.Writer.Figures.Failures > 0);
        venue.Close();
        await database.Holds(JournalRows.Of(venue.Folder));
    }

    /// <summary>The worst moments: the commit is made and its answer lost, or it is never made.</summary>
    [SkippableFact]
    public async Task Connections_cut_in_a_commit_lose_nothing_and_write_nothing_twice()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        using var venue = new HistoryVenue(seed: 5);
        await venue.Open(database.Options(proxy));
        for (int round = 0; round < TestScale.Of(10, 100); round++)
        {
            long before = round % 2 == 0 ? proxy.SwallowedAnswers : proxy.SwallowedRequests;
            proxy.SwallowsAnswers = round % 2 == 0;
            proxy.SwallowsRequests = round % 2 == 1;
            await venue.Trade(100);
            await Condition.Holds(() => (round % 2 == 0 ? proxy.SwallowedAnswers : proxy.SwallowedRequests) > before);
            proxy.SwallowsAnswers = false;
            proxy.SwallowsRequests = false;
            proxy.Cut();
            await venue.Trade(20);
        }

        await venue.CaughtUp();
        venue.Close();
        await database.Holds(JournalRows.Of(venue.Folder));
    }

    /// <summary>The replica deletes what two snapshots replace, but not what history has not seen.</summary>
    [SkippableFact]
    public async Task The_journal_is_kept_until_history_has_it_also_over_restarts()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        using var venue = new HistoryVenue(seed: 6);
        await venue.Open(database.Options(proxy), Often);
        await venue.Trade(300);
        await venue.CaughtUp();
        proxy.Refuses = true;
        proxy.Cut();
        for (int restart = 0; restart < 2; restart++)
        {
            await venue.Trade(500);
            await venue.Lengthen(3_000);
            await Condition.Holds(() => venue.Exchange.Replica!.Lag == 0);
            venue.Close();
            await venue.Open(database.Options(proxy), Often, snapshotOnStop: restart == 0);
        }

        Assert.True(File.Exists(venue.FirstSegment));
        proxy.Refuses = false;
        await venue.CaughtUp();
        venue.Close();
        await database.Holds(JournalRows.Of(venue.Folder));

        await venue.Open(database.Options(proxy), Often);
        for (int round = 0; File.Exists(venue.FirstSegment) && round < 20; round++)
            await venue.Lengthen(1_000);
        Assert.False(File.Exists(venue.FirstSegment));
        Assert.Equal(0, venue.Writer.Figures.Gaps);
    }

    [SkippableFact]
    public async Task Beyond_its_bound_the_journal_is_let_go_and_the_gap_is_noted()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        using var venue = new HistoryVenue(seed: 7);
        await venue.Open(database.Options(proxy), Often, keptJournalBytes: 20L << 20);
        await venue.Trade(300);
        await venue.CaughtUp();
        proxy.Refuses = true;
        proxy.Cut();
        for (int round = 0; File.Exists(venue.FirstSegment) && round < 40; round++)
        {
            await venue.Trade(200);
            await venue.Lengthen(1_000);
        }

        Assert.Equal("history_let_go", venue.Writer.Warning);
        venue.Close();
        proxy.Refuses = false;
        await venue.Open(database.Options(proxy), Often, keptJournalBytes: 20L << 20);
        await venue.CaughtUp();

        Assert.Equal(1, venue.Writer.Figures.Gaps);
        Assert.Null(venue.Writer.Warning);
        long through = (long)(await database.Sql("SELECT through_sequence FROM history.gaps"))!;
        Assert.True((long)(await database.Sql($"SELECT count(*) FROM history.ledger WHERE sequence > {through}"))! > 0);
        await venue.Trade(300);
        await venue.CaughtUp();
        Assert.True((bool)(await database.Sql($"""
            SELECT bool_and(number = before + 1) FROM (SELECT number, lag(number, 1, number - 1) OVER (PARTITION BY account ORDER BY number) AS before
            FROM history.ledger WHERE sequence > {through}) numbered
            """))!);
    }

    private static ReplicaOptions Often => new() { SnapshotEveryBytes = 1 << 20, SnapshotEveryInputs = 1_000, WaitsForOthers = false };
}
