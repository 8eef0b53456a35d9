using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>Every kind of order, and every way that one ends.</summary>
public abstract class OrderSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task What_does_not_fill_at_once_expires_with_ioc_and_is_refused_with_fok()
    {
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        Assert.Equal("422 FOK_WOULD_NOT_FILL", (await Alice.Place(Market.Limit("buy", "50000", "0.2", ""","timeInForce":"fok" """))).Refusal);
        ApiReply ioc = (await Alice.Place(Market.Limit("buy", "50000", "0.2", ""","timeInForce":"ioc" """))).Required(201);

        ioc.Shows("status=expired endReason=ioc qty=0.2 filledQty=0.1 averagePrice=50000");
        (await Alice.Get($"/api/v1/orders/{ioc["orderId"]}")).Shows("status=expired endReason=ioc filledQty=0.1");
    }

    [SkippableFact]
    public async Task An_order_that_must_rest_is_refused_when_it_would_trade_and_told_the_price_it_met()
    {
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        ApiReply refused = await Alice.Place(Market.Limit("buy", "50000.1", "0.1", ""","timeInForce":"gtx" """));

        Assert.Equal("422 POST_ONLY_WOULD_CROSS", refused.Refusal);
        (await Alice.Place(Market.Limit("buy", "49999.9", "0.1", ""","timeInForce":"gtx" """))).Required(201).Shows("status=new timeInForce=gtx");
    }

    [SkippableFact]
    public async Task A_market_order_takes_level_after_level_and_the_rest_expires()
    {
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);
        (await Bob.Place(Market.Limit("sell", "50100", "0.1"))).Required(201);

        ApiReply bought = (await Alice.Place(Market.AtMarket("buy", "0.25"))).Required(201);

        bought.Shows("status=expired endReason=market filledQty=0.2 averagePrice=50050");
        Assert.Equal(["50000 0.1", "50100 0.1"], bought.Rows("fills", "price", "qty"));
    }

    [SkippableFact]
    public async Task A_stop_waits_until_the_last_price_meets_it()
    {
        (await Alice.Place(Market.Order("buy", "stop_market", """
            "stopPrice":"50100","qty":"0.1","clientOrderId":"stop"
            """))).Required(201).Shows("status=waiting stopPrice=50100 workingType=last");
        (await Bob.Place(Market.Limit("sell", "50100", "0.1"))).Required(201);
        (await Bob.Place(Market.Limit("sell", "50200", "0.3"))).Required(201);
        using Trader carol = await Server.NewTrader();

        (await carol.Place(Market.Limit("buy", "50100", "0.1"))).Required(201).Shows("status=filled");

        await Alice.GetUntil("/api/v1/orders/client:stop", reply => reply.Json.HasFields("status=filled averagePrice=50200"));
        await ExpectPosition(Alice, "qty=0.1 entryPrice=50200");
    }

    [SkippableFact]
    public async Task A_take_profit_on_the_mark_rests_once_the_mark_meets_it()
    {
        ApiReply waiting = (await Alice.Place(Market.Order("sell", "take_profit", """
            "stopPrice":"50500","price":"50600","qty":"0.1","workingType":"mark"
            """))).Required(201);
        waiting.Shows("status=waiting workingType=mark");

        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"50500"}""")).Required();

        await Alice.GetUntil($"/api/v1/orders/{waiting["orderId"]}", reply => reply["status"] == "new");
        await Alice.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["asks"] == """[["50600","0.1"]]""");
    }

    [SkippableFact]
    public async Task A_trailing_stop_follows_the_mark_and_sells_when_it_falls_back()
    {
        await AliceBuysFromBob("50000", "0.1");
        (await Alice.Place(Market.Order("sell", "trailing_stop_market", """
            "callbackRate":"0.01","qty":"0.1","workingType":"mark","reduceOnly":true,"clientOrderId":"trail"
            """))).Required(201).Shows("status=waiting callbackRate=0.01");
        (await Bob.Place(Market.Limit("buy", "49700", "0.1"))).Required(201);

        foreach (string index in (string[])["51000", "50400"])
        {
            (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", $$"""{"price":"{{index}}"}""")).Required();
            await Alice.GetUntil($"/api/v1/tickers/{Market.Symbol}", reply => reply["mark"] == index);
        }

        await Alice.GetUntil("/api/v1/orders/client:trail", reply => reply.Json.HasFields("status=filled averagePrice=49700"));
        await Alice.GetUntil("/api/v1/positions", reply => reply.Count("positions") == 0);
    }

    [SkippableFact]
    public async Task A_stop_that_is_met_already_is_refused()
    {
        await AliceBuysFromBob("50000", "0.1");

        Assert.Equal("422 WOULD_TRIGGER", (await Alice.Place(Market.Order("sell", "stop_market", """
            "stopPrice":"50000","qty":"0.1"
            """))).Refusal);
    }

    [SkippableFact]
    public async Task A_reducing_order_is_trimmed_to_the_position_and_ends_with_it()
    {
        Assert.Equal("422 REDUCE_ONLY_REJECT", (await Alice.Place(Market.Limit("sell", "50100", "0.1", ""","reduceOnly":true """))).Refusal);
        await AliceBuysFromBob("50000", "0.1");

        ApiReply reducing = (await Alice.Place(Market.Limit("sell", "50100", "0.3", ""","reduceOnly":true """))).Required(201);
        reducing.Shows("qty=0.1 status=new reduceOnly=true");

        (await Bob.Place(Market.Limit("buy", "50000", "0.1"))).Required(201);
        (await Alice.Place(Market.AtMarket("sell", "0.1"))).Required(201).Shows("status=filled");
        await Alice.GetUntil($"/api/v1/orders/{reducing["orderId"]}", reply => reply.Json.HasFields("status=expired endReason=reduce_only"));
    }

    [SkippableFact]
    public async Task A_close_position_stop_sells_whatever_there_is_when_it_triggers()
    {
        (await Alice.Place(Market.Order("sell", "stop_market", """
            "stopPrice":"49900","closePosition":true,"workingType":"mark","clientOrderId":"close"
            """))).Required(201).Shows("status=waiting closePosition=true");
        await AliceBuysFromBob("50000", "0.1");
        await AliceBuysFromBob("50000", "0.05");
        (await Bob.Place(Market.Limit("buy", "49500", "1"))).Required(201);

        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"49800"}""")).Required();

        await Alice.GetUntil("/api/v1/orders/client:close", reply => reply.Json.HasFields("status=filled qty=0.15 averagePrice=49500"));
        await Alice.GetUntil("/api/v1/positions", reply => reply.Count("positions") == 0);
    }

    [SkippableTheory]
    [InlineData("expire_maker", "expired stp", "new -")]
    [InlineData("expire_taker", "new -", "expired stp")]
    [InlineData("expire_both", "expired stp", "expired stp")]
    public async Task Nobody_trades_with_himself(string prevention, string maker, string taker)
    {
        ApiReply resting = (await Alice.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        ApiReply crossing = (await Alice.Place(Market.Limit("buy", "50000", "0.1", $",\"selfTradePrevention\":\"{prevention}\""))).Required(201);

        Assert.Equal(taker, Ending(crossing));
        Assert.Equal(maker, Ending(await Alice.Get($"/api/v1/orders/{resting["orderId"]}")));
        Assert.Equal(0, (await Alice.Get("/api/v1/fills")).Count("fills"));
    }

    [SkippableFact]
    public async Task An_order_that_is_good_until_a_time_expires_then()
    {
        long soon = long.Parse((await Alice.Get("/api/v1/time"))["timeMs"]) + 1_500;

        ApiReply placed = (await Alice.Place(Market.Limit("buy", "49000", "0.1", $",\"timeInForce\":\"gtd\",\"gtdMs\":{soon}"))).Required(201);

        placed.Shows($"status=new timeInForce=gtd gtdMs={soon}");
        ApiReply ended = await Alice.GetUntil($"/api/v1/orders/{placed["orderId"]}", reply => reply.Json.HasFields("status=expired endReason=gtd"));
        Assert.True(long.Parse(ended["updatedMs"]) >= soon);
    }

    [SkippableFact]
    public async Task The_dead_mans_switch_cancels_unless_it_is_stopped()
    {
        Market other = await Server.NewMarket();
        ApiReply canceled = (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);
        ApiReply kept = (await Alice.Place(other.Limit("buy", "49000", "0.1"))).Required(201);

        (await Alice.Put("/api/v1/cancel-after", $$"""{"symbol":"{{other.Symbol}}","timeoutMs":1000}""")).Required();
        (await Alice.Put("/api/v1/cancel-after", $$"""{"symbol":"{{other.Symbol}}","timeoutMs":0}""")).Required();
        (await Alice.Put("/api/v1/cancel-after", $$"""{"symbol":"{{Market.Symbol}}","timeoutMs":1000}""")).Required().Shows($"symbol={Market.Symbol} timeoutMs=1000");

        await Alice.GetUntil($"/api/v1/orders/{canceled["orderId"]}", reply => reply.Json.HasFields("status=canceled endReason=countdown"));
        (await Alice.Get($"/api/v1/orders/{kept["orderId"]}")).Shows("status=new");
    }

    [SkippableFact]
    public async Task An_amended_order_trades_when_it_crosses_and_keeps_its_id()
    {
        ApiReply placed = (await Alice.Place(Market.Limit("buy", "49000", "0.2"))).Required(201);
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        ApiReply amended = (await Alice.Patch($"/api/v1/orders/{placed["orderId"]}", """{"price":"50000"}""")).Required();

        amended.Shows($"orderId={placed["orderId"]} status=partially_filled filledQty=0.1 price=50000");
        Assert.Equal(["50000 0.1 false"], amended.Rows("fills", "price", "qty", "isMaker"));
        Assert.Equal("422 NO_CHANGE", (await Alice.Patch($"/api/v1/orders/{placed["orderId"]}", """{"price":"50000","qty":"0.2"}""")).Refusal);
        (await Alice.Patch($"/api/v1/orders/{placed["orderId"]}", """{"qty":"0.1"}""")).Required().Shows("status=canceled endReason=amend");
    }

    [SkippableFact]
    public async Task An_order_that_is_not_ones_own_or_has_ended_is_unknown_to_who_would_change_it()
    {
        ApiReply placed = (await Alice.Place(Market.Limit("buy", "49000", "0.2", ""","clientOrderId":"mine" """))).Required(201);
        string target = $"/api/v1/orders/{placed["orderId"]}";

        Assert.Equal("404 UNKNOWN_ORDER", (await Bob.Get(target)).Refusal);
        Assert.Equal("404 UNKNOWN_ORDER", (await Bob.Delete($"{target}?symbol={Market.Symbol}")).Refusal);
        Assert.Equal("404 UNKNOWN_ORDER", (await Bob.Patch(target, """{"price":"49001"}""")).Refusal);
        Assert.Equal("404 UNKNOWN_ORDER", (await Bob.Delete("/api/v1/orders/client:mine")).Refusal);
        (await Alice.Delete("/api/v1/orders/client:mine")).Required().Shows("status=canceled endReason=user");
        Assert.Equal("404 UNKNOWN_ORDER", (await Alice.Delete(target)).Refusal);
        Assert.Equal("404 UNKNOWN_ORDER", (await Alice.Patch(target, """{"price":"49001"}""")).Refusal);
        (await Alice.Get(target)).Shows("status=canceled clientOrderId=mine");
    }

    [SkippableFact]
    public async Task An_id_without_client_text_gets_one_and_can_be_canceled_by_it()
    {
        ApiReply placed = (await Alice.Place(Market.Limit("buy", "49000", "0.2"))).Required(201);

        (await Alice.Get($"/api/v1/orders/client:{placed["clientOrderId"]}")).Shows($"orderId={placed["orderId"]}");
        (await Alice.Delete($"/api/v1/orders/client:{placed["clientOrderId"]}?symbol={Market.Symbol}")).Required().Shows($"orderId={placed["orderId"]} status=canceled");
    }

    private static string Ending(ApiReply order) => $"{order["status"]} {Fields.TextOf(order.Json, "endReason")}";
}
