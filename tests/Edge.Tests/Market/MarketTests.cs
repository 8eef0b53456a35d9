using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Market;

public sealed class MarketTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_time_is_the_servers() =>
        Assert.Equal("""{"timeMs":1700000000000}""", (await _server.Send("GET", "/api/v1/time")).Text);

    [Fact]
    public async Task Instruments_are_told_with_filters_fees_brackets_and_status()
    {
        _server.Exchange.Ticker = _server.Exchange.Ticker with { MarkTicks = 1 };

        Reply all = await _server.Send("GET", "/api/v1/instruments");
        Reply one = await _server.Send("GET", "/api/v1/instruments/BTCUSDT");

        Assert.Equal(["BTCUSDT", "ALTUSDT"], all.Json["instruments"]!.AsArray().Select(node => (string?)node!["symbol"]));
        Assert.Equal(
            """{"symbol":"BTCUSDT","status":"trading","tickSize":"0.1","lotSize":"0.001","minQty":"0.001","maxQty":"1000","minNotional":"5","maxPrice":"1000000","maxPosition":"90000","maxOrders":200,"bandUp":"1.05","bandDown":"0.95","marketBound":"0.02","triggerProtect":"0","makerFee":"0.0002","takerFee":"0.0005","liquidationFee":"0.0125","fundingIntervalMs":28800000,"fundingCap":"0.02","maxLeverage":125,"brackets":[{"cap":"50000","maxLeverage":125,"maintenanceRate":"0.004","deduction":"0"},{"cap":"600000","maxLeverage":100,"maintenanceRate":"0.005","deduction":"50"}]}""",
            one.Text);
    }

    [Theory]
    [InlineData(TradingState.Trading, 0, "awaiting_mark")]
    [InlineData(TradingState.Trading, 5, "trading")]
    [InlineData(TradingState.ReduceOnly, 5, "reduce_only")]
    [InlineData(TradingState.Halted, 0, "halted")]
    public async Task An_instruments_status_follows_the_venue(TradingState state, long markTicks, string expected)
    {
        _server.Exchange.State = state;
        _server.Exchange.Ticker = _server.Exchange.Ticker with { MarkTicks = markTicks };

        Assert.Equal(expected, (string?)(await _server.Send("GET", "/api/v1/instruments/ALTUSDT")).Json["status"]);
    }

    [Fact]
    public async Task A_book_is_told_level_by_level_with_its_number()
    {
        _server.Exchange.Depth = new DepthView(0, 42, 1_700_000_000_500, [new(300_000, 3), new(299_999, 10)], [new(300_001, 1)]);

        Reply reply = await _server.Send("GET", "/api/v1/orderbook/BTCUSDT?levels=1");

        Assert.Equal("""{"symbol":"BTCUSDT","number":42,"timeMs":1700000000500,"bids":[["30000","0.003"]],"asks":[["30000.1","0.001"]]}""", reply.Text);
        Assert.Equal("400 BAD_INTEGER", (await _server.Send("GET", "/api/v1/orderbook/BTCUSDT?levels=5001")).Refusal);
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _server.Send("GET", "/api/v1/orderbook/NONE")).Refusal);
    }

    [Fact]
    public async Task Trades_are_told_page_by_page()
    {
        _server.Exchange.Trades.AddRange([new(2, 300_001, 5, Side.Sell, true, 11), new(1, 300_000, 4, Side.Buy, false, 10)]);

        Reply first = await _server.Send("GET", "/api/v1/trades/BTCUSDT?limit=1");
        Reply second = await _server.Send("GET", $"/api/v1/trades/BTCUSDT?limit=1&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal("""[{"tradeId":"2","price":"30000.1","qty":"0.005","takerSide":"sell","isLiquidation":true,"timeMs":11}]""", first.Json["trades"]!.ToJsonString());
        Assert.Equal("1", (string?)second.Json["trades"]![0]!["tradeId"]);
    }

    [Fact]
    public async Task A_ticker_leaves_out_what_does_not_exist_yet()
    {
        Assert.Equal(
            """{"symbol":"ALTUSDT","volume":"0","quoteVolume":"0","trades":0,"fundingRate":"0","timeMs":0}""",
            (await _server.Send("GET", "/api/v1/tickers/ALTUSDT")).Text);

        _server.Exchange.Ticker = new TickerView(0, 300_000, 310_000, 290_000, 299_000, 5_000, 15_000_000_000_000, 12, 298_999, 1, 299_001, 2, 299_500, 2_995_012_345_678, -10_000, 1_700_006_400_000, 1_700_000_000_000);
        Reply reply = await _server.Send("GET", "/api/v1/tickers/BTCUSDT");

        Assert.Equal(
            """{"symbol":"BTCUSDT","last":"29900","open":"30000","high":"31000","low":"29000","change":"-100","changePercent":"-0.33","volume":"5","quoteVolume":"150000","trades":12,"bid":"29899.9","bidQty":"0.001","ask":"29900.1","askQty":"0.002","mark":"29950","index":"29950.12345678","fundingRate":"-0.0001","nextFundingMs":1700006400000,"timeMs":1700000000000}""",
            reply.Text);
        Assert.Equal(2, (await _server.Send("GET", "/api/v1/tickers")).Json["tickers"]!.AsArray().Count);
    }
}
