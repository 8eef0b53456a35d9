using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What a user does first; every sum is worked out by hand beside it.</summary>
public abstract class TradingSuite(VenueServer server) : NativeApiSuite(server)
{
    private string Buy => Market.Limit("buy", "49900", "0.2", ""","clientOrderId":"a-1" """);

    private string Sell => Market.Limit("sell", "49900", "0.15", ""","timeInForce":"ioc" """);

    [SkippableFact]
    public async Task Two_accounts_trade_and_the_money_adds_up()
    {
        (await Alice.Place(Buy)).Required(201);
        ApiReply sold = (await Bob.Place(Sell)).Required(201);

        // 0.15 at the maker's 49900 is 7485 USDT; the taker pays 0.05 % of it, the maker 0.02 %.
        sold.Shows("status=filled filledQty=0.15 averagePrice=49900");
        sold.Json.GetProperty("fills")[0].Shows("tradeId=1 side=sell price=49900 qty=0.15 fee=3.7425 isMaker=false realisedPnl=0");
        ApiReply fills = await Alice.GetUntil("/api/v1/fills", reply => reply.Count("fills") == 1);
        fills.Json.GetProperty("fills")[0].Shows("tradeId=1 side=buy price=49900 qty=0.15 fee=1.497 isMaker=true");
        (await Alice.Get("/api/v1/orders/client:a-1")).Shows("status=partially_filled qty=0.2 filledQty=0.15");

        // At the mark of 50000 the 0.15 are worth 7500: 15 more than they cost, and 0.4 % of it must be kept.
        await ExpectPosition(Alice, "qty=0.15 entryPrice=49900 markPrice=50000 notional=7500 unrealisedPnl=15 maintenanceMargin=30");
        await ExpectPosition(Bob, "qty=-0.15 entryPrice=49900 unrealisedPnl=-15");

        // Alice: 100000 - 1.497; at leverage 20 her 7500 and the 2495 still bid for hold (7500 + 2495) / 20 = 499.75.
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=99998.503 equity=100013.503 available=99513.753 withdrawable=99498.753");
        // Bob: 100000 - 3.7425; loses 15 and holds 7500 / 20 = 375.
        (await Bob.Get("/api/v1/account")).Shows("walletBalance=99996.2575 equity=99981.2575 available=99606.2575 marginRatio=0.00030006");
    }

    [SkippableFact]
    public async Task Closing_a_position_realises_its_profit()
    {
        (await Alice.Place(Buy)).Required(201);
        (await Bob.Place(Sell)).Required(201);
        await Alice.GetUntil("/api/v1/positions", reply => reply.Count("positions") == 1);
        (await Alice.Delete("/api/v1/orders/client:a-1")).Required();
        (await Bob.Place(Market.Limit("buy", "50100", "0.15"))).Required(201);

        ApiReply closed = (await Alice.Place(Market.AtMarket("sell", "0.15", ""","reduceOnly":true """))).Required(201);

        // 0.15 bought at 49900 and sold at 50100: 30 won, 7515 * 0.05 % = 3.7575 paid; before that 1.497 as a maker.
        closed.Json.GetProperty("fills")[0].Shows("price=50100 qty=0.15 fee=3.7575 realisedPnl=30");
        Assert.Equal(0, (await Alice.Get("/api/v1/positions")).Count("positions"));
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=100024.7455 equity=100024.7455 available=100024.7455");
        // Bob lost the 30, and paid 3.7425 as a taker and 7515 * 0.02 % = 1.503 as a maker.
        await Bob.GetUntil("/api/v1/account", reply => reply.Json.HasFields("walletBalance=99964.7545"));
    }

    [SkippableFact]
    public async Task A_repeated_place_answers_the_first_order_and_another_content_is_refused()
    {
        ApiReply first = (await Alice.Place(Buy)).Required(201);
        (await Bob.Place(Sell)).Required(201);
        await Alice.GetUntil("/api/v1/fills", reply => reply.Count("fills") == 1);

        ApiReply repeat = (await Alice.Place(Buy)).Required(200);
        ApiReply other = await Alice.Place(Buy.Replace("\"0.2\"", "\"0.1\"", StringComparison.Ordinal));

        Assert.Equal(first["orderId"], repeat["orderId"]);
        repeat.Shows("status=partially_filled filledQty=0.15");
        Assert.Equal("409 CLIENT_ID_REUSED", other.Refusal);
        Assert.Equal(1, (await Alice.Get("/api/v1/orders")).Count("orders"));
    }

