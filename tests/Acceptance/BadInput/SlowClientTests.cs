using Exchange.Acceptance.Processes;
using Exchange.Edge.Tests.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance.BadInput;

/// <summary>A slow, greedy or broken client hurts only itself (S13).</summary>
public sealed class SlowClientTests(ITestOutputHelper output) : IDisposable
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.01"}""";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_that_are_never_finished_hold_nobody_up_and_are_cut_off()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, new ServerSettings { Arguments = ["--Edge:HeaderTimeoutMs=1000"] });
        RawConnection[] slow = [.. Enumerable.Range(0, 200).Select(_ => new RawConnection(server.Address))];
        try
        {
            foreach (RawConnection connection in slow)
                await connection.Write("POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            using ApiClient alice = server.As("alice");
            for (int i = 0; i < 20; i++)
                (await alice.Place(Order)).Required(201);

            foreach (RawConnection connection in slow)
                Assert.DoesNotContain("HTTP/1.1 2", await connection.ReadToEnd(), StringComparison.Ordinal);
        }
        finally
        {
            foreach (RawConnection connection in slow)
                connection.Dispose();
        }
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_those_before_it_go_on()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, new ServerSettings { Arguments = ["--Edge:MaxConnections=10"] });
        using ApiClient alice = server.As("alice");
        (await alice.Place(Order)).Required(201);
        RawConnection[] idle = [.. Enumerable.Range(0, 9).Select(_ => new RawConnection(server.Address))];
        try
        {
            using var beyond = new RawConnection(server.Address);
            Assert.Equal("", await beyond.ReadToEnd());
            (await alice.Place(Order)).Required(201);
        }
        finally
        {
            foreach (RawConnection connection in idle)
                connection.Dispose();
        }
    }

    [Fact]
    public async Task What_is_refused_as_overloaded_was_not_done_and_the_rest_was_done_once()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, new ServerSettings { Arguments = ["--QueueCapacity=16"] });
        using ApiClient alice = server.As("alice");

        (string Id, int Status)[][] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(batch => PlaceBatch(alice, batch)));

        Assert.All(outcomes.SelectMany(batch => batch), outcome => Assert.True(outcome.Status is 201 or 503, $"{outcome.Status}"));
        string[] accepted = [.. outcomes.SelectMany(batch => batch).Where(outcome => outcome.Status == 201).Select(outcome => outcome.Id)];
        Assert.Equal(accepted.Order(StringComparer.Ordinal), (await Listed(alice)).Order(StringComparer.Ordinal));
        (await alice.Place(Order)).Required(201);

        // Of the 16 places six are kept for what goes before limit orders; the engine may sleep while the others fill.
        Assert.InRange(accepted.Length, 10, 1_999);
        output.WriteLine($"{accepted.Length} of 2000 orders accepted, the rest refused as overloaded.");
    }

    [Fact]
    public async Task A_greedy_client_is_told_to_wait_and_can_still_cancel_while_others_trade()
    {
        await using ServerProcess server = await ServerProcess.Start(_folder, new ServerSettings
        {
            HasClientLimits = true, Arguments = ["--ClientLimits:OrdersPerSecond=1"],
        });
        using ApiClient alice = server.As("alice");
        using ApiClient bob = server.As("bob");

        (string Id, int Status)[][] taken = await Task.WhenAll(Enumerable.Range(0, 9).Select(batch => PlaceBatch(alice, batch)));
        ApiReply refused;
        do
            refused = await alice.Place(Order.Replace("}", ",\"timeInForce\":\"ioc\"}"));
        while (refused.Status == 201);

        Assert.All(taken.SelectMany(batch => batch), outcome => Assert.Equal(201, outcome.Status));
        Assert.Equal("429 ORDER_RATE", refused.Refusal);
        (await bob.Place(Order)).Required(201);
        (await alice.Delete("/api/v1/orders?symbol=BTCUSDT")).Required();
    }

    /// <summary>A hundred orders that leave nothing open.</summary>
    private static async Task<(string Id, int Status)[]> PlaceBatch(ApiClient client, int batch)
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"b{batch}-{i}")];
        string orders = string.Join(',', ids.Select(id =>
            $"{{\"clientOrderId\":\"{id}\",\"symbol\":\"ETHUSDT\",\"side\":\"buy\",\"type\":\"limit\",\"timeInForce\":\"ioc\",\"price\":\"2990\",\"qty\":\"0.01\"}}"));
        ApiReply reply = (await client.Post("/api/v1/orders/batch", $"{{\"orders\":[{orders}]}}")).Required();
        int[] statuses = [.. reply.Json.GetProperty("outcomes").EnumerateArray().Select(outcome => outcome.GetProperty("status").GetInt32())];
        return [.. ids.Zip(statuses)];
    }

    private static async Task<List<string>> Listed(ApiClient client)
    {
        List<string> listed = [];
        string cursor = "";
        do
        {
            ApiReply page = (await client.Get($"/api/v1/orders?limit=1000{cursor}")).Required();
            listed.AddRange(page.Json.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("clientOrderId").GetString()!));
            cursor = page.Json.TryGetProperty("nextCursor", out System.Text.Json.JsonElement next) ? $"&cursor={next.GetString()}" : "";
        }
        while (cursor.Length > 0);
        return listed;
    }
}
