using System.Net;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Features;

public sealed class FeatureTests : IAsyncLifetime
{
    private const string Target = "/api/v1/features/BTCUSDT/news:-:sentiment";

    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        _server.Exchange.FeatureTimeMs = ManualTime.StartMs;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_feature_is_answered_as_it_was_put_and_known_now_where_nothing_is_said()
    {
        Reply put = await _server.AsAdmin("PUT", Target, """{"value":"-0.50","source":"wire"}""");
        await _server.AsAdmin("PUT", "/api/v1/features/BTCUSDT/news%3A-%3Aheadline", """{"text":"\u00fcber 100\"","source":"wire","timeMs":1699999999000}""");
        Reply read = await _server.AsTrader("GET", "/api/v1/features/BTCUSDT");

        Assert.Equal(
            """{"isTaken":true,"name":"news:-:sentiment","value":"-0.50","source":"wire","timeMs":1700000000000,"expiresMs":1700000300000}""", put.Text);
        Assert.Equal(
            """{"features":[{"name":"news:-:headline","text":"über 100\"","source":"wire","timeMs":1699999999000,"expiresMs":1700000299000},{"name":"news:-:sentiment","value":"-0.50","source":"wire","timeMs":1700000000000,"expiresMs":1700000300000}]}""",
            read.Text);
        Assert.Equal("""{"features":[]}""", (await _server.AsTrader("GET", "/api/v1/features/OTHER")).Text);
    }

    [Fact]
    public async Task What_became_known_later_stays_and_is_told()
    {
        await _server.AsAdmin("PUT", Target, """{"value":"1","source":"wire"}""");

        Reply older = await _server.AsAdmin("PUT", Target, """{"value":"2","source":"other","timeMs":1699999999999}""");

        Assert.Equal(
            """{"isTaken":false,"name":"news:-:sentiment","value":"1","source":"wire","timeMs":1700000000000,"expiresMs":1700000300000}""", older.Text);
    }

    [Theory]
    [InlineData("""{"source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"1","text":"a","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"1e5","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"--1","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"1.","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":".1","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"123456789012345678901","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":"0.1234567890123456789","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"value":1,"source":"a"}""", "400 WRONG_TYPE")]
    [InlineData("""{"text":"","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"text":"a\u0000b","source":"a"}""", "400 BAD_FEATURE_VALUE")]
    [InlineData("""{"text":"a\ud800b","source":"a"}""", "400 MALFORMED_JSON")]
    [InlineData("""{"value":"1"}""", "400 MISSING_FIELD")]
    [InlineData("""{"value":"1","source":""}""", "400 BAD_FEATURE_NAME")]
    [InlineData("""{"value":"1","source":"a b"}""", "400 BAD_FEATURE_NAME")]
    [InlineData("""{"value":"1","source":"a","timeMs":1700000001001}""", "422 FEATURE_TIME")]
    [InlineData("""{"value":"1","source":"a","timeMs":1699999700000}""", "422 FEATURE_TIME")]
    [InlineData("""{"value":"1","source":"a","timeMs":"1"}""", "400 BAD_INTEGER,400 WRONG_TYPE")]
    [InlineData("""{"value":"1","source":"a","ttl":1}""", "400 UNKNOWN_FIELD")]
    public async Task What_is_not_well_formed_is_refused_by_name(string body, string expected)
    {
        Reply reply = await _server.AsAdmin("PUT", Target, body);

        Assert.Contains(reply.Refusal, expected.Split(','));
    }

