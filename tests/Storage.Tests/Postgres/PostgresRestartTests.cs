using System.Diagnostics;
using Exchange.Storage.Postgres;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>A server that stops, crashes or refuses while machines append (F24): nothing acknowledged is lost, nothing is there twice.</summary>
public sealed class PostgresRestartTests : IAsyncLifetime
{
    private const int Machines = 16;
    private TemporaryPostgres _server = null!;
    private PostgresDatabase _database = null!;
    private PostgresStreamStore _store = null!;

    public async Task InitializeAsync()
    {
        if (!TemporaryPostgres.IsInstalled)
            return;
        _server = TemporaryPostgres.Start();
        _database = await PostgresDatabase.Create(_server);
        _store = await _database.Open();
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _server?.Dispose();
    }

    [SkippableTheory]
    [InlineData("fast")]
    [InlineData("immediate")]
    [InlineData("kill")]
    public async Task A_server_that_ends_under_load_loses_nothing_acknowledged(string end)
    {
        TemporaryPostgres.SkipIfAbsent();
        await using var load = new AppendingLoad(_store, Machines);
        for (int round = 0; round < TestScale.Of(2, 20); round++)
        {
            await load.Progress();
            if (end == "kill")
                _server.Kill();
            else
                _server.Stop(end);
            await Condition.Holds(() => _store.Fault is not null);
            long down = load.Acknowledged;
            await Condition.Lasts(() => load.Acknowledged == down);
            _server.StartServer();
        }

        await load.Progress();
        await load.Verify();
    }

    [SkippableFact]
    public async Task A_server_that_refuses_writes_is_waited_for_and_no_machine_steps_down()
    {
        TemporaryPostgres.SkipIfAbsent();
        await using var load = new AppendingLoad(_store, Machines);
        await load.Progress();
        _server.Configure("default_transaction_read_only", "on");
        await Refused(load);

        _server.Configure("default_transaction_read_only", "off");

        await load.Progress();
        await load.Verify();
        Assert.True(load.Unknown.Count == 0, load.Unknown.FirstOrDefault());
        Assert.Null(_store.Fault);
    }

    [SkippableFact]
    public async Task A_full_disk_is_waited_for_and_no_machine_steps_down()
    {
        TemporaryPostgres.SkipIfAbsent();
        string folder = Directory.CreateTempSubdirectory("exchange-pg-small-").FullName;
        bool isMounted = Run("mount", "-t", "tmpfs", "-o", "size=8m,mode=0777", "tmpfs", folder);
        try
        {
            Skip.IfNot(isMounted, "A tmpfs cannot be mounted here (that takes root).");
            _server.Own(folder);
            await _database.Sql($"CREATE TABLESPACE small LOCATION '{folder}'");
            await _database.Sql("""
                DO $$ DECLARE partition text; BEGIN
                    FOR partition IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'exchange.journal'::regclass
                    LOOP EXECUTE 'ALTER TABLE ' || partition || ' SET TABLESPACE small'; END LOOP;
                END $$
                """);
            await using var load = new AppendingLoad(_store, Machines);
            await load.Progress();
            string filler = Path.Combine(folder, "filler");
            Assert.False(Run("dd", "if=/dev/zero", $"of={filler}", "bs=4k"));   // until there is no room
            await Refused(load);
            Assert.Contains("No space left", _store.Fault, StringComparison.Ordinal);

            File.Delete(filler);

            await load.Progress();
            await load.Verify();
            Assert.True(load.Unknown.Count == 0, load.Unknown.FirstOrDefault());
        }
        finally
        {
            _server.Dispose();
            if (isMounted)
                Run("umount", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Nothing is acknowledged from here on.</summary>
    private async Task Refused(AppendingLoad load)
    {
        await Condition.Holds(() => _store.Fault is not null);
        await Condition.Settles(() => load.Acknowledged);
    }

    private static bool Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
