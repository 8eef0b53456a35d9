using System.Globalization;
using Exchange.Silo.Hosting;

namespace Exchange.Silo.Bench;

/// <summary><c>bench</c>: silos in this process, PostgreSQL beside them.</summary>
internal static class BenchProgram
{
    public static async Task<int> Run(string[] args)
    {
        IConfigurationRoot settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        BenchPlan plan = settings.GetSection(BenchPlan.Section).Get<BenchPlan>() ?? new BenchPlan();
        if (plan.Has("trades"))
            return await TradeBench.Run(args, plan);
        await using BenchSilos? silos = await BenchSilos.Start(args, plan.Silos);
        if (silos is null)
            return ExitCodes.CannotStart;
        using var meter = new CostMeter(settings[$"{SiloOptions.Section}:{nameof(SiloOptions.Database)}"]!);
        var venue = new BenchVenue(silos.Services, plan);
        var bench = new ClusterBench(venue, plan, meter);
        TimeSpan time = TimeSpan.FromSeconds(plan.Seconds);
        Say($"{plan.Silos} silos in one process, {plan.Symbols} symbols, {plan.Accounts} accounts in {plan.SymbolsPerAccount} symbols each, "
            + $"{plan.RestingPercent} of 100 orders rest, {plan.Seconds} s each; every order is acknowledged once it is durable.");
        long empty = LiveBytes();
        await venue.Prepare();
        long prepared = LiveBytes();
        Say($"Memory per account: {(prepared - empty) / plan.Accounts} B.");
        BenchResult entered = await bench.Enter();
        Tell("entering books", entered);
        Say($"Memory per book of an account: {(LiveBytes() - prepared) / entered.Orders} B.");
        await bench.Run(50, 64, TimeSpan.FromSeconds(plan.WarmUpSeconds));
        if (plan.Has("chain"))
        {
            await bench.RunChain(64, TimeSpan.FromSeconds(2));
            Tell("empty chain, 64 at once", await bench.RunChain(64, time / 2));
        }

        if (plan.Has("single"))
        {
            await bench.Run(1, 512, TimeSpan.FromSeconds(plan.WarmUpSeconds));
            Tell("1 a call, 64 at once", await bench.Run(1, 64, time));
            Tell("1 a call, 512 at once", await bench.Run(1, 512, time));
            Tell("1 a call, 1 at once", await bench.Run(1, 1, time / 2));
        }

        if (plan.Has("batched"))
            Tell("50 a call, 64 at once", await bench.Run(50, 64, time));
        if (plan.Has("open"))
            Tell($"open loop, {plan.OrdersPerSecond}/s", await bench.RunOpen(plan.OrdersPerSecond, TimeSpan.FromSeconds(plan.WarmUpSeconds), time));

        if (plan.Has("memory"))
        {
            long before = LiveBytes();
            BenchResult resting = await bench.Rest(20);
            Tell("orders that stay", resting);
            Say($"Memory per resting order: {(LiveBytes() - before) / (resting.Orders - resting.Refused)} B.");
        }

        return 0;
    }

    private static long LiveBytes() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Tell(string what, BenchResult result) => Say(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {result.OrdersPerSecond:N0}/s ({result.Orders} in {result.Seconds:N1} s, {result.Refused} refused), "
        + $"p50 {result.Percentile(0.5):N2} ms, p99 {result.Percentile(0.99):N2} ms; each {result.Costs.Per(result.Orders)}"));

    private static void Say(string line) => Console.WriteLine(line);
}
