using System.Text.Json.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Streams;

public sealed class UserStreamTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Own_orders_and_fills_are_told_and_nobody_elses()
    {
        _server.Exchange.Add(TestOrders.Resting(5));
        _server.Exchange.Add(TestOrders.Resting(6) with { Account = 8 });
        using StreamClient client = await StreamClient.Connect(_server);
        await client.LogOn(_server.ReaderToken);
        await client.Subscribe("orders");

        _server.Exchange.Emit(
            new FeedEvent { Kind = FeedKind.OrderAccepted, Account = 8, Id = 6, PriceTicks = 1, Lots = 1 },
            new FeedEvent { Kind = FeedKind.OrderAccepted, Account = 7, Id = 5, PriceTicks = 300_001, Lots = 3, Sequence = 44, TimeMs = 1 },
            new FeedEvent { Kind = FeedKind.Fill, Account = 7, Id = 5, Other = 9, PriceTicks = 300_001, Lots = 2, Amount = 10, Money = -20, Flags = FeedFlags.Maker, TimeMs = 2 },
            new FeedEvent { Kind = FeedKind.OrderUpdated, Account = 7, Id = 5, Lots = 3, Other = 2, Status = OrderStatus.Canceled, Reason = (byte)EndReason.Countdown });

        JsonNode accepted = (await client.Receive())!;
        Assert.Equal(("44", "accepted", "5", "new"), ((string?)accepted["sequence"], (string?)accepted["event"], (string?)accepted["order"]!["orderId"], (string?)accepted["order"]!["status"]));
        JsonNode fill = (await client.Receive())!;
        Assert.Equal(("fill", "9", "0.0000001", true), ((string?)fill["event"], (string?)fill["fill"]!["tradeId"], (string?)fill["fill"]!["fee"], (bool)fill["fill"]!["isMaker"]!));
        JsonNode ended = (await client.Receive())!;
        Assert.Equal(("30000.1", "canceled", "countdown", "0.002"), ((string?)ended["order"]!["price"], (string?)ended["order"]!["status"], (string?)ended["order"]!["endReason"], (string?)ended["order"]!["filledQty"]));
    }

    [Fact]
    public async Task Positions_and_balances_are_told()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.LogOn(_server.TraderToken);
        await client.Subscribe("positions", "balances");

        _server.Exchange.Emit(
            new FeedEvent { Kind = FeedKind.Position, Account = 7, Lots = -100, Amount = 300_000_000_000, Money = 5, Sequence = 3, TimeMs = 2 },
            new FeedEvent { Kind = FeedKind.Balance, Account = 7, Amount = -50, Money = 1_000, Reason = (byte)BalanceCause.Funding, Sequence = 4, TimeMs = 3 });

        JsonNode position = (await client.Receive())!;
        JsonNode balance = (await client.Receive())!;
        foreach (JsonNode message in (JsonNode[])[position, balance])
            Assert.True(message.AsObject().Remove("cursor"));
        Assert.Equal(
            """{"channel":"positions","sequence":"3","timeMs":2,"symbol":"BTCUSDT","positionSide":"both","qty":"-0.1","entryPrice":"30000","isolatedMargin":"0.00000005"}""",
            position.ToJsonString());
        Assert.Equal(
            """{"channel":"balances","sequence":"4","timeMs":3,"walletBalance":"0.00001","change":"-0.0000005","cause":"funding"}""",
            balance.ToJsonString());
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("positions")]
    [InlineData("balances")]
    public async Task Without_log_on_nothing_private_is_told(string channel)
    {
        using StreamClient client = await StreamClient.Connect(_server);

        JsonNode answer = await client.Ask($$"""{"id":3,"op":"subscribe","channels":["{{channel}}"]}""");

        Assert.Equal((3, "CREDENTIALS_MISSING"), ((long)answer["id"]!, (string?)answer["error"]!["code"]));
    }

    [Fact]
    public async Task A_stream_logs_on_by_signature_and_the_signature_works_once()
    {
        string timestamp = $"{_server.Time.NowMs}";
        string signature = Signing.Of(_server.Trader.RevealSecret(), timestamp, "GET", "/api/v1/stream", []);
        string request = $$"""{"id":2,"op":"authenticate","key":"{{_server.Trader.KeyId}}","timestamp":{{timestamp}},"signature":"{{signature}}"}""";
        using StreamClient first = await StreamClient.Connect(_server);
        using StreamClient second = await StreamClient.Connect(_server);

        Assert.True((bool)(await first.Ask(request))["ok"]!);
        await first.Subscribe("orders");
        Assert.Equal("SIGNATURE_REUSED", (string?)(await second.Ask(request))["error"]!["code"]);
        Assert.Equal("ALREADY_AUTHENTICATED", (string?)(await first.Ask(request))["error"]!["code"]);
    }

    [Theory]
    [InlineData("""{"op":"authenticate","token":"xt_wrong"}""", "BAD_TOKEN")]
    [InlineData("""{"op":"authenticate"}""", "MISSING_FIELD")]
    [InlineData("""{"op":"authenticate","key":"a","timestamp":1700000000000,"signature":"b"}""", "BAD_SIGNATURE")]
    [InlineData("""{"op":"authenticate","key":"a","timestamp":1600000000000,"signature":"b"}""", "STALE_TIMESTAMP")]
    [InlineData("""{"op":"authenticate","key":"a","timestamp":1700000000000,"signature":"b","recvWindow":60001}""", "BAD_INTEGER")]
    public async Task A_wrong_log_on_is_refused(string request, string expected)
    {
        using StreamClient client = await StreamClient.Connect(_server);

        Assert.Equal(expected, (string?)(await client.Ask(request))["error"]!["code"]);
    }

    [Fact]
    public async Task A_stream_does_not_outlive_its_token()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.LogOn(_server.TraderToken);
        await client.Subscribe("orders");

        _server.Time.Advance(86_400_000);

        Assert.Equal("BAD_TOKEN", (string?)(await client.ReceiveLast())!["error"]!["code"]);
    }
}
