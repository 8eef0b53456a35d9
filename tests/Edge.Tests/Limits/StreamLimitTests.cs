using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Limits;

/// <summary>Connections and streams that one client holds (S13, S16).</summary>
public sealed class StreamLimitTests
{
    [Fact]
    public async Task An_address_has_so_many_streams_and_a_closed_one_makes_room()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("ClientLimits:StreamsPerAddress", "2"));
        using StreamClient first = await StreamClient.Connect(server);
        using StreamClient second = await StreamClient.Connect(server);

        using (var raw = new RawConnection(server.Address))
        {
            await raw.Write("GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            string answer = await raw.ReadUntil("TOO_MANY_STREAMS");
            Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
            Assert.Contains("Retry-After: ", answer, StringComparison.Ordinal);
        }

        await first.Close();
        using StreamClient third = await ConnectOnceThereIsRoom(server);
        await third.Subscribe("trades@BTCUSDT");
    }

    [Fact]
    public async Task A_key_has_so_many_streams_and_those_of_another_still_open()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("ClientLimits:StreamsPerKey", "1"));
        using StreamClient first = await StreamClient.Connect(server);
        using StreamClient second = await StreamClient.Connect(server);
        await first.LogOn(server.TraderToken);

        JsonNode refused = await second.Ask($$"""{"op":"authenticate","token":"{{server.TraderToken}}"}""");

        Assert.Equal("TOO_MANY_STREAMS", (string?)refused["error"]!["code"]);
        Assert.Equal("1", (string?)refused["error"]!["limit"]);
        await second.LogOn(server.ReaderToken);
    }

    [Fact]
    public async Task Guessing_credentials_on_a_stream_uses_up_the_address()
    {
        await using EdgeServer server = await EdgeServer.Start(
            null, ("ClientLimits:AddressWeightPerSecond", "1"), ("ClientLimits:AddressWeightBurst", "100"));
        using StreamClient client = await StreamClient.Connect(server);

        string? code = null;
        for (int guess = 0; guess < 30 && code != "TOO_MANY_REQUESTS"; guess++)
            code = (string?)(await client.Ask($$"""{"op":"authenticate","token":"xt_{{guess:x64}}"}"""))["error"]!["code"];

        Assert.Equal("TOO_MANY_REQUESTS", code);
    }

    [Fact]
    public async Task Orders_of_a_stream_are_counted_with_those_over_HTTP_and_cancels_pass_beyond()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("ClientLimits:OrdersPerSecond", "1"), ("ClientLimits:OrdersBurst", "100"));
        using StreamClient client = await StreamClient.Connect(server);
        await client.LogOn(server.TraderToken);
        string batch = $"{{\"orders\":[{string.Join(',', Enumerable.Repeat("""{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""", 95))}]}}";
        Assert.Equal(200, (await server.AsTrader("POST", "/api/v1/orders/batch", batch)).Code);

        JsonNode? error = null;
        for (int i = 0; i < 100 && error is null; i++)
            error = (await client.Ask("""{"op":"order.place","body":{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}}"""))["error"];

        Assert.Equal("ORDER_RATE", (string?)error!["code"]);
        Assert.Null((await client.Ask("""{"op":"order.cancelAll","symbol":"BTCUSDT"}"""))["error"]);
    }

    [Fact]
    public async Task One_who_may_trade_cannot_flood_a_stream_with_anything_but_orders()
    {
        await using EdgeServer server = await EdgeServer.Start();
        using StreamClient client = await StreamClient.Connect(server);
        await client.LogOn(server.TraderToken);
        for (int i = 0; i < 150; i++)
        {
            try
            {
                await client.Send("""{"op":"unsubscribe","channels":[]}""");
            }
            catch (WebSocketException)
            {
                break;   // Closed already.
            }
        }

        Assert.Equal("TOO_MANY_MESSAGES", (string?)(await client.ReceiveLast())!["error"]!["code"]);
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_the_next_is_closed()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("ClientLimits:ConnectionsPerAddress", "3"));
        RawConnection[] held = [new(server.Address), new(server.Address), new(server.Address)];
        foreach (RawConnection connection in held)
        {
            await connection.Write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            await connection.ReadUntil("\"ok\"");
        }

        using (var beyond = new RawConnection(server.Address))
            Assert.Equal("", await beyond.ReadToEnd());

        foreach (RawConnection connection in held)
            connection.Dispose();
        string answer = "";
        while (answer.Length == 0)
        {
            using var again = new RawConnection(server.Address);
            await again.Write("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            answer = await again.ReadToEnd();
        }

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    /// <summary>The end of a stream reaches the server a little after the client's close.</summary>
    private static async Task<StreamClient> ConnectOnceThereIsRoom(EdgeServer server)
    {
        while (true)
        {
            try
            {
                return await StreamClient.Connect(server);
            }
            catch (WebSocketException)
            {
                // Refused: not yet.
            }
        }
    }
}
