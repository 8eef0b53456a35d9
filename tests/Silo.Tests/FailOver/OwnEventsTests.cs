using Exchange.Acceptance.Processes;
using Exchange.Core.Port;
using Exchange.Grains.Tests.Support;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>F23: whoever listens to an account hears all that happens to it, once and in order, while the silos it lives on are killed.</summary>
public sealed class OwnEventsTests
{
    private static readonly BenchPlan Plan = new() { Symbols = 2, Accounts = 12 };

    [SkippableFact]
    public async Task No_event_of_an_account_is_lost_or_doubled_or_out_of_order_when_its_silo_is_killed()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 2, Plan);
        var listeners = new List<AccountListener>();
        for (uint account = 1; account <= Plan.Accounts; account++)
            listeners.Add(await AccountListener.Begin(cluster.Exchange, account));
        var load = new Load(cluster, Plan);
        for (int kill = 0; kill < TestScale.Of(2, 10); kill++)
        {
            await load.Progress();
            SiloProcess victim = cluster.Engines[kill % 2];
            victim.Signal(ProcessSignal.Kill);
            await victim.WaitForExit();
            await load.Progress();
            await cluster.Replace(victim);
        }

        await load.Stop();
        foreach (AccountListener listener in listeners)
            await listener.HasHeardAll();
    }
}
