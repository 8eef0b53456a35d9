using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.History;

/// <summary>kill -9 of a server that writes history, under load: every row is there in the end, and none twice.</summary>
public sealed class KilledHistoryTests
{
    [SkippableFact]
    public async Task A_killed_server_goes_on_with_its_history_where_the_database_is()
    {
        TemporaryPostgres server = TemporaryPostgres.Shared;
        string database = server.CreateDatabase();
        var settings = new ServerSettings { Arguments = ["--demo", "--Demo:StepMs=50", $"--History:Database={database}"] };
        string name = database.Split("Database=")[1].Split(';')[0];
        using var folder = new DataFolder();
        long rows = 0;
        for (int round = 0; round < TestScale.Of(3, 30); round++)
        {
            await using ServerProcess process = await ServerProcess.Start(folder, settings);
            await Condition.Holds(() => Task.FromResult(server.Sql(name, "SELECT to_regclass('history.ledger') IS NOT NULL") == "t"));
            long before = rows;
            await Condition.Holds(() => Task.FromResult((rows = Number("SELECT count(*) FROM history.ledger")) > before + 100));
            await process.Kill();
        }

        await using (ServerProcess last = await ServerProcess.Start(folder, settings))
            Assert.Equal(0, await last.Stop());   // An orderly stop leaves nothing unwritten.

        Assert.Equal(0, Number("SELECT count(*) FROM history.gaps"));
        ExpectNoHole("fills", "number", "()");
        ExpectNoHole("trades", "trade_id", "symbol");
        ExpectNoHole("ledger", "number", "account");
        Assert.True(Number("SELECT count(*) FROM history.trades") > 0);

        void ExpectNoHole(string table, string number, string of) => Assert.Equal(0, Number(
            $"SELECT count(*) FROM (SELECT 1 FROM history.{table} GROUP BY {of} HAVING max({number}) <> count(*) OR count(DISTINCT {number}) <> count(*)) holed"));

        long Number(string query) => long.Parse(server.Sql(name, $"SELECT coalesce(({query}), 0)"));
    }
}
