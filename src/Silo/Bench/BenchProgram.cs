using System.Globalization;
using System.Net;
using Exchange.Grains.Placement;
using Exchange.Silo.Hosting;
using Exchange.Storage.Postgres;

namespace Exchange.Silo.Bench;

/// <summary><c>bench</c>: one silo in this process, PostgreSQL beside it.</summary>
internal static class BenchProgram
{
    public static async Task<int> Run(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        SiloOptions options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
        options.Role = SiloRole.All;
        options.ClusterId = $"bench-{Environment.ProcessId}";
        var plan = new BenchPlan(Number(builder, "Symbols", 64), (uint)Number(builder, "Accounts", 10_000));
        int seconds = Number(builder, "Seconds", 10);
        await using PostgresStreamStore? store = await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None);
        if (store is null)
            return ExitCodes.CannotStart;
        builder.AddExchangeSilo(options, IPAddress.Loopback, store);
        using IHost host = builder.Build();
        await host.StartAsync();
        var bench = new ClusterBench(host.Services, plan);
        await bench.Prepare();
        Console.WriteLine($"{plan.Symbols} symbols, {plan.Accounts} accounts, {seconds} s each; every order is acknowledged once it is durable.");
        Console.WriteLine("orders/call  calls at once    orders/s   refused   call p50 ms    p99 ms");
        foreach ((int ordersPerCall, int callsAtOnce) in new[] { (50, 64), (50, 64), (1, 64), (1, 512), (1, 1) })
        {
            BenchResult result = await bench.Run(ordersPerCall, callsAtOnce, TimeSpan.FromSeconds(seconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{ordersPerCall,11} {callsAtOnce,14} {result.OrdersPerSecond,11:N0} {result.Refused,9} {result.Percentile(0.5),13:N2} {result.Percentile(0.99),9:N2}"));
        }

        await host.StopAsync();
        return 0;
    }

    private static int Number(HostApplicationBuilder builder, string name, int otherwise) =>
        builder.Configuration.GetValue($"Bench:{name}", otherwise);
}
