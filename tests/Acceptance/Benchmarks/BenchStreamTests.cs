using System.Globalization;
using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Benchmarks;

public sealed class BenchStreamTests
{
    [Fact]
    public async Task Stream_benchmark_measures_trades_beside_a_bare_broadcast_of_them()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder, new ServerSettings { Arguments = ["--Bench:Broadcast=true"] });

        JsonElement report = await Run(folder, server, "stream", "--subscribers", "10", "--rate", "50", "--window", "10", "--seconds", "4");

        Assert.All(
            (string[])["messageBytes", "p50Ms", "p99Ms", "cpuUs", "bareP50Ms", "bareCpuUs", "ratio"],
            name => Assert.True(report.GetProperty(name).GetDouble() > 0, name));
    }

    [Fact]
    public async Task Order_stream_benchmark_measures_orders_beside_HTTP_and_leaves_no_order_open()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);

        JsonElement report = await Run(folder, server, "order-stream", "--connections", "2", "--in-flight", "8", "--seconds", "2");

        Assert.All(
            (string[])["ordersPerSecond", "p50Ms", "p99Ms", "httpOrdersPerSecond", "ratio", "serverCpuUs"],
            name => Assert.True(report.GetProperty(name).GetDouble() > 0, name));
        using ApiClient anyone = server.Anonymous();
        ApiReply book = (await anyone.Get("/api/v1/orderbook/ORDERS1")).Required();
        Assert.Equal(0, book.Json.GetProperty("bids").GetArrayLength() + book.Json.GetProperty("asks").GetArrayLength());
    }

    private static async Task<JsonElement> Run(DataFolder folder, ServerProcess server, params string[] command)
    {
        await using ChildProcess bench = CommandLine.Start(
            folder,
            ["bench", .. command, "--url", server.Address.ToString(), "--keys", folder.File(DemoKeys.FileName),
                "--pid", server.Id.ToString(CultureInfo.InvariantCulture), "--json"]);
        int exitCode = await bench.WaitForExit();
        Assert.True(exitCode == 0, bench.Output + server.Output);
        return JsonDocument.Parse(bench.Output).RootElement;
    }
}
