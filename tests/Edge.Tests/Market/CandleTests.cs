using Exchange.Core.MarketData;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Market;

public sealed class CandleTests : IAsyncLifetime
{
    private const long MinuteMs = 60_000;
    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        for (int minute = 1; minute <= 5; minute++)
            _server.Exchange.Candles.Add(new Candle
            {
                OpenTimeMs = minute * MinuteMs, OpenTicks = 300_000, HighTicks = 300_010, LowTicks = 299_990, CloseTicks = 300_000 + minute,
                Lots = 5, QuoteE8 = 15_000_000_000, TakerBuyLots = 2, Trades = 3,
            });
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = 5 * MinuteMs + 1 };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_candle_is_told_in_the_instruments_units()
    {
        Reply reply = await _server.Send("GET", "/api/v1/candles/BTCUSDT?interval=1m&from=60000&to=60000");

        Assert.Equal(
            """{"candles":[{"openMs":60000,"closeMs":119999,"open":"30000","high":"30001","low":"29999","close":"30000.1","volume":"0.005","quoteVolume":"150","takerBuyVolume":"0.002","trades":3,"isFinal":true}]}""",
            reply.Text);
    }

    /// <summary>The index is no multiple of the tick.</summary>
    [Fact]
    public async Task Candles_of_mark_and_index_are_told_in_their_units()
    {
        _server.Exchange.PriceCandles.Add(new Candle { OpenTimeMs = 60_000, OpenTicks = 300_000, HighTicks = 300_010, LowTicks = 299_990, CloseTicks = 300_001, Trades = 60 });

        Reply mark = await _server.Send("GET", "/api/v1/candles/BTCUSDT?interval=1s&price=mark&from=60000");
        Reply index = await _server.Send("GET", "/api/v1/candles/BTCUSDT?interval=1s&price=index&from=60000");

        Assert.Contains("""
            "open":"30000","high":"30001","low":"29999","close":"30000.1","volume":"0","quoteVolume":"0","takerBuyVolume":"0","trades":60
            """.Trim(), mark.Text, StringComparison.Ordinal);
        Assert.Contains("\"open\":\"0.003\",\"high\":\"0.0030001\"", index.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended_though_candles_are_added()
    {
        Reply first = await _server.Send("GET", "/api/v1/candles/BTCUSDT?interval=1m&from=120000&limit=2");
        _server.Exchange.Candles.Add(new Candle { OpenTimeMs = 6 * MinuteMs });
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = 6 * MinuteMs };
        Reply second = await _server.Send("GET", $"/api/v1/candles/BTCUSDT?interval=1m&limit=3&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal([2, 3], Minutes(first));
        Assert.Equal([4, 5, 6], Minutes(second));
        Assert.Null(second.Json["nextCursor"]);
    }

    [Fact]
    public async Task Without_a_begin_the_latest_candles_are_told_and_the_present_one_is_not_final()
    {
        Reply reply = await _server.Send("GET", "/api/v1/candles/BTCUSDT?interval=1m&limit=2");

        Assert.Equal([4, 5], Minutes(reply));
        Assert.Equal([true, false], reply.Json["candles"]!.AsArray().Select(candle => (bool)candle!["isFinal"]!));
    }

    [Theory]
    [InlineData("/api/v1/candles/BTCUSDT", "400 MISSING_FIELD")]
    [InlineData("/api/v1/candles/BTCUSDT?interval=7m", "400 BAD_VALUE")]
    [InlineData("/api/v1/candles/BTCUSDT?interval=1m&price=last", "400 BAD_VALUE")]
    [InlineData("/api/v1/candles/BTCUSDT?interval=1m&from=2&to=1", "400 BAD_INTEGER")]
    [InlineData("/api/v1/candles/BTCUSDT?interval=1m&limit=1001", "400 BAD_INTEGER")]
    [InlineData("/api/v1/candles/BTCUSDT?interval=1m&cursor=__________8", "400 BAD_CURSOR")]
    [InlineData("/api/v1/candles/NONE?interval=1m", "404 UNKNOWN_SYMBOL")]
    public async Task What_cannot_be_meant_is_refused_by_name(string target, string refusal) =>
        Assert.Equal(refusal, (await _server.Send("GET", target)).Refusal);

    private static IEnumerable<long> Minutes(Reply reply) =>
        reply.Json["candles"]!.AsArray().Select(candle => (long)candle!["openMs"]! / MinuteMs);
}
