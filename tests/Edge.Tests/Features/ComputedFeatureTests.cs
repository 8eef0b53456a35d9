using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;
using Exchange.Tests.Shared;

namespace Exchange.Edge.Tests.Features;

/// <summary>What the venue makes of its candles and books, between what was put.</summary>
public sealed class ComputedFeatureTests : IAsyncLifetime
{
    private const long StartMs = ManualTime.StartMs;

    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start(settings: [("Features:Indicators", "sma(1);sma(2)")]);
        _server.Exchange.FeatureTimeMs = StartMs + 3_000;
        for (int second = 0; second < 4; second++)
            _server.Exchange.Candles.Add(new Candle
            {
                OpenTimeMs = StartMs + second * 1_000, OpenTicks = 1, HighTicks = 90, LowTicks = 1, CloseTicks = 5 + 5 * second, Lots = 4, TakerBuyLots = 3, Trades = 2,
            });
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = StartMs + 3_000 };
        _server.Time.Advance(3_000);
        await Condition.Holds(async () =>
            (await _server.AsTrader("GET", "/api/v1/features/BTCUSDT?prefix=indicator:1s")).Json["features"]!.AsArray().Count == 2);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task They_are_listed_by_name_among_those_that_were_put()
    {
        await _server.AsAdmin("PUT", "/api/v1/features/BTCUSDT/news:-:sentiment", $$"""{"value":"1","source":"wire","timeMs":{{StartMs + 3_000}}}""");

        Reply all = await _server.AsTrader("GET", "/api/v1/features/BTCUSDT");
        Reply page = await _server.AsTrader("GET", "/api/v1/features/BTCUSDT?limit=3");
        Reply rest = await _server.AsTrader("GET", $"/api/v1/features/BTCUSDT?cursor={(string?)page.Json["nextCursor"]}");

        string[] names = NamesOf(all);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(["indicator:1s:sma-1", "indicator:1s:sma-2", "news:-:sentiment", "tape:1s:rate", "tape:1s:sign"], names.Where(name => !name.StartsWith("book", StringComparison.Ordinal)));
        Assert.Equal(names, NamesOf(page).Concat(NamesOf(rest)));
        Assert.Contains(
            $$"""{"name":"indicator:1s:sma-2","value":"1.25","source":"venue","timeMs":{{StartMs + 3_000}},"expiresMs":{{StartMs + 4_000 + 1_800_000}}}""", all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_of_a_time_both_are_what_they_were_then()
    {
        await _server.AsAdmin("PUT", "/api/v1/features/BTCUSDT/news:-:sentiment", $$"""{"value":"1","source":"wire","timeMs":{{StartMs + 1_000}}}""");
        await _server.AsAdmin("PUT", "/api/v1/features/BTCUSDT/news:-:sentiment", $$"""{"value":"2","source":"wire","timeMs":{{StartMs + 2_500}}}""");

        Assert.Equal(["indicator:1s:sma-1=1", "indicator:1s:sma-2=0.75", "news:-:sentiment=1"], await ValuesAsOf(StartMs + 2_000));
        Assert.Equal(["indicator:1s:sma-1=0.5", "news:-:sentiment=1"], await ValuesAsOf(StartMs + 1_999));
        Assert.Equal(["indicator:1s:sma-1=1.5", "indicator:1s:sma-2=1.25", "news:-:sentiment=2"], await ValuesAsOf(StartMs + 3_600_000));
        Assert.Empty(await ValuesAsOf(StartMs + 999));
        Assert.Equal("400 BAD_INTEGER", (await _server.AsTrader("GET", "/api/v1/features/BTCUSDT?asOf=-1")).Refusal);
    }

    [Theory]
    [InlineData("indicator:1m:rsi")]
    [InlineData("tape:1s:mine")]
    [InlineData("book:-:spread")]
    public async Task Nobody_else_puts_features_of_those_kinds(string name) => Assert.Equal(
        "400 FEATURE_IS_COMPUTED", (await _server.AsAdmin("PUT", $"/api/v1/features/X/{name}", """{"value":"1","source":"a"}""")).Refusal);

    private async Task<string[]> ValuesAsOf(long asOfMs)
    {
        Reply reply = await _server.AsTrader("GET", $"/api/v1/features/BTCUSDT?asOf={asOfMs}");
        return [.. reply.Json["features"]!.AsArray()
            .Select(feature => $"{feature!["name"]}={feature["value"]}")
            .Where(text => text.StartsWith("indicator", StringComparison.Ordinal) || text.StartsWith("news", StringComparison.Ordinal))];
    }

    private static string[] NamesOf(Reply reply) => [.. reply.Json["features"]!.AsArray().Select(feature => (string)feature!["name"]!)];
}
