using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Market;

public sealed class UnchangedTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_book_is_sent_again_only_once_it_has_changed()
    {
        _server.Exchange.Depth = new DepthView(0, 42, 7, [new(300_000, 3)], []);
        string known = await Tag("/api/v1/orderbook/BTCUSDT");

        Assert.Equal(304, (await Get("/api/v1/orderbook/BTCUSDT", known)).Code);
        Assert.Equal(304, (await Get("/api/v1/orderbook/BTCUSDT", $"\"other\", {known["W/".Length..]}")).Code);
        Assert.Equal(200, (await Get("/api/v1/orderbook/BTCUSDT", "W/\"other\"")).Code);

        _server.Exchange.Depth = _server.Exchange.Depth with { Number = 43 };
        Assert.Equal(200, (await Get("/api/v1/orderbook/BTCUSDT", known)).Code);
    }

    [Fact]
    public async Task Trades_are_sent_again_only_after_another_trade()
    {
        _server.Exchange.Trades.Add(new(1, 300_000, 4, Side.Buy, false, 10));
        string known = await Tag("/api/v1/trades/BTCUSDT");
        Assert.Equal(304, (await Get("/api/v1/trades/BTCUSDT", known)).Code);

        _server.Exchange.Trades.Insert(0, new(2, 300_000, 4, Side.Buy, false, 10));
        Assert.Equal(200, (await Get("/api/v1/trades/BTCUSDT", known)).Code);
    }

    [Fact]
    public async Task Candles_are_sent_again_after_a_trade_and_when_the_last_one_becomes_final()
    {
        _server.Exchange.Candles.Add(new Candle { OpenTimeMs = 60_000, Trades = 1 });
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = 60_500 };
        const string target = "/api/v1/candles/BTCUSDT?interval=1m&from=0";
        string first = await Tag(target);
        Assert.Equal(304, (await Get(target, first)).Code);

        _server.Exchange.Candles[0] = new Candle { OpenTimeMs = 60_000, Trades = 2 };
        Assert.Equal(200, (await Get(target, first)).Code);
        string second = await Tag(target);

        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = 120_000 };
        Assert.Equal(200, (await Get(target, second)).Code);
        Assert.Equal(304, (await Get(target, await Tag(target))).Code);
    }

    [Fact]
    public async Task Funding_rates_are_sent_again_only_after_another_round()
    {
        _server.Exchange.Fundings.Add(new(28_800_000, 10_000, 500_000));
        string known = await Tag("/api/v1/funding/BTCUSDT");
        Assert.Equal(304, (await Get("/api/v1/funding/BTCUSDT", known)).Code);

        _server.Exchange.Fundings.Insert(0, new(57_600_000, 10_000, 500_000));
        Assert.Equal(200, (await Get("/api/v1/funding/BTCUSDT", known)).Code);
    }

    [Theory]
    [InlineData("/api/v1/instruments")]
    [InlineData("/api/v1/instruments/BTCUSDT")]
    public async Task Instruments_are_sent_again_once_one_is_listed_changed_or_in_another_state(string target)
    {
        string first = await Tag(target);
        Assert.Equal(304, (await Get(target, first)).Code);

        _server.Exchange.State = TradingState.Halted;
        string second = await Tag(target);
        Assert.Equal(200, (await Get(target, first)).Code);
        Assert.Equal(304, (await Get(target, second)).Code);

        _server.Exchange.Instruments = [TestInstruments.Btc(0), TestInstruments.Alt(1)];
        Assert.Equal(200, (await Get(target, second)).Code);
        Assert.Equal(304, (await Get(target, await Tag(target))).Code);
    }

    private async Task<string> Tag(string target) => (await Get(target, null)).Headers.ETag!.ToString();

    private async Task<Reply> Get(string target, string? known)
    {
        HttpRequestMessage request = EdgeServer.Request("GET", target, null, null);
        if (known is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return await _server.Send(request);
    }
}
