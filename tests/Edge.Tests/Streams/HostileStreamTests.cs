using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

/// <summary>Streams of broken, hostile and slow clients.</summary>
public sealed class HostileStreamTests : IAsyncLifetime
{
    private const string Upgrade =
        "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start(
        null, ("Edge:StreamQueueMessages", "64"), ("Edge:StreamQueueBytes", "65536"), ("Edge:FeedQueueEvents", "1024"),
        ("Edge:StreamPingMs", "2000"), ("Edge:StreamBehindMs", "500"), ("Edge:StreamBehindBytes", "4096"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("{", "MALFORMED_JSON", null)]
    [InlineData("[]", "MALFORMED_JSON", null)]
    [InlineData("""{"id":5}""", "MISSING_FIELD", null)]
    [InlineData("""{"id":5,"op":"dance"}""", "BAD_VALUE", 5)]
    [InlineData("""{"id":5,"op":"subscribe"}""", "MISSING_FIELD", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":"trades@BTCUSDT"}""", "WRONG_TYPE", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":[1]}""", "WRONG_TYPE", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["trades@NONE"]}""", "UNKNOWN_SYMBOL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["trades@btcusdt"]}""", "BAD_SYMBOL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["trades"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["weather@BTCUSDT"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["orderbook@BTCUSDT@20"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["orderbook@BTCUSDT@10@10"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["trades@BTCUSDT@20"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["ticker@BTCUSDT@10"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["kline@BTCUSDT"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["kline@BTCUSDT@7m"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":5,"op":"subscribe","channels":["orders@BTCUSDT"]}""", "BAD_CHANNEL", 5)]
    [InlineData("""{"id":-5,"op":"subscribe","channels":[]}""", "BAD_INTEGER", null)]
    [InlineData("""{"id":5,"op":"subscribe","channels":[],"colour":1}""", "UNKNOWN_FIELD", null)]
    [InlineData("""{"id":5,"id":5,"op":"subscribe","channels":[]}""", "DUPLICATE_FIELD", null)]
    public async Task A_bad_request_is_answered_by_its_id_and_the_stream_goes_on(string request, string expected, int? id)
    {
        using StreamClient client = await StreamClient.Connect(_server);

        JsonNode answer = await client.Ask(request);

        Assert.Equal(expected, (string?)answer["error"]!["code"]);
        Assert.Equal(id, (int?)answer["id"]);
        await client.Subscribe("trades@BTCUSDT");
    }

    [Fact]
    public async Task More_than_200_channels_are_refused()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        string names = string.Join(',', Enumerable.Repeat("\"trades@BTCUSDT\"", 201));

        Assert.Equal("TOO_MANY_CHANNELS", (string?)(await client.Ask($$"""{"op":"subscribe","channels":[{{names}}]}"""))["error"]!["code"]);
    }

    [Fact]
    public async Task More_than_50_messages_a_second_close_the_stream()
    {
        using StreamClient client = await StreamClient.Connect(_server);
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
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "TOO_MANY_MESSAGES"), (client.CloseStatus, client.CloseReason));
    }

    [Fact]
    public async Task A_message_over_64_KiB_closes_the_stream_with_1009_also_in_fragments()
    {
        using StreamClient whole = await StreamClient.Connect(_server);
        await whole.Send(new string(' ', 65_537));
        await whole.ReceiveLast();
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, whole.CloseStatus);

        using StreamClient parts = await StreamClient.Connect(_server);
        for (int i = 0; i < 5; i++)
            await parts.Send(Encoding.ASCII.GetBytes(new string(' ', 16_000)), WebSocketMessageType.Text, endOfMessage: false);
        await parts.ReceiveLast();
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, parts.CloseStatus);
    }

    [Fact]
    public async Task A_binary_frame_closes_the_stream_with_1003()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Send([1, 2, 3], WebSocketMessageType.Binary, true);

        Assert.Equal("MESSAGE_NOT_TEXT", (string?)(await client.ReceiveLast())!["error"]!["code"]);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, client.CloseStatus);
    }

    // First bytes of frames that break RFC 6455, and the close code they are answered with.
    [Theory]
    [InlineData("unmasked", new byte[] { 0x81, 0x02, 0x7b, 0x7d, 0x81, 0x02, 0x7b, 0x7d }, 1002)]
    [InlineData("reserved bit", new byte[] { 0xc1, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData("unknown opcode", new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData("fragmented ping", new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData("long ping", new byte[] { 0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0 }, 1002)]
    [InlineData("continuation of nothing", new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData("text that is not UTF-8", new byte[] { 0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28 }, 1007)]
    public async Task A_broken_frame_closes_the_stream(string name, byte[] frame, int expected)
    {
        Assert.NotEmpty(name);
        byte[] close = [];
        for (int attempt = 0; close.Length == 0 && attempt < 5; attempt++)
        {
            // On a busy machine the end of the connection may overtake the frame; a closed stream is closed all the same.
            using var raw = new RawConnection(_server.Address);
            await raw.Write(Upgrade);
            await raw.ReadUntil("\r\n\r\n");
            await raw.Write(frame);
            close = await raw.ReadBytes(4);
        }

        Assert.Equal((0x88, expected), (close[0], close[2] << 8 | close[3]));
    }

    [Fact]
    public async Task A_gigabyte_announced_is_not_waited_for()
    {
        using var raw = new RawConnection(_server.Address);
        await raw.Write(Upgrade);
        await raw.ReadUntil("\r\n\r\n");
        await raw.Write([0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, .. new byte[70_000]]);

        Assert.Contains("MESSAGE_TOO_LARGE", await raw.ReadUntil("MESSAGE_TOO_LARGE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_in_very_many_fragments_closes_the_stream()
    {
        using var raw = new RawConnection(_server.Address);
        await raw.Write(Upgrade);
        await raw.ReadUntil("\r\n\r\n");
        byte[] one = [0x00, 0x81, 0, 0, 0, 0, 0x20];
        await raw.Write([0x01, 0x81, 0, 0, 0, 0, 0x20, .. Enumerable.Repeat(one, 2_000).SelectMany(bytes => bytes)]);

        Assert.Contains("TOO_MANY_MESSAGES", await raw.ReadUntil("TOO_MANY_MESSAGES"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pings", new byte[] { 0x89, 0x80, 0, 0, 0, 0 })]
    [InlineData("pongs that nobody asked for", new byte[] { 0x8a, 0x82, 0, 0, 0, 0, 1, 2 })]
    [InlineData("a ping inside every message", new byte[] { 0x01, 0x82, 0, 0, 0, 0, 0x7b, 0x7d, 0x89, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0 })]
    public async Task A_flood_of_control_frames_closes_the_stream(string name, byte[] frames)
    {
        Assert.NotEmpty(name);
        using var raw = new RawConnection(_server.Address);
        await raw.Write(Upgrade);
        await raw.ReadUntil("\r\n\r\n");
        await raw.Write([.. Enumerable.Repeat(frames, 500).SelectMany(bytes => bytes)]);

        Assert.Contains("TOO_MANY_MESSAGES", await raw.ReadUntil("TOO_MANY_MESSAGES"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Some_pings_are_answered()
    {
        using var raw = new RawConnection(_server.Address);
        await raw.Write(Upgrade);
        await raw.ReadUntil("\r\n\r\n");
        await raw.Write([.. Enumerable.Repeat(new byte[] { 0x89, 0x81, 0, 0, 0, 0, 0x78 }, 20).SelectMany(bytes => bytes)]);
        await raw.Write(Masked("""{"id":7,"op":"subscribe","channels":["trades@BTCUSDT"]}"""));

        Assert.Contains("{\"id\":7,\"ok\":true", await raw.ReadUntil("\"id\":7,\"ok\":true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_told_and_disconnected_while_others_go_on()
    {
        using var slow = new RawConnection(_server.Address);
        using StreamClient healthy = await StreamClient.Connect(_server);
        await slow.Write(Upgrade);
        await slow.ReadUntil("\r\n\r\n");
        await slow.Write(Masked("""{"id":1,"op":"subscribe","channels":["trades@BTCUSDT@0"]}"""));
        await slow.ReadUntil("\"ok\":true");
        await healthy.Subscribe("trades@BTCUSDT@0");

        // Until the slow one's socket and queue are full; the healthy one reads every trade meanwhile.
        ulong sent = 0;
        var trades = new FeedEvent[200];
        for (int batch = 0; batch < 2_000; batch++)
        {
            foreach (ref FeedEvent trade in trades.AsSpan())
                trade = new FeedEvent { Kind = FeedKind.Trade, Id = ++sent, PriceTicks = 300_000, Lots = 1, TimeMs = 1_700_000_000_000 };
            _server.Exchange.Emit(trades);
            JsonNode message = (await healthy.Receive())!;
            Assert.Equal($"{sent}", (string?)message["trades"]!.AsArray()[^1]!["tradeId"]);
        }

        // The healthy one got every trade. The slow one reads again: at the end of what it was sent it is told why, or cut.
        string rest = await slow.ReadToEnd();
        Assert.DoesNotContain($"\"tradeId\":\"{sent}\"", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_only_has_a_book_and_never_catches_up_is_disconnected_while_others_go_on()
    {
        _server.Exchange.Depth = new DepthView(0, 0, 0, [], []);
        using var slow = new RawConnection(_server.Address);
        using StreamClient healthy = await StreamClient.Connect(_server);
        await slow.Write(Upgrade);
        await slow.ReadUntil("\r\n\r\n");
        await slow.Write(Masked("""{"id":1,"op":"subscribe","channels":["orderbook@BTCUSDT@0"]}"""));
        await slow.ReadUntil("snapshot");
        await healthy.Subscribe("orderbook@BTCUSDT@0");
        var book = new ClientBook();
        book.Apply((await healthy.Receive())!);

        // Until its socket is full it is sent all; then nothing, until it has been behind for long enough.
        var levels = new FeedEvent[500];
        ulong number = 0;
        for (int batch = 0; batch < 4_000; batch++)
        {
            foreach (ref FeedEvent level in levels.AsSpan())
                level = new FeedEvent { Kind = FeedKind.Level, Id = ++number, PriceTicks = 300_000 + (long)(number % 700), Lots = 1 + (long)(number % 9), TimeMs = 1 };
            _server.Exchange.Emit(levels);
            while (book.Number < (long)number)
                book.Apply((await healthy.Receive())!);
        }

        string rest = await slow.ReadToEnd();
        Assert.DoesNotContain($"\"last\":{number},", rest, StringComparison.Ordinal);
        Assert.Equal(700, book.Levels.Count);
    }

    [Fact]
    public async Task A_client_is_pinged()
    {
        using var raw = new RawConnection(_server.Address);
        await raw.Write(Upgrade);
        await raw.ReadUntil("\r\n\r\n");

        Assert.Equal(0x89, (await raw.ReadBytes(1)).Single());
    }

    [Fact]
    public async Task A_feed_too_fast_for_the_streams_resets_them_instead_of_waiting()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("ticker@BTCUSDT");

        _server.Exchange.Emit([.. Enumerable.Repeat(new FeedEvent { Kind = FeedKind.Mark }, 1_025)]);

        Assert.Equal("STREAM_RESET", (string?)(await client.ReceiveLast())!["error"]!["code"]);
        using StreamClient again = await StreamClient.Connect(_server);
        await again.Subscribe("ticker@BTCUSDT");
    }

    [Fact]
    public async Task A_request_without_upgrade_is_told_what_the_path_is_for() =>
        Assert.Equal("400 UPGRADE_REQUIRED", (await _server.Send("GET", "/api/v1/stream")).Refusal);

    [Fact]
    public async Task A_client_that_closes_is_let_go()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("ticker@BTCUSDT");
        await client.Receive();

        await client.Close();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    private static byte[] Masked(string text) => [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
}
