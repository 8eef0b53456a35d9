using System.Globalization;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Disks;

/// <summary>The real server on a disk whose syncs fail or take long (docs/faults.md F4, F6).</summary>
public sealed class FaultyDiskTests : IDisposable
{
    private const int VenueFailed = 4;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The kernel may call pages clean after a failed sync: a second one would succeed and lie.</summary>
    [SkippableFact]
    public async Task After_a_failed_sync_the_process_ends_with_its_code_and_nothing_acknowledged_is_lost()
    {
        using FaultyDisk disk = FaultyDisk.Create();
        await using (ServerProcess server = await ServerProcess.Start(_folder, disk.Settings))
        {
            using ApiClient alice = server.As("alice");
            (await alice.Place(Order("before"))).Required(201);

            disk.FailSyncs();
            string answer = await Answer(alice, "during");

            Assert.Equal(VenueFailed, await server.WaitForExit());
            Assert.True(answer is "none" or "503 VENUE_STOPPED" or "504 OUTCOME_UNKNOWN", answer);
            Assert.Contains("The venue stopped: ", server.Output, StringComparison.Ordinal);
            Assert.False(disk.WasSyncedAfterItFailed);
        }

        disk.GoOn();
        await using ServerProcess again = await ServerProcess.Start(_folder, disk.Settings);
        using ApiClient client = again.As("alice");
        Assert.Equal("new", (await client.Get("/api/v1/orders/client:before")).Required()["status"]);
        Assert.InRange((await client.Place(Order("during"))).Status, 200, 201); // Outcome unknown: the same id tells, or does it now.
        Assert.Equal(2, (await client.Get("/api/v1/orders?symbol=BTCUSDT")).Required().Json.GetProperty("orders").GetArrayLength());
    }

    [SkippableFact]
    public async Task While_the_disk_takes_its_time_nothing_is_acknowledged_and_then_everything_is_once()
    {
        const int orders = 20;
        using FaultyDisk disk = FaultyDisk.Create();
        await using ServerProcess server = await ServerProcess.Start(_folder, disk.Settings);
        using ApiClient alice = server.As("alice");
        using ApiClient anybody = server.Anonymous();

        disk.Stall();
        Task<ApiReply>[] placed = [.. Enumerable.Range(1, orders).Select(n => alice.Place(Order(n.ToString(CultureInfo.InvariantCulture))))];
        for (int look = 0; look < 50; look++)
        {
            ApiReply book = (await anybody.Get("/api/v1/orderbook/BTCUSDT")).Required(); // Reads go on, and show no more than is durable.
            Assert.Equal(0, book.Json.GetProperty("bids").GetArrayLength());
            Assert.DoesNotContain(placed, task => task.IsCompleted);
        }

        disk.GoOn();
        foreach (ApiReply reply in await Task.WhenAll(placed))
            reply.Required(201);
        Assert.Equal(orders, (await alice.Get("/api/v1/orders?symbol=BTCUSDT")).Required().Json.GetProperty("orders").GetArrayLength());
    }

    private static string Order(string id) =>
        $$"""{"clientOrderId":"{{id}}","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""";

    private static async Task<string> Answer(ApiClient client, string id)
    {
        try
        {
            return (await client.Place(Order(id))).Refusal;
        }
        catch (HttpRequestException)
        {
            return "none";
        }
    }
}
