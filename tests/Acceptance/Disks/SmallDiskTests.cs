using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Disks;

/// <summary>The real server on a disk that fills up (docs/faults.md F5).</summary>
public sealed class SmallDiskTests : IDisposable
{
    private const string Order = """{"clientOrderId":"ID","symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_nearly_full_disk_takes_cancels_only_and_a_start_needs_no_space()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder, megabytes: 64);
        await using (ServerProcess server = await ServerProcess.Start(_folder))
        {
            using ApiClient alice = server.As("alice");
            (await alice.Place(Order.Replace("ID", "one", StringComparison.Ordinal))).Required(201);
            (await alice.Place(Order.Replace("ID", "two", StringComparison.Ordinal))).Required(201);

            disk.LeaveFree(500_000);
            ApiReply refused = await Until(() => alice.Place(Order.Replace("ID", "three", StringComparison.Ordinal)), reply => !reply.IsSuccess);
            Assert.Equal("503 CANCEL_ONLY", refused.Refusal);
            Assert.NotNull(refused.Headers.RetryAfter);
            (await alice.Delete("/api/v1/orders/client:one")).Required();

            disk.GiveBack();
            await Until(() => alice.Place(Order.Replace("ID", "four", StringComparison.Ordinal)), reply => reply.IsSuccess);
            disk.LeaveFree(0);
            await server.Kill();
        }

        await using ServerProcess again = await ServerProcess.Start(_folder);
        using ApiClient client = again.As("alice");
        Assert.Equal("canceled", (await client.Get("/api/v1/orders/client:one")).Required()["status"]);
        Assert.Equal("new", (await client.Get("/api/v1/orders/client:two")).Required()["status"]);
        Assert.Equal("new", (await client.Get("/api/v1/orders/client:four")).Required()["status"]);
        Assert.Equal("503 CANCEL_ONLY", (await client.Place(Order.Replace("ID", "five", StringComparison.Ordinal))).Refusal);
        (await client.Delete("/api/v1/orders/client:two")).Required();
    }

    /// <summary>The host looks at the disk now and then: asked until it has noticed; orders placed meanwhile repeat one id.</summary>
    private static async Task<ApiReply> Until(Func<Task<ApiReply>> ask, Func<ApiReply, bool> isMet)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            ApiReply reply = await ask();
            if (isMet(reply))
                return reply;
        }
    }
}
