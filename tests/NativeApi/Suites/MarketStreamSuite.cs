using System.Globalization;
using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What a subscriber of a symbol is told while others trade.</summary>
public abstract class MarketStreamSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableTheory]
    [InlineData("@0")]
    [InlineData("")]
    public async Task A_books_snapshot_and_deltas_have_no_gap_and_lead_to_what_a_reading_shows(string window)
    {
        await PlaceMany(Alice, "buy", new Random(1), 20);
        using StreamClient stream = await StreamClient.Connect(Server.NextEdge());
        await stream.Subscribe($"orderbook@{Market.Symbol}{window}");
        var book = new MirroredBook(await stream.Receive("orderbook"));

        await Task.WhenAll(PlaceMany(Alice, "buy", new Random(2), 150), PlaceMany(Bob, "sell", new Random(3), 150));

        // The last change of all: whoever shows it shows everything before.
        (await Alice.Place(Market.Limit("buy", "48000", "0.123"))).Required(201);
        ApiReply read = await Bob.GetUntil(
            $"/api/v1/orderbook/{Market.Symbol}?levels=1000", reply => reply["bids"].EndsWith("""["48000","0.123"]]""", StringComparison.Ordinal));
        while (book.Number < long.Parse(read["number"]))
            book.Apply(await stream.Receive("orderbook"));

        Assert.Equal(long.Parse(read["number"]), book.Number);
        Assert.Equal(read["bids"], book.Bids);
        Assert.Equal(read["asks"], book.Asks);
    }

    [SkippableFact]
    public async Task Every_trade_is_told_once_and_in_order_on_every_edge()
    {
        List<StreamClient> streams = [];
        foreach (Uri edge in Server.Edges)
        {
            StreamClient stream = await StreamClient.Connect(edge);
            await stream.Subscribe($"trades@{Market.Symbol}");
            streams.Add(stream);
        }

        (await Bob.Place(Market.Limit("sell", "50000", "0.03"))).Required(201);
        for (int i = 0; i < 30; i++)
            (await Alice.Place(Market.AtMarket("buy", "0.001"))).Required(201).Shows("status=filled");

        foreach (StreamClient stream in streams)
        {
            List<string> seen = [];
            while (seen.Count < 30)
                seen.AddRange((await stream.Receive("trades")).GetProperty("trades").EnumerateArray().Select(TradeText));
            Assert.Equal(Enumerable.Range(1, 30).Select(id => $"{id} 50000 0.001 buy false"), seen);
            stream.Dispose();
        }
    }

    [SkippableFact]
    public async Task The_ticker_is_told_at_once_and_after_a_trade()
    {
        using StreamClient stream = await StreamClient.Connect(Server.NextEdge());
        await stream.Subscribe($"ticker@{Market.Symbol}");
        Ticker(await stream.Receive("ticker")).Shows("trades=0 mark=50000 index=50000");

        await AliceBuysFromBob("50010", "0.2");

        JsonElement last = await stream.Receive("ticker", message => Fields.TextOf(Ticker(message), "trades") == "1");
        Ticker(last).Shows($"symbol={Market.Symbol} last=50010 volume=0.2 quoteVolume=10002");
    }

    [SkippableFact]
    public async Task The_present_candle_is_told_as_it_grows()
    {
        using StreamClient stream = await StreamClient.Connect(Server.NextEdge());
        await stream.Subscribe($"kline@{Market.Symbol}@1M");

        await AliceBuysFromBob("50000", "0.1");
        await AliceBuysFromBob("50100", "0.1");

        JsonElement grown = await stream.Receive("kline", message => message.GetProperty("candles").EnumerateArray().Any(row => Fields.TextOf(row, "trades") == "2"));
        grown.GetProperty("candles").EnumerateArray().Last().Shows("open=50000 high=50100 low=50000 close=50100 volume=0.2 quoteVolume=10010 takerBuyVolume=0.2 isFinal=false");
    }

    [SkippableFact]
    public async Task A_channel_that_is_not_and_a_symbol_that_is_not_are_refused()
    {
        using StreamClient stream = await StreamClient.Connect(Server.NextEdge());

        (await stream.TryResume("x", "orderbook@NONE")).GetProperty("error").Shows("code=UNKNOWN_SYMBOL status=404");
        (await stream.TryResume("x", "weather")).GetProperty("error").Shows("code=BAD_CHANNEL");
        (await stream.TryResume("x", "orders")).GetProperty("error").Shows("code=CREDENTIALS_MISSING");
    }

    private static JsonElement Ticker(JsonElement message) => message.GetProperty("ticker");

    private static string TradeText(JsonElement trade) =>
        string.Join(' ', ((string[])["tradeId", "price", "qty", "takerSide", "isLiquidation"]).Select(name => Fields.TextOf(trade, name)));

    /// <summary>In batches, since not the journal is tried here but what follows it.</summary>
    private async Task PlaceMany(ApiClient client, string side, Random random, int count)
    {
        foreach (int[] batch in Enumerable.Range(0, count).Chunk(5))
        {
            IEnumerable<string> orders = batch.Select(_ => Market.Limit(side, AroundTheMark(random), $"0.00{random.Next(1, 10)}"));
            (await client.Post("/api/v1/orders/batch", $"{{\"orders\":[{string.Join(',', orders)}]}}")).Required();
        }
    }

    private static string AroundTheMark(Random random) => (50_000 + (random.Next(-30, 31) * 0.1m)).ToString("0.#", CultureInfo.InvariantCulture);
}
