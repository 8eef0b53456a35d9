using System.Text;
using System.Text.Json.Nodes;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Exchange.Edge.Native.Features;
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
    public async Task An_indicator_that_is_not_made_of_every_candle_is_made_when_it_is_asked_for()
    {
        Assert.Equal(["indicator:1s:sma-3=1"], await Asked("indicator:1s:sma-3"));
        Assert.Equal(["indicator:1s:bb-2-1.5.sma=1.25"], await Asked("indicator:1s:bb-2-1.5.sma"));
        Assert.Empty(await Asked("indicator:1s:sma-4"));
        Assert.Empty(await Asked("indicator:1s:sma-x"));
        Assert.Empty(await Asked("indicator:1s:nothing-3"));
        Assert.Empty(await Asked("indicator:7s:sma-3"));

        async Task<string[]> Asked(string name) =>
            [.. (await _server.AsTrader("GET", $"/api/v1/features/BTCUSDT?prefix={name}")).Json["features"]!.AsArray().Select(feature => $"{feature!["name"]}={feature["value"]}")];
    }

    [Fact]
    public async Task However_many_ask_for_one_at_once_it_is_made_once_a_candle()
    {
        var requested = new RequestedFeatures(_server.Exchange);
        Instrument instrument = _server.Exchange.Instruments[0];
        using var all = new Barrier(8);
        Task<Feature?>[] asking = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                all.SignalAndWait();
                return requested.Find(instrument, "indicator:1s:sma-3");
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.All(await Task.WhenAll(asking), feature => Assert.Equal("1", feature!.Value));
        Assert.Equal(1, requested.Computations);

        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = StartMs + 4_000 };
        Assert.Equal("1.5", requested.Find(instrument, "indicator:1s:sma-3")!.Value);
        Assert.Equal(2, requested.Computations);
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

    [Fact]
    public async Task A_query_joins_features_of_entities_as_of_times()
    {
        await _server.AsAdmin("PUT", "/api/v1/features/BTCUSDT/news:-:headline", $$"""{"text":"say \"hi\"","source":"wire","timeMs":{{StartMs + 1_500}}}""");
        await _server.AsAdmin("PUT", "/api/v1/features/OTHER/news:-:headline", $$"""{"value":"-7","source":"wire","timeMs":{{StartMs + 2_500}}}""");
        string body = $$"""{"entities":["BTCUSDT","OTHER"],"features":["news:-:headline","indicator:1s:sma-1"],"timesMs":[{{StartMs + 1_000}},{{StartMs + 9_000}}]}""";

        Reply json = await _server.AsTrader("POST", "/api/v1/features/query", body);
        HttpRequestMessage wantsCsv = EdgeServer.Request("POST", "/api/v1/features/query", Encoding.UTF8.GetBytes(body), _server.TraderToken);
        wantsCsv.Headers.Add("Accept", "text/csv, application/json;q=0.5");
        Reply csv = await _server.Send(wantsCsv);

        Assert.Equal(
            $$"""{"entity":["BTCUSDT","BTCUSDT","OTHER","OTHER"],"timeMs":[{{StartMs + 1_000}},{{StartMs + 9_000}},{{StartMs + 1_000}},{{StartMs + 9_000}}],"columns":[{"name":"news:-:headline","values":[null,"say \"hi\"",null,"-7"]},{"name":"indicator:1s:sma-1","values":["0.5","1.5",null,null]}]}""",
            json.Text);
        Assert.Equal("text/csv", csv.ContentType);
        Assert.Equal(
            $"entity,timeMs,news:-:headline,indicator:1s:sma-1\r\nBTCUSDT,{StartMs + 1_000},,0.5\r\nBTCUSDT,{StartMs + 9_000},\"say \"\"hi\"\"\",1.5\r\nOTHER,{StartMs + 1_000},,\r\nOTHER,{StartMs + 9_000},-7,\r\n",
            csv.Text);
    }

    [Theory]
    [InlineData("""{"entities":[],"features":["a:-:b"],"timesMs":[1]}""", "422 FEATURE_QUERY_SIZE")]
    [InlineData("""{"entities":["X"],"features":["a:-:b"],"timesMs":[]}""", "422 FEATURE_QUERY_SIZE")]
    [InlineData("""{"entities":["X"],"features":["a:b"],"timesMs":[1]}""", "400 BAD_FEATURE_NAME")]
    [InlineData("""{"entities":["X:Y"],"features":["a:-:b"],"timesMs":[1]}""", "400 BAD_FEATURE_NAME")]
    [InlineData("""{"entities":["X"],"features":["a:-:b"],"timesMs":[-1]}""", "400 BAD_INTEGER")]
    [InlineData("""{"entities":["X"],"features":["a:-:b"],"timesMs":1}""", "400 WRONG_TYPE")]
    [InlineData("""{"entities":["X"],"features":["a:-:b"]}""", "400 MISSING_FIELD")]
    public async Task A_query_that_cannot_be_meant_is_refused_by_name(string body, string refusal) =>
        Assert.Equal(refusal, (await _server.AsTrader("POST", "/api/v1/features/query", body)).Refusal);

    [Fact]
    public async Task A_query_of_too_many_cells_is_refused()
    {
        string names = string.Join(",", Enumerable.Range(0, 21).Select(i => $"\"a:-:{i}\""));
        string times = string.Join(",", Enumerable.Repeat("1", 1_000));

        Assert.Equal("422 FEATURE_QUERY_SIZE", (await _server.AsTrader("POST", "/api/v1/features/query", $$"""{"entities":["X"],"features":[{{names}}],"timesMs":[{{times}}]}""")).Refusal);
        Assert.Equal("422 FEATURE_QUERY_SIZE", (await _server.AsTrader("POST", "/api/v1/features/query", $$"""{"entities":["X"],"features":["a:-:b"],"timesMs":[{{times}},1]}""")).Refusal);
    }

    [Fact]
    public async Task A_stream_tells_what_is_known_and_then_what_became_known()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Subscribe("features@BTCUSDT@1s");
        JsonNode first = (await client.Receive())!;
        Assert.Equal(("features", "BTCUSDT"), ((string?)first["channel"], (string?)first["symbol"]));
        Assert.Equal(["indicator:1s:sma-1=1.5", "indicator:1s:sma-2=1.25", "tape:1s:rate=2", "tape:1s:sign=0.5"], ValuesOf(first));

        _server.Exchange.Candles.Add(new Candle { OpenTimeMs = StartMs + 4_000, OpenTicks = 25, HighTicks = 25, LowTicks = 25, CloseTicks = 25, Lots = 1, Trades = 1 });
        _server.Exchange.Ticker = _server.Exchange.Ticker with { TimeMs = StartMs + 4_000 };
        _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.Mark });

        JsonNode next = (await client.Receive())!;
        Assert.Equal(["indicator:1s:sma-1=2", "indicator:1s:sma-2=1.75", "tape:1s:rate=2", "tape:1s:sign=0.5"], ValuesOf(next));
        Assert.All(next["features"]!.AsArray(), feature => Assert.Equal(StartMs + 4_000, (long)feature!["timeMs"]!));

        static string[] ValuesOf(JsonNode message) => [.. message["features"]!.AsArray().Select(feature => $"{feature!["name"]}={feature["value"]}")];
    }

    [Fact]
    public async Task In_Protobuf_a_stream_tells_the_same()
    {
        using ProtobufClient client = await ProtobufClient.Connect(_server);
        await client.Subscribe("features@BTCUSDT");
        Protos.Features told = (await client.Receive())!.Features;

        Assert.Equal("BTCUSDT", told.Symbol);
        Protos.Feature average = told.Features_.Single(feature => feature.Name == "indicator:1s:sma-2");
        Assert.Equal(("1.25", "venue", (ulong)StartMs + 3_000, (ulong)StartMs + 1_804_000), (average.Value, average.Source, average.TimeMs, average.ExpiresMs));
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
