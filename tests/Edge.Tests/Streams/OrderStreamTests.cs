using System.Text.Json.Nodes;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

/// <summary>Order entry over the stream: the bodies, checks and codes of the HTTP API.</summary>
public sealed class OrderStreamTests : IAsyncLifetime
{
    private const string Limit = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000.1","qty":"0.003","clientOrderId":"a/1"}""";

    private EdgeServer _server = null!;
    private StreamClient _trader = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start(null, ("Edge:StreamOrdersInFlight", "8"), ("Edge:CommandTimeoutMs", "500"));
        _trader = await StreamClient.Connect(_server);
        await _trader.LogOn(_server.TraderToken);
    }

    public async Task DisposeAsync()
    {
        _trader.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_placed_amended_and_canceled_and_each_answer_carries_the_id_of_its_request()
    {
        JsonNode placed = await _trader.Ask($$"""{"id":7,"op":"order.place","body":{{Limit}}}""");
        Assert.Equal((7, true, false, "a/1"), ((int)placed["id"]!, (bool)placed["ok"]!, (bool)placed["isRepeat"]!, (string?)placed["order"]!["clientOrderId"]));
        Assert.Equal((7u, 300_001, 3), (_server.Exchange.LastCommand.Account, _server.Exchange.LastCommand.Terms.PriceTicks, _server.Exchange.LastCommand.Terms.Lots));

        JsonNode amended = await _trader.Ask("""{"id":8,"op":"order.amend","order":"client:a/1","symbol":"BTCUSDT","body":{"price":"30000"}}""");
        Assert.Equal((8, "30000"), ((int)amended["id"]!, (string?)amended["order"]!["price"]));

        JsonNode canceled = await _trader.Ask("""{"id":9,"op":"order.cancel","order":"1"}""");
        Assert.Equal((9, "canceled"), ((int)canceled["id"]!, (string?)canceled["order"]!["status"]));

        Assert.Equal(
            """{"id":10,"ok":true,"canceled":{"symbol":"BTCUSDT","canceled":1}}""",
            (await _trader.Ask("""{"id":10,"op":"order.cancelAll","symbol":"BTCUSDT"}""")).ToJsonString());
    }

    [Fact]
    public async Task What_is_answered_equals_what_HTTP_answers()
    {
        JsonNode overStream = (await _trader.Ask($$"""{"op":"order.place","body":{{Limit}}}"""))["order"]!;
        JsonNode overHttp = (await _server.AsTrader("POST", "/api/v1/orders", Limit)).Json;

        overHttp["orderId"] = "1";
        Assert.Equal(overHttp.ToJsonString(), overStream.ToJsonString());
    }

    [Theory]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000.05","qty":"1"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"1e3","qty":"1"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"NONE","side":"buy","type":"limit","price":"1","qty":"1"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"1","qty":"1","qty":"1"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"1","qty":"1","colour":"red"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"up","type":"limit","price":"1","qty":"1"}""", "order.place", "")]
    [InlineData("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"1","qty":"1","clientOrderId":"no spaces"}""", "order.place", "")]
    [InlineData("PATCH", "/api/v1/orders/5", """{"price":"30000.05"}""", "order.amend", "\"order\":\"5\",")]
    [InlineData("PATCH", "/api/v1/orders/5", "{}", "order.amend", "\"order\":\"5\",")]
    [InlineData("PATCH", "/api/v1/orders/99", """{"price":"1"}""", "order.amend", "\"order\":\"99\",")]
    public async Task What_HTTP_refuses_is_refused_with_the_same_problem(string method, string path, string body, string op, string fields)
    {
        _server.Exchange.Add(TestOrders.Resting(5));
        JsonNode overHttp = (await _server.AsTrader(method, path, body)).Json;
        overHttp.AsObject().Remove("requestId");

        JsonNode overStream = await _trader.Ask($$"""{"id":1,"op":"{{op}}",{{fields}}"body":{{body}}}""");

        Assert.Equal(overHttp.ToJsonString(), overStream["error"]!.ToJsonString());
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Theory]
    [InlineData("""{"id":1,"op":"order.place"}""", "MISSING_FIELD")]
    [InlineData("""{"id":1,"op":"order.place","body":[]}""", "WRONG_TYPE")]
    [InlineData("""{"id":1,"op":"order.place","body":{"symbol":"BTCUSDT","side":{"a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}}}""", "JSON_TOO_DEEP")]
    [InlineData("""{"id":1,"op":"order.cancel"}""", "MISSING_FIELD")]
    [InlineData("""{"id":1,"op":"order.cancel","order":"x"}""", "BAD_ID")]
    [InlineData("""{"id":1,"op":"order.cancel","order":"client:"}""", "BAD_CLIENT_ID")]
    [InlineData("""{"id":1,"op":"order.cancel","order":"99"}""", "UNKNOWN_ORDER")]
    [InlineData("""{"id":1,"op":"order.cancel","order":"99","symbol":"NONE"}""", "UNKNOWN_SYMBOL")]
    [InlineData("""{"id":1,"op":"order.cancelAll"}""", "MISSING_FIELD")]
    public async Task A_malformed_command_is_refused_and_never_reaches_the_venue(string request, string expected)
    {
        Assert.Equal(expected, (string?)(await _trader.Ask(request))["error"]!["code"]);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task What_the_venue_refuses_is_told_with_its_limit()
    {
        _server.Exchange.Answering = _ => new CommandReply { Reason = RejectReason.PriceRange, LimitValue = 300_000 };

        JsonNode answer = await _trader.Ask($$"""{"id":1,"op":"order.place","body":{{Limit}}}""");

        Assert.Equal(("PRICE_RANGE", "30000"), ((string?)answer["error"]!["code"], (string?)answer["error"]!["limit"]));
    }

    [Fact]
    public async Task Without_the_right_to_trade_nothing_is_done()
    {
        using StreamClient stranger = await StreamClient.Connect(_server);
        using StreamClient reader = await StreamClient.Connect(_server);
        using StreamClient admin = await StreamClient.Connect(_server);
        await reader.LogOn(_server.ReaderToken);
        await admin.LogOn(_server.AdminToken);
        string request = $$"""{"id":1,"op":"order.place","body":{{Limit}}}""";

        Assert.Equal("CREDENTIALS_MISSING", (string?)(await stranger.Ask(request))["error"]!["code"]);
        Assert.Equal("PERMISSION_MISSING", (string?)(await reader.Ask(request))["error"]!["code"]);
        Assert.Equal("PERMISSION_MISSING", (string?)(await admin.Ask(request))["error"]!["code"]);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_venue_that_is_down_is_told_before_anything_is_tried()
    {
        _server.Exchange.Health = VenueHealth.Stopped;

        Assert.Equal("VENUE_STOPPED", (string?)(await _trader.Ask($$"""{"id":1,"op":"order.place","body":{{Limit}}}"""))["error"]!["code"]);
    }

    [Fact]
    public async Task Commands_are_answered_in_the_order_they_are_done_many_at_once()
    {
        var pending = new TaskCompletionSource<CommandReply>();
        _server.Exchange.Delaying = command => command.Terms.Lots == 1 ? pending : null;

        await _trader.Send($$"""{"id":1,"op":"order.place","body":{{Limit.Replace("0.003", "0.001", StringComparison.Ordinal)}}}""");
        await _trader.Send($$"""{"id":2,"op":"order.place","body":{{Limit}}}""");

        Assert.Equal(2, (int)(await _trader.Receive())!["id"]!);
        pending.SetResult(new CommandReply { Order = TestOrders.Resting(9) });
        JsonNode late = (await _trader.Receive())!;
        Assert.Equal((1, "9"), ((int)late["id"]!, (string?)late["order"]!["orderId"]));
    }

    [Fact]
    public async Task More_commands_than_may_be_in_flight_are_refused_until_one_is_answered()
    {
        var pending = new TaskCompletionSource<CommandReply>();
        _server.Exchange.Delaying = _ => pending;
        for (int i = 0; i < 8; i++)
            await _trader.Send($$"""{"id":{{i}},"op":"order.place","body":{{Limit}}}""");

        JsonNode refused = await _trader.Ask($$"""{"id":8,"op":"order.place","body":{{Limit}}}""");
        Assert.Equal((8, "TOO_MANY_IN_FLIGHT", "8"), ((int)refused["id"]!, (string?)refused["error"]!["code"], (string?)refused["error"]!["limit"]));

        pending.SetResult(new CommandReply { Order = TestOrders.Resting(9) });
        for (int i = 0; i < 8; i++)
            Assert.True((bool)(await _trader.Receive())!["ok"]!);
        Assert.True((bool)(await _trader.Ask($$"""{"id":9,"op":"order.place","body":{{Limit}}}"""))["ok"]!);
    }

    [Fact]
    public async Task An_outcome_that_does_not_come_is_told_as_unknown_and_not_told_twice()
    {
        var pending = new TaskCompletionSource<CommandReply>();
        _server.Exchange.Delaying = command => command.Terms.Lots == 1 ? pending : null;

        JsonNode unknown = await _trader.Ask($$"""{"id":1,"op":"order.place","body":{{Limit.Replace("0.003", "0.001", StringComparison.Ordinal)}}}""");
        Assert.Equal((1, "OUTCOME_UNKNOWN"), ((int)unknown["id"]!, (string?)unknown["error"]!["code"]));

        pending.SetResult(new CommandReply { Order = TestOrders.Resting(9) });
        Assert.Equal(2, (int)(await _trader.Ask($$"""{"id":2,"op":"order.place","body":{{Limit}}}"""))["id"]!);
    }

    [Fact]
    public async Task A_venue_that_stops_leaves_the_outcome_unknown()
    {
        _server.Exchange.Failing = new VenueStoppedException("The disk is gone.");

        Assert.Equal("OUTCOME_UNKNOWN", (string?)(await _trader.Ask($$"""{"id":1,"op":"order.place","body":{{Limit}}}"""))["error"]!["code"]);
    }

    [Fact]
    public async Task A_trader_may_send_more_than_50_messages_a_second()
    {
        for (int i = 0; i < 200; i++)
            Assert.Equal(i, (int)(await _trader.Ask($$"""{"id":{{i}},"op":"order.place","body":{{Limit}}}"""))["id"]!);
    }
}
