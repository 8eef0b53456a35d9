using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What anyone may read of a symbol.</summary>
public abstract class MarketSuite(VenueServer server) : NativeApiSuite(server)
{
    private ApiClient _reader = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _reader = new ApiClient(Server.NextEdge(), null);
    }

    public override async Task DisposeAsync()
    {
        _reader?.Dispose();
        await base.DisposeAsync();
    }

    [SkippableFact]
    public async Task An_instrument_is_told_as_it_was_listed()
    {
        ApiReply one = (await _reader.Get($"/api/v1/instruments/{Market.Symbol}")).Required();

        one.Shows(
            $"symbol={Market.Symbol} status=trading tickSize=0.1 lotSize=0.001 minQty=0.001 maxQty=1000 minNotional=5 maxPrice=1000000 maxOrders=200 "
            + "bandUp=1.05 bandDown=0.95 marketBound=0.02 triggerProtect=0.05 makerFee=0.0002 takerFee=0.0005 liquidationFee=0.0125 "
            + "fundingIntervalMs=28800000 fundingCap=0.02 maxLeverage=125");
        Assert.Equal(4, one.Count("brackets"));
        Assert.Contains(Market.Symbol, (await _reader.Get("/api/v1/instruments")).Rows("instruments", "symbol"));
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _reader.Get("/api/v1/instruments/NONE")).Refusal);
    }

    [SkippableFact]
    public async Task The_book_has_a_level_a_price_best_first_and_a_number_that_rises()
    {
        (await Alice.Place(Market.Limit("buy", "49990", "0.1"))).Required(201);
        (await Bob.Place(Market.Limit("buy", "49990", "0.2"))).Required(201);
        (await Alice.Place(Market.Limit("buy", "49991", "0.1"))).Required(201);
        (await Bob.Place(Market.Limit("sell", "50010", "0.3"))).Required(201);

        ApiReply book = await Book("""[["49991","0.1"],["49990","0.3"]]""", """[["50010","0.3"]]""");
        (await Alice.Place(Market.AtMarket("buy", "0.1"))).Required(201);
        ApiReply later = await Book("""[["49991","0.1"],["49990","0.3"]]""", """[["50010","0.2"]]""");

        Assert.True(long.Parse(later["number"]) > long.Parse(book["number"]));
        Assert.Equal("""[["49991","0.1"]]""", (await _reader.Get($"/api/v1/orderbook/{Market.Symbol}?levels=1"))["bids"]);
    }

    [SkippableFact]
    public async Task Trades_tickers_candles_and_open_interest_add_up()
    {
        await AliceBuysFromBob("50000", "0.1");
        await AliceBuysFromBob("50200", "0.2");
        (await Alice.Place(Market.Limit("buy", "49900", "0.05"))).Required(201);
        (await Bob.Place(Market.AtMarket("sell", "0.05"))).Required(201);

        ApiReply ticker = await _reader.GetUntil($"/api/v1/tickers/{Market.Symbol}", reply => reply.Json.HasFields("trades=3"));
        ticker.Shows("last=49900 open=50000 high=50200 low=49900 change=-100 changePercent=-0.2 volume=0.35 quoteVolume=17535 trades=3 bid=- ask=- index=50000");
        ApiReply trades = await _reader.Get($"/api/v1/trades/{Market.Symbol}");
        Assert.Equal(["3 49900 0.05 sell", "2 50200 0.2 buy", "1 50000 0.1 buy"], trades.Rows("trades", "tradeId", "price", "qty", "takerSide"));
        ApiReply candles = await _reader.GetUntil($"/api/v1/candles/{Market.Symbol}?interval=1d", reply => reply.Count("candles") > 0);
        Assert.Equal("0.35", $"{candles.Rows("candles", "volume").Sum(decimal.Parse)}");
        ApiReply stats = await _reader.GetUntil($"/api/v1/stats/{Market.Symbol}", reply => reply["openInterest"] == "0.35");
        stats.Shows($"symbol={Market.Symbol} openInterest=0.35 liquidations=[]");
        (await _reader.Get($"/api/v1/funding/{Market.Symbol}")).Required().Shows("rates=[]");
        Assert.Contains(Market.Symbol, (await _reader.Get("/api/v1/tickers")).Rows("tickers", "symbol"));
    }

    [SkippableFact]
    public async Task Pages_of_trades_stand_still_while_others_are_made()
    {
        for (int i = 0; i < 5; i++)
            await AliceBuysFromBob("50000", "0.001");
        await _reader.GetUntil($"/api/v1/trades/{Market.Symbol}", reply => reply.Count("trades") == 5);

        ApiReply first = await _reader.Get($"/api/v1/trades/{Market.Symbol}?limit=2");
        await AliceBuysFromBob("50000", "0.001");
        ApiReply second = await _reader.Get($"/api/v1/trades/{Market.Symbol}?limit=3&cursor={first["nextCursor"]}");

        Assert.Equal(["5", "4"], first.Rows("trades", "tradeId"));
        Assert.Equal(["3", "2", "1"], second.Rows("trades", "tradeId"));
        Assert.False(second.Json.TryGetProperty("nextCursor", out _));
    }

    [SkippableFact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        (await Alice.Place(Market.Limit("buy", "49990", "0.1"))).Required(201);
        ApiReply book = await _reader.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["bids"] == """[["49990","0.1"]]""");
        (string, string) known = ("If-None-Match", book.Headers.ETag!.ToString());

        Assert.Equal(304, (await _reader.Send("GET", $"/api/v1/orderbook/{Market.Symbol}", null, known)).Status);
        (await Alice.Place(Market.Limit("buy", "49990", "0.1"))).Required(201);
        await _reader.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["bids"] == """[["49990","0.2"]]""");
        Assert.Equal(200, (await _reader.Send("GET", $"/api/v1/orderbook/{Market.Symbol}", null, known)).Status);
    }

    [SkippableFact]
    public async Task The_time_is_that_of_the_world()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(long.Parse((await _reader.Get("/api/v1/time"))["timeMs"]), before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    private Task<ApiReply> Book(string bids, string asks) =>
        _reader.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["bids"] == bids && reply["asks"] == asks);
}
