using Exchange.Acceptance.Processes;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Three engines, one of them killed or frozen under load: nothing acknowledged is lost or doubled, and books answer again soon.</summary>
public sealed class KilledSiloTests(ITestOutputHelper output)
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Symbols = 8;
    private const uint Accounts = 24;

    /// <summary>Far above what is measured (2 to 3 s): this machine may be doing anything else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_silo_that_is_killed_takes_no_acknowledged_order_with_it()
    {
        int kills = TestScale.IsLong ? 20 : 2;
        await using TestCluster cluster = await TestCluster.Start(engines: 3, new BenchPlan(Symbols, Accounts));
        var load = new Load(cluster, Symbols, Accounts);
        for (int kill = 0; kill < kills; kill++)
        {
            await MoreOrders(load);
            SiloProcess victim = cluster.Engines[kill % 3];
            victim.Signal(ProcessSignal.Kill);
            await victim.WaitForExit();
            await MoreOrders(load);
            cluster.Forget(victim);
            await victim.DisposeAsync();
            await cluster.StartEngine();
        }

        await load.Stop();
        output.WriteLine($"{load.Acknowledged} orders acknowledged, the slowest after {load.Longest.TotalSeconds:0.0} s");
        Assert.InRange(load.Longest, TimeSpan.Zero, Patience);
        await load.EveryAcknowledgedOrderIsThereOnce();
    }

    [SkippableFact]
    public async Task A_silo_that_is_frozen_and_resumed_is_shut_out()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, new BenchPlan(Symbols, Accounts));
        var load = new Load(cluster, Symbols, Accounts);
        await MoreOrders(load);
        SiloProcess victim = cluster.Engines[0];

        victim.Signal(Stop);
        await MoreOrders(load);
        victim.Signal(Continue);

        // It finds that it was taken for dead, and ends itself: whatever it still held was refused by the store.
        await victim.WaitForExit();
        await MoreOrders(load);
        await load.Stop();
        output.WriteLine($"{load.Acknowledged} orders acknowledged, the slowest after {load.Longest.TotalSeconds:0.0} s");
        Assert.InRange(load.Longest, TimeSpan.Zero, Patience);
        await load.EveryAcknowledgedOrderIsThereOnce();
    }

    /// <summary>Every account has had orders of every kind answered since.</summary>
    private static async Task MoreOrders(Load load)
    {
        int enough = load.Acknowledged + 50 * (int)Accounts;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (load.Acknowledged < enough)
            await poll.WaitForNextTickAsync(patience.Token);
    }
}
