using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>F24: what befalls the database under three engines that trade. Nobody ends for it, nothing acknowledged is lost or doubled.</summary>
public sealed class DatabaseFaultTests(ITestOutputHelper output) : IDisposable
{
    private static readonly BenchPlan Plan = new() { Symbols = 8, Accounts = 24 };

    /// <summary>How long it is away, or refuses.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(TestScale.Of(6, 30));

    private readonly TemporaryPostgres? _server = TemporaryPostgres.IsInstalled ? TemporaryPostgres.Start() : null;

    private TemporaryPostgres Server
    {
        get
        {
            TemporaryPostgres.SkipIfAbsent();
            return _server!;
        }
    }

    public void Dispose() => _server?.Dispose();

    [SkippableFact]
    public async Task A_database_that_stops_is_waited_for()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan, Server.CreateDatabase(), TestCluster.Patient);
        var load = new Load(cluster, Plan);
        for (int stop = 0; stop < TestScale.Of(2, 12); stop++)
        {
            // In turn: in order and back at once; as a crash, and away for a while.
            bool isCrash = stop % 2 == 1;
            await load.Progress();
            Server.Stop(isCrash ? "immediate" : "fast");
            if (isCrash)
                await load.StandsStillFor(Outage);
            Server.StartServer();
            await load.Progress();
        }

        await End(cluster, load);
    }

    [SkippableFact]
    public async Task A_database_that_refuses_writes_has_nothing_acknowledged_meanwhile()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan, Server.CreateDatabase(), TestCluster.Patient);
        var load = new Load(cluster, Plan);
        await load.Progress();

        Server.Configure("default_transaction_read_only", "on");
        await load.StandsStillFor(Outage);
        Server.Configure("default_transaction_read_only", "off");

        await load.Progress();
        await End(cluster, load);
    }

    [SkippableFact]
    public async Task Connections_cut_in_the_middle_of_commits_leave_nothing_in_doubt()
    {
        string direct = Server.CreateDatabase();
        using var proxy = new TcpProxy(Server.Port);
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan, TemporaryPostgres.Through(proxy.Port, direct), TestCluster.Patient);
        var load = new Load(cluster, Plan);
        for (int cut = 0; cut < TestScale.Of(6, 60); cut++)
        {
            await load.Progress();
            // Every third time what was asked is lost, else it is done and nobody learns it.
            bool isLost = cut % 3 == 2;
            long swallowed = isLost ? proxy.SwallowedRequests : proxy.SwallowedAnswers;
            proxy.SwallowsRequests = isLost;
            proxy.SwallowsAnswers = !isLost;
            await Condition.Holds(() => (isLost ? proxy.SwallowedRequests : proxy.SwallowedAnswers) - swallowed > 0);
            proxy.Cut();
            proxy.SwallowsRequests = proxy.SwallowsAnswers = false;
        }

        await load.Progress();
        await End(cluster, load);
    }

    private async Task End(TestCluster cluster, Load load)
    {
        await load.Stop();
        output.WriteLine($"{load.Acknowledged} orders acknowledged, the slowest after {load.Longest.TotalSeconds:0.0} s");
        Assert.All(cluster.Engines, engine => Assert.False(engine.HasExited, engine.Output));
        await load.NothingIsLostOrDoubled();
    }
}
