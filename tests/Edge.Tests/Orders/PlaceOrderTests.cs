using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Orders;

public sealed class PlaceOrderTests : IAsyncLifetime
{
    private const string Limit = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000.10","qty":"0.003","clientOrderId":"mine-1"}""";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_limit_order_becomes_ticks_and_lots_and_answers_201_with_the_order_and_its_fills()
    {
        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit);

        Assert.Equal(201, reply.Code);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("/api/v1/orders/1", reply.Headers.Location!.ToString());
        Assert.True(reply.Headers.Contains("X-Request-Id"));
        Assert.Equal(
            """{"orderId":"1","clientOrderId":"mine-1","symbol":"BTCUSDT","side":"buy","type":"limit","timeInForce":"gtc","status":"new","qty":"0.003","filledQty":"0","price":"30000.1","positionSide":"both","selfTradePrevention":"expire_maker","workingType":"last","reduceOnly":false,"closePosition":false,"priceProtect":false,"createdMs":1700000000000,"updatedMs":1700000000000,"fills":[]}""",
            reply.Text);

        Command command = _server.Exchange.LastCommand;
        Assert.Equal(CommandKind.Place, command.Kind);
        Assert.Equal(EdgeServer.Account, command.Account);
        Assert.Equal(300_001, command.Terms.PriceTicks);
        Assert.Equal(3, command.Terms.Lots);
        Assert.Equal(OrderFields.Price | OrderFields.Lots, command.Terms.Fields);
        Assert.Equal(OrderFlags.ReturnRepeats, command.Terms.Flags);
        Assert.Equal(ClientKey.From("mine-1"u8), command.Terms.ClientKey);
        Assert.Equal("mine-1", command.ClientId.Text());
    }

    [Fact]
    public async Task Every_field_of_a_conditional_order_reaches_the_command()
    {
        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", """
            {"symbol":"ALTUSDT","side":"sell","type":"trailing_stop_market","qty":"12","timeInForce":"gtd","gtdMs":1800000000000,
             "reduceOnly":true,"positionSide":"long","selfTradePrevention":"expire_both","activationPrice":"1.2345","stopPrice":"2.5",
             "callbackRate":"0.015","workingType":"mark","priceProtect":true,"closePosition":true}
            """);

        Assert.Equal(201, reply.Code);
        OrderTerms terms = _server.Exchange.LastCommand.Terms;
        Assert.Equal(1, terms.Symbol);
        Assert.Equal((Side.Sell, OrderType.TrailingStopMarket, TimeInForce.Gtd), (terms.Side, terms.Type, terms.TimeInForce));
        Assert.Equal((SelfTradePrevention.ExpireBoth, PositionSide.Long), (terms.Stp, terms.PositionSide));
        Assert.Equal((12, 12_345, 25_000, 1_500_000, 1_800_000_000_000), (terms.Lots, terms.ActivationTicks, terms.StopTicks, terms.CallbackRateE8, terms.GtdMs));
        Assert.Equal(OrderFlags.ReduceOnly | OrderFlags.ClosePosition | OrderFlags.PriceProtect | OrderFlags.WorkingMark, terms.Flags);
        Assert.Equal(OrderFields.Lots | OrderFields.Stop | OrderFields.Activation | OrderFields.Callback | OrderFields.Gtd, terms.Fields);
    }

    [Fact]
    public async Task An_order_without_a_client_id_gets_one_of_its_own_and_no_promise_about_repeats()
    {
        await _server.AsTrader("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"1"}""");
        Command first = _server.Exchange.LastCommand;
        await _server.AsTrader("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"1"}""");
        Command second = _server.Exchange.LastCommand;

        Assert.Equal(OrderFlags.None, first.Terms.Flags);
        Assert.NotEqual(first.ClientId.Text(), second.ClientId.Text());
        Assert.Equal(ClientKey.From(System.Text.Encoding.ASCII.GetBytes(first.ClientId.Text())), first.Terms.ClientKey);
    }

    [Fact]
    public async Task A_repeat_answers_200_with_the_first_order()
    {
        _server.Exchange.Answering = _ => new CommandReply { IsRepeat = true, Order = TestOrders.Resting(5) };

        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit);

        Assert.Equal(200, reply.Code);
        Assert.Equal("5", (string?)reply.Json["orderId"]);
    }

    [Fact]
    public async Task Fills_are_told_with_fee_profit_and_the_average_price()
    {
        _server.Exchange.Answering = _ =>
        {
            var reply = new CommandReply
            {
                Order = TestOrders.Resting(5) with { FilledLots = 3, FilledNotionalE8 = 9_000_040_000L * 1, Status = OrderStatus.Filled },
            };
            reply.Fills.Add(new FillView(9, 5, 7, 0, Side.Buy, PositionSide.Both, 300_001, 3, 4_500_020, -250_000_000, false, false, false, 1_700_000_000_001, 4));
            return reply;
        };

        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit);

        Assert.Equal("filled", (string?)reply.Json["status"]);
        Assert.Equal("30000.13333333", (string?)reply.Json["averagePrice"]);
        Assert.Equal(
            """[{"tradeId":"9","orderId":"5","symbol":"BTCUSDT","side":"buy","positionSide":"both","price":"30000.1","qty":"0.003","fee":"0.0450002","realisedPnl":"-2.5","isMaker":false,"isLiquidation":false,"isAdl":false,"isSettlement":false,"timeMs":1700000000001}]""",
            reply.Json["fills"]!.ToJsonString());
    }

    [Fact]
    public async Task An_off_tick_price_is_refused_by_name_with_the_nearest_prices()
    {
        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit.Replace("30000.10", "30000.05"));

        Assert.Equal("422 PRICE_TICK", reply.Refusal);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Equal("price 30000.05 is off tick 0.1; nearest 30000, 30000.1.", (string?)reply.Json["detail"]);
        Assert.Equal("price", (string?)reply.Json["field"]);
        Assert.Equal("30000.05", (string?)reply.Json["value"]);
        Assert.Equal("0.1", (string?)reply.Json["limit"]);
        Assert.Equal("""["30000","30000.1"]""", reply.Json["nearest"]!.ToJsonString());
        Assert.Equal(reply.Headers.GetValues("X-Request-Id").Single(), (string?)reply.Json["requestId"]);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_refusal_of_the_venue_is_told_with_its_code_and_what_would_have_passed()
    {
        _server.Exchange.Answering = _ => new CommandReply { Reason = RejectReason.PriceBand, LimitValue = 315_000 };

        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit);

        Assert.Equal("422 PRICE_BAND", reply.Refusal);
        Assert.Equal("31500", (string?)reply.Json["limit"]);
    }

    [Fact]
    public async Task A_batch_gives_each_order_its_own_outcome()
    {
        Reply reply = await _server.AsTrader("POST", "/api/v1/orders/batch", $$"""
            {"orders":[{{Limit}},{"symbol":"NONE","side":"buy","type":"market","qty":"1"},{"symbol":"ALTUSDT","side":"sell","type":"market","qty":"5"}]}
            """);

        Assert.Equal(200, reply.Code);
        Assert.Equal(
            [(201, null), (404, "UNKNOWN_SYMBOL"), (201, null)],
            reply.Json["outcomes"]!.AsArray().Select(outcome => ((int)outcome!["status"]!, (string?)outcome["error"]?["code"])));
        Assert.Equal([0, 1], _server.Exchange.Commands.Select(command => command.Terms.Symbol));
    }

    [Fact]
    public async Task A_venue_that_stopped_leaves_the_outcome_unknown()
    {
        _server.Exchange.Failing = new VenueStoppedException("The disk of node seven is broken.");

        Reply reply = await _server.AsTrader("POST", "/api/v1/orders", Limit);

        Assert.Equal("504 OUTCOME_UNKNOWN", reply.Refusal);
        Assert.DoesNotContain("node seven", reply.Text, StringComparison.Ordinal);
    }
}