    [SkippableFact]
    public async Task A_repeated_place_that_traded_answers_with_what_it_traded()
    {
        (await Bob.Place(Market.Limit("sell", "49900", "0.15"))).Required(201);
        ApiReply first = (await Alice.Place(Buy)).Required(201);

        ApiReply repeat = (await Alice.Place(Buy)).Required(200);

        Assert.Equal(first["orderId"], repeat["orderId"]);
        Assert.Equal(1, first.Count("fills"));
        Assert.Equal(first["fills"], repeat["fills"]);
    }

    [SkippableFact]
    public async Task An_order_is_amended_and_all_of_a_symbol_are_canceled()
    {
        Market other = await Server.NewMarket();
        (await Alice.Place(Buy)).Required(201);

        ApiReply amended = (await Alice.Patch("/api/v1/orders/client:a-1", """{"price":"49800","qty":"0.3"}""")).Required();
        amended.Shows("price=49800 qty=0.3 status=new");
        await Alice.GetUntil($"/api/v1/orderbook/{Market.Symbol}", reply => reply["bids"] == """[["49800","0.3"]]""");

        (await Alice.Place(other.Limit("buy", "49000", "1"))).Required(201);
        (await Alice.Delete($"/api/v1/orders?symbol={Market.Symbol}")).Required().Shows($"symbol={Market.Symbol} canceled=1");
        (await Alice.Get("/api/v1/orders/client:a-1")).Shows("status=canceled endReason=user");
        JsonElement open = (await Alice.Get("/api/v1/orders?status=open")).Json.GetProperty("orders");
        Assert.Single(open.EnumerateArray()).Shows($"symbol={other.Symbol} status=new");
    }

    [SkippableFact]
    public async Task Each_order_of_a_batch_has_its_own_outcome()
    {
        Market other = await Server.NewMarket();

        JsonElement outcomes = (await Alice.Post("/api/v1/orders/batch", $$"""
            {"orders":[{{Market.Limit("buy", "49000", "0.1")}},{{Market.Limit("buy", "49000.05", "0.1")}},
              {{Market.Limit("buy", "60000", "0.1")}},{{other.Limit("sell", "51000", "2")}}]}
            """)).Required().Json.GetProperty("outcomes");

        Assert.Equal(4, outcomes.GetArrayLength());
        outcomes[0].Shows("status=201");
        outcomes[1].Shows("status=422");
        outcomes[1].GetProperty("error").Shows("code=PRICE_TICK nearest=[\"49000\",\"49000.1\"]");
        outcomes[2].GetProperty("error").Shows("code=PRICE_BAND limit=52500");
        outcomes[3].GetProperty("order").Shows($"symbol={other.Symbol} status=new price=51000");
        Assert.Equal(2, (await Alice.Get("/api/v1/orders?status=open")).Count("orders"));
    }

    [SkippableFact]
    public async Task A_batch_of_a_hundred_orders_rests_whole_and_is_answered_again_when_repeated()
    {
        string batch = $"{{\"orders\":[{string.Join(',', Enumerable.Range(0, 100).Select(i => Market.Limit("buy", $"{49000 + i}", "0.001", $",\"clientOrderId\":\"b-{i}\"")))}]}}";

        JsonElement first = (await Alice.Post("/api/v1/orders/batch", batch)).Required().Json.GetProperty("outcomes");
        JsonElement again = (await Alice.Post("/api/v1/orders/batch", batch)).Required().Json.GetProperty("outcomes");

        Assert.All(first.EnumerateArray(), outcome => outcome.Shows("status=201"));
        Assert.All(again.EnumerateArray(), outcome => outcome.Shows("status=200"));
        Assert.Equal(Ids(first), Ids(again));
        Assert.Equal(100, (await Alice.Get("/api/v1/orders?status=open")).Count("orders"));
        (await Alice.Delete($"/api/v1/orders?symbol={Market.Symbol}")).Required().Shows("canceled=100");
    }

    private static IEnumerable<string> Ids(JsonElement outcomes) =>
        outcomes.EnumerateArray().Select(outcome => outcome.GetProperty("order").GetProperty("orderId").GetString()!);
}
