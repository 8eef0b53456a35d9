using System.Text.Json.Nodes;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

public sealed class MarketStreamTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        _server.Exchange.Depth = new DepthView(0, 10, 5, [new(300_000, 3), new(299_990, 7)], [new(300_010, 2)]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_book_begins_with_a_snapshot_and_goes_on_with_numbered_changes()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("orderbook@BTCUSDT@0");

        Assert.Equal(
            """{"channel":"orderbook","symbol":"BTCUSDT","window":0,"type":"snapshot","number":10,"timeMs":5,"bids":[["30000","0.003"],["29999","0.007"]],"asks":[["30001","0.002"]]}""",
            (await client.Receive())!.ToJsonString());

        _server.Exchange.Emit(Level(11, Side.Buy, 300_000, 0), Level(12, Side.Sell, 300_020, 9));
        Assert.Equal(
            """{"channel":"orderbook","symbol":"BTCUSDT","window":0,"type":"delta","first":11,"last":12,"previous":10,"timeMs":6,"bids":[["30000","0"]],"asks":[["30002","0.009"]]}""",
            (await client.Receive())!.ToJsonString());

        _server.Exchange.Emit(Level(13, Side.Buy, 299_990, 1));
        Assert.Equal((13, 13, 12), Numbers((await client.Receive())!));
    }

    [Fact]
    public async Task A_book_that_nobody_listened_to_for_a_while_begins_with_what_the_venue_shows_then()
    {
        using (StreamClient first = await StreamClient.Connect(_server))
        {
            await first.Subscribe("orderbook@BTCUSDT");
            Assert.Equal(10, (long)(await first.Receive())!["number"]!);
            _server.Exchange.Emit(Level(11, Side.Buy, 300_000, 0));
            Assert.Equal((11, 11, 10), Numbers((await first.Receive())!));
            Assert.True((bool?)(await first.Ask("""{"id":2,"op":"unsubscribe","channels":["orderbook@BTCUSDT"]}"""))!["ok"]);
        }

        _server.Exchange.Depth = new DepthView(0, 20, 5, [], []);
        _server.Exchange.Emit(Level(20, Side.Buy, 300_000, 5));
        using StreamClient second = await StreamClient.Connect(_server);
        await second.Subscribe("orderbook@BTCUSDT");

        Assert.Equal(20, (long)(await second.Receive())!["number"]!);
        _server.Exchange.Emit(Level(21, Side.Buy, 300_000, 6));
        Assert.Equal((21, 21, 20), Numbers((await second.Receive())!));
    }

    [Theory]
    [InlineData("orderbook@BTCUSDT")]
    [InlineData("orderbook@BTCUSDT@10")]
    [InlineData("orderbook@BTCUSDT@100")]
    public async Task Within_a_window_the_changes_of_a_level_are_merged_and_nothing_is_skipped(string channel)
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe(channel);
        Assert.Equal("snapshot", (string?)(await client.Receive())!["type"]);

        for (ulong number = 11; number <= 60; number++)
            _server.Exchange.Emit(Level(number, Side.Buy, 300_000, (long)number));

        long expected = 11;
        while (expected <= 60)
        {
            JsonNode delta = (await client.Receive())!;
            (long first, long last, long previous) = Numbers(delta);
            Assert.Equal((expected, expected - 1), (first, previous));
            Assert.Equal($"0.{last:000}".TrimEnd('0'), (string?)Assert.Single(delta["bids"]!.AsArray())![1]);
            expected = last + 1;
        }
    }

    [Fact]
    public async Task Snapshot_and_deltas_applied_in_order_equal_a_later_snapshot_of_the_same_number()
    {
        using StreamClient early = await StreamClient.Connect(_server);
        await early.Subscribe("orderbook@BTCUSDT@10");
        var book = new ClientBook();
        book.Apply((await early.Receive())!);
        var random = new Random(20260801);
        for (ulong number = 11; number <= 1_010; number++)
            _server.Exchange.Emit(Level(number, (Side)random.Next(2), 299_900 + random.Next(200), random.Next(4)));
        while (book.Number < 1_010)
            book.Apply((await early.Receive())!);

        using StreamClient late = await StreamClient.Connect(_server);
        await late.Subscribe("orderbook@BTCUSDT@100");
        var snapshot = new ClientBook();
        snapshot.Apply((await late.Receive())!);

        Assert.Equal(1_010, snapshot.Number);
        Assert.Equal(snapshot.Levels, book.Levels);
    }

    [Fact]
    public async Task Changes_that_a_snapshot_contains_already_are_left_out()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("orderbook@BTCUSDT@0");
        await client.Receive();

        _server.Exchange.Emit(Level(9, Side.Buy, 1, 1), Level(10, Side.Buy, 2, 2), Level(11, Side.Buy, 3, 3));

        Assert.Equal((11, 11, 10), Numbers((await client.Receive())!));
    }

    [Fact]
    public async Task A_gap_in_the_feed_leads_to_a_fresh_snapshot()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("orderbook@BTCUSDT@0");
        await client.Receive();

        _server.Exchange.Depth = _server.Exchange.Depth with { Number = 20 };
        _server.Exchange.Emit(Level(20, Side.Buy, 300_000, 1));
        JsonNode again = (await client.Receive())!;
        Assert.Equal(("snapshot", 20), ((string?)again["type"], (long)again["number"]!));

        _server.Exchange.Emit(Level(21, Side.Buy, 300_000, 2));
        Assert.Equal((21, 21, 20), Numbers((await client.Receive())!));
    }

    [Fact]
    public async Task Trades_are_never_merged()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("trades@BTCUSDT");

        _server.Exchange.Emit(Trade(1, 300_000, 1), Trade(2, 300_000, 1), Trade(3, 300_010, 5));

        JsonNode message = (await client.Receive())!;
        Assert.Equal(10, (int)message["window"]!);
        Assert.Equal(["1", "2", "3"], message["trades"]!.AsArray().Select(trade => (string?)trade!["tradeId"]));
        Assert.Equal("sell", (string?)message["trades"]![0]!["takerSide"]);
    }

    [Fact]
    public async Task Trades_of_a_window_come_together()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("trades@BTCUSDT@100");

        var ids = new List<string>();
        int messages = 0;
        for (ulong id = 1; id <= 50; id++)
            _server.Exchange.Emit(Trade(id, 300_000, 1));
        for (; ids.Count < 50; messages++)
            ids.AddRange((await client.Receive())!["trades"]!.AsArray().Select(trade => (string)trade!["tradeId"]!));

        Assert.Equal(Enumerable.Range(1, 50).Select(id => $"{id}"), ids);
        Assert.InRange(messages, 1, 49);
    }

    [Fact]
    public async Task A_candle_is_told_at_once_while_it_changes_and_once_more_when_it_is_final()
    {
        const long minute = 1_700_000_040_000;
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = minute + 5_000 };
        _server.Exchange.Candles.Add(new Candle { OpenTimeMs = minute, OpenTicks = 10, HighTicks = 10, LowTicks = 10, CloseTicks = 10, Trades = 1, Lots = 1 });
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("kline@BTCUSDT@1m");
        Assert.Equal(
            """{"channel":"kline","symbol":"BTCUSDT","interval":"1m","candles":[{"openMs":1700000040000,"closeMs":1700000099999,"open":"1","high":"1","low":"1","close":"1","volume":"0.001","quoteVolume":"0","takerBuyVolume":"0","trades":1,"isFinal":false}]}""",
            (await client.Receive())!.ToJsonString());

        _server.Exchange.Candles[0] = _server.Exchange.Candles[0] with { CloseTicks = 12, HighTicks = 12, Trades = 2 };
        _server.Exchange.Emit(Trade(2, 12, 1));
        Assert.Equal(("1.2", false), CloseOf((await client.Receive())!["candles"]!.AsArray().Single()!));

        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = minute + 61_000 };
        _server.Exchange.Candles.Add(Candle.Empty(minute + 60_000, 12));
        _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.Mark });
        JsonArray both = (await client.Receive())!["candles"]!.AsArray();
        Assert.Equal([("1.2", true), ("1.2", false)], both.Select(candle => CloseOf(candle!)));
    }

    [Fact]
    public async Task A_ticker_is_told_at_once_and_after_changes()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("ticker@BTCUSDT");
        Assert.Null((await client.Receive())!["ticker"]!["last"]);

        _server.Exchange.Ticker = _server.Exchange.Ticker with { LastTicks = 300_000 };
        _server.Exchange.Emit(Trade(1, 300_000, 1));

        Assert.Equal("30000", (string?)(await client.Receive())!["ticker"]!["last"]);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_more_comes()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("trades@BTCUSDT", "trades@ALTUSDT");
        Assert.True((bool)(await client.Ask("""{"id":7,"op":"unsubscribe","channels":["trades@BTCUSDT"]}"""))["ok"]!);

        _server.Exchange.Emit(Trade(1, 300_000, 1), Trade(1, 10_000, 1) with { Symbol = 1 });

        Assert.Equal("ALTUSDT", (string?)(await client.Receive())!["symbol"]);
    }

    [Fact]
    public async Task Every_subscriber_gets_the_same()
    {
        StreamClient[] clients = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => StreamClient.Connect(_server)));
        foreach (StreamClient client in clients)
            await client.Subscribe("trades@BTCUSDT");

        _server.Exchange.Emit(Trade(1, 300_000, 1));

        string[] texts = await Task.WhenAll(clients.Select(async client => (await client.Receive())!.ToJsonString()));
        Assert.Single(texts.Distinct());
        foreach (StreamClient client in clients)
            client.Dispose();
    }

    private static (string? Close, bool IsFinal) CloseOf(JsonNode candle) => ((string?)candle["close"], (bool)candle["isFinal"]!);

    private static (long First, long Last, long Previous) Numbers(JsonNode delta) =>
        ((long)delta["first"]!, (long)delta["last"]!, (long)delta["previous"]!);

    private static FeedEvent Level(ulong number, Side side, long priceTicks, long lots) =>
        new() { Kind = FeedKind.Level, Id = number, Side = side, PriceTicks = priceTicks, Lots = lots, TimeMs = 6 };

    private static FeedEvent Trade(ulong id, long priceTicks, long lots) =>
        new() { Kind = FeedKind.Trade, Id = id, Side = Side.Sell, PriceTicks = priceTicks, Lots = lots, TimeMs = 6 };
}