    [Fact]
    public async Task Texts_up_to_their_limit_are_taken_however_they_are_written()
    {
        string longest = new('ä', 1_024);
        string escaped = string.Concat(Enumerable.Repeat("\\u00e4", 1_024));

        Assert.Equal(HttpStatusCode.OK, (await _server.AsAdmin("PUT", Target, $$"""{"text":"{{longest}}","source":"a"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.AsAdmin("PUT", Target, $$"""{"text":"{{escaped}}","source":"a"}""")).Status);
        Assert.Equal("400 BAD_FEATURE_VALUE", (await _server.AsAdmin("PUT", Target, $$"""{"text":"{{longest}}a","source":"a"}""")).Refusal);
        Assert.Equal("400 BAD_FEATURE_VALUE", (await _server.AsAdmin("PUT", Target, $$"""{"text":"{{escaped}}a","source":"a"}""")).Refusal);
        Assert.Equal(longest, (string?)(await _server.AsTrader("GET", "/api/v1/features/BTCUSDT")).Json["features"]![0]!["text"]);
    }

    [Theory]
    [InlineData("PUT", "/api/v1/features/BTC%2FUSDT/news:-:a")]
    [InlineData("PUT", "/api/v1/features/BTCUSDT/news:a")]
    [InlineData("PUT", "/api/v1/features/BTCUSDT/news:-:%C3%A4")]
    [InlineData("GET", "/api/v1/features/BTC:USDT")]
    [InlineData("GET", "/api/v1/features/BTCUSDT?prefix=news:")]
    [InlineData("GET", "/api/v1/features/BTCUSDT?prefix=a:b:c:d")]
    [InlineData("DELETE", "/api/v1/features/BTCUSDT?prefix=:")]
    public async Task A_malformed_name_is_refused(string method, string target)
    {
        Reply reply = method == "GET"
            ? await _server.AsTrader(method, target)
            : await _server.AsAdmin(method, target, method == "PUT" ? """{"value":"1","source":"a"}""" : null);

        Assert.Equal("400 BAD_FEATURE_NAME", reply.Refusal);
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended_while_others_are_put()
    {
        foreach (string name in (string[])["a:-:1", "a:-:2", "a:-:3"])
            await _server.AsAdmin("PUT", $"/api/v1/features/X/{name}", """{"value":"1","source":"a"}""");

        Reply first = await _server.AsTrader("GET", "/api/v1/features/X?limit=2");
        await _server.AsAdmin("PUT", "/api/v1/features/X/a:-:0", """{"value":"1","source":"a"}""");
        Reply second = await _server.AsTrader("GET", $"/api/v1/features/X?limit=2&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal(["a:-:1", "a:-:2"], NamesOf(first));
        Assert.Equal(["a:-:3"], NamesOf(second));
        Assert.Null(second.Json["nextCursor"]);
        Assert.Equal("400 BAD_CURSOR", (await _server.AsTrader("GET", "/api/v1/features/X?cursor=AAAA")).Refusal);
        Assert.Equal("400 BAD_CURSOR", (await _server.AsTrader("GET", $"/api/v1/features/X?cursor={new string('A', 400)}")).Refusal);
        Assert.Equal("400 BAD_INTEGER", (await _server.AsTrader("GET", "/api/v1/features/X?limit=1001")).Refusal);
    }

    [Fact]
    public async Task Administrators_put_and_remove_readers_read_and_nobody_else()
    {
        const string Body = """{"value":"1","source":"a"}""";

        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsTrader("PUT", Target, Body)).Refusal);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsTrader("DELETE", "/api/v1/features/BTCUSDT")).Refusal);
        Assert.Equal("401 CREDENTIALS_MISSING", (await _server.Send("GET", "/api/v1/features/BTCUSDT")).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await _server.AsAdmin("PUT", Target, Body)).Status);
        Assert.Equal("""{"removed":0}""", (await _server.AsAdmin("DELETE", "/api/v1/features/BTCUSDT?prefix=price")).Text);
        Assert.Equal("""{"removed":1}""", (await _server.AsAdmin("DELETE", "/api/v1/features/BTCUSDT?prefix=news")).Text);
        Assert.Equal("""{"features":[]}""", (await _server.Send("GET", "/api/v1/features/BTCUSDT", null, _server.ReaderToken)).Text);
    }

    [Fact]
    public async Task While_they_cannot_be_had_a_client_is_told_to_ask_again()
    {
        _server.Exchange.Failing = new FeaturesUnavailableException();

        Reply read = await _server.AsTrader("GET", "/api/v1/features/BTCUSDT");

        Assert.Equal("503 FEATURES_UNAVAILABLE", read.Refusal);
        Assert.Equal("503 FEATURES_UNAVAILABLE", (await _server.AsAdmin("PUT", Target, """{"value":"1","source":"a"}""")).Refusal);
    }

    private static string[] NamesOf(Reply reply) => [.. reply.Json["features"]!.AsArray().Select(feature => (string)feature!["name"]!)];
}
