using System.Diagnostics;
using Exchange.Acceptance.Processes;
using Exchange.Silo.Bench;
using Exchange.Silo.Hosting;
using Exchange.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Engines that are asked to stop, one after the other, as an upgrade does.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private static readonly BenchPlan Plan = new() { Symbols = 9, Accounts = 24 };

    /// <summary>Far above what is measured: this machine may be doing anything else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [SkippableFact]
    public async Task Silos_restarted_one_after_the_other_fail_no_request_and_share_the_grains_again()
    {
        await using TestCluster cluster = await TestCluster.Start(engines: 3, Plan, configure: Configure);
        var load = new Load(cluster, Plan);
        await load.Progress();
        for (int restart = 0; restart < TestScale.Of(3, 12); restart++)
            await Restart(cluster, cluster.Engines[restart % 3], load);

        // The last one came back to nothing.
        await Condition.Holds(async () => IsSpread(await cluster.PortsOf("book"), cluster) && IsSpread(await cluster.PortsOf("account"), cluster));
        await Condition.Holds(async () => (await cluster.PortsOf("book")).GetValueOrDefault(0) == cluster.Engines[2].Port);
        await load.Progress();
        output.WriteLine($"while grains moved the slowest answer came after {load.TakeLongest().TotalSeconds:0.0} s");
        await load.Stop();
        output.WriteLine($"{load.Acknowledged} orders acknowledged");
        await load.NothingIsLostOrDoubled();
    }

    private static void Configure(SiloOptions options)
    {
        TestCluster.Patient(options);
        options.SettleAfterMs = 4_000;
        options.PinnedSymbols["0"] = "engine-2";
    }

    private async Task Restart(TestCluster cluster, SiloProcess old, Load load)
    {
        load.TakeLongest();
        long began = Stopwatch.GetTimestamp();
        old.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await old.WaitForExit());
        output.WriteLine($"{old.Name} ended after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await load.Progress();
        await cluster.Replace(old);
        await load.Progress();
        output.WriteLine($"the slowest answer came after {load.Longest.TotalSeconds:0.0} s");
        Assert.InRange(load.Longest, TimeSpan.Zero, Patience);
    }

    /// <summary>None has more than two above another: a pinned one may make the difference.</summary>
    private static bool IsSpread(Dictionary<long, int> ports, TestCluster cluster)
    {
        int[] counts = [.. cluster.Engines.Select(engine => ports.Values.Count(port => port == engine.Port))];
        return counts.Max() - counts.Min() <= 2;
    }
}
