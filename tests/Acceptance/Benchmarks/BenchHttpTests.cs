using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Benchmarks;

public sealed class BenchHttpTests
{
    [Fact]
    public async Task Http_benchmark_measures_orders_signed_or_not_and_nothing_and_leaves_no_order_open()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder, new ServerSettings { Arguments = ["--Bench:NoopEndpoint=true"] });

        await using ChildProcess bench = Bench(folder, server);
        int exitCode = await bench.WaitForExit();

        Assert.True(exitCode == 0, bench.Output + server.Output);
        JsonElement report = JsonDocument.Parse(bench.Output).RootElement;
        Assert.All(
            (string[])["bearer", "signed", "nothing", "bearerAtHalf", "signedAtHalf"],
            kind => Assert.All(
                (string[])["perSecond", "p50Ms", "p99Ms", "p999Ms"],
                name => Assert.True(report.GetProperty(kind).GetProperty(name).GetDouble() > 0, $"{kind}.{name}")));
        Assert.All((string[])["bearer", "signed"], kind => Assert.True(report.GetProperty(kind).GetProperty("ratio").GetDouble() > 0, kind));
        using ApiClient anyone = server.Anonymous();
        ApiReply book = (await anyone.Get("/api/v1/orderbook/BENCH1")).Required();
        Assert.Equal(0, book.Json.GetProperty("bids").GetArrayLength() + book.Json.GetProperty("asks").GetArrayLength());
    }

    [Fact]
    public async Task Http_benchmark_says_so_when_the_server_has_nothing_to_compare_with()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);

        await using ChildProcess bench = Bench(folder, server);

        Assert.Equal(1, await bench.WaitForExit());
        Assert.StartsWith("A request was refused: 404 ", bench.Output, StringComparison.Ordinal);
    }

    private static ChildProcess Bench(DataFolder folder, ServerProcess server) => CommandLine.Start(
        folder, "bench", "http", "--url", server.Address.ToString(), "--keys", folder.File(DemoKeys.FileName),
        "--connections", "8", "--seconds", "2", "--json");
}
