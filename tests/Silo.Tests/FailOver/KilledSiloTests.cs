using Exchange.Acceptance.Processes;
using Exchange.Silo.Bench;
using Exchange.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>F23: three engines, one of them killed or frozen under load: nothing acknowledged is lost or doubled, and books answer again soon.</summary>
public sealed class KilledSiloTests(ITestOutputHelper output)
{
    private static readonly BenchPlan Plan = new() { Symbols = 8, Accounts = 24 };

    /// <summary>How long it stays frozen: far longer than the others need to replace it.</summary>
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(TestScale.Of(5, 20));

    /// <summary>Far above what is measured (2 to 3 s): this machine may be doing anything else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_silo_that_is_killed_takes_no_acknowledged_order_with_it()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan);
        var load = new Load(cluster, Plan);
        List<TimeSpan> slowest = [];
        for (int kill = 0; kill < TestScale.Of(2, 20); kill++)
        {
            await load.Progress();
            SiloProcess victim = cluster.Engines[kill % 3];
            victim.Signal(ProcessSignal.Kill);
            await victim.WaitForExit();
            await load.Progress();
            slowest.Add(load.TakeLongest());
            await cluster.Replace(victim);
            Assert.Empty((await cluster.Verify()).Faults);
        }

        await End(load, slowest);
    }

    [SkippableFact]
    public async Task A_silo_that_is_frozen_and_resumed_is_shut_out()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan);
        var load = new Load(cluster, Plan);
        List<TimeSpan> slowest = [];
        for (int freeze = 0; freeze < TestScale.Of(1, 5); freeze++)
        {
            await load.Progress();
            SiloProcess victim = cluster.Engines[freeze % 3];
            using (var frozen = new PeriodicTimer(Freeze))
            {
                victim.Signal(ProcessSignal.Stop);
                await load.Progress();
                await frozen.WaitForNextTickAsync();
            }

            victim.Signal(ProcessSignal.Continue);

            // It finds that it was taken for dead, and ends itself: whatever it still held was refused by the store.
            await victim.WaitForExit();
            await load.Progress();
            slowest.Add(load.TakeLongest());
            await cluster.Replace(victim);
        }

        await End(load, slowest);
    }

    /// <param name="slowest">The slowest answer of each time.</param>
    private async Task End(Load load, List<TimeSpan> slowest)
    {
        await load.Stop();
        string seconds = string.Join(", ", slowest.Order().Select(time => $"{time.TotalSeconds:0.0}"));
        output.WriteLine($"{load.Acknowledged} orders acknowledged; the slowest answer of each time, s: {seconds}");
        Assert.All(slowest, time => Assert.InRange(time, TimeSpan.Zero, Patience));
        await load.NothingIsLostOrDoubled();
    }
}
