using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What becomes of a position that its margin no longer carries, as everyone sees it.</summary>
public abstract class LiquidationSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task A_position_under_its_maintenance_margin_is_closed_in_the_book_and_shown_to_all()
    {
        // 220 less 5 for the fee leave 215 behind 0.2 bought at 50000: at 49000 that is 15, and 39.2 must be kept.
        using Trader carol = await Server.NewTrader("220");
        (await carol.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":50}""")).Required();
        (await Bob.Place(Market.Limit("sell", "50000", "0.2"))).Required(201);
        (await carol.Place(Market.Limit("buy", "50000", "0.2"))).Required(201).Shows("status=filled");
        (await Alice.Place(Market.Limit("buy", "48950", "0.2"))).Required(201);
        using StreamClient own = await carol.OpenStream();
        await own.Subscribe("orders", "positions", "balances");

        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"49000"}""")).Required();

        // The bankruptcy price is 48925; sold at 48950, and the 5 that this is better go to the fund.
        await carol.GetUntil("/api/v1/account", reply => reply.Json.HasFields("isInLiquidation=false walletBalance=0 equity=0 positions=[]"));
        await ExpectPosition(Alice, "qty=0.2 entryPrice=48950");
        ApiReply fills = await carol.GetUntil("/api/v1/fills", reply => reply.Count("fills") == 2);
        fills.Json.GetProperty("fills")[0].Shows("side=sell price=48950 qty=0.2 isLiquidation=true isAdl=false realisedPnl=-210");
        using var anyone = new ApiClient(Server.NextEdge(), null);
        ApiReply stats = await anyone.GetUntil($"/api/v1/stats/{Market.Symbol}", reply => reply.Count("liquidations") == 1);
        Assert.Equal(["sell 0.2 48925"], stats.Rows("liquidations", "side", "qty", "bankruptcyPrice"));
        ApiReply trades = await anyone.GetUntil($"/api/v1/trades/{Market.Symbol}", reply => reply.Count("trades") == 2);
        Assert.Equal(["48950 true", "50000 false"], trades.Rows("trades", "price", "isLiquidation"));
        JsonElement fill = await own.Receive("orders", message => Fields.TextOf(message, "event") == "fill");
        fill.GetProperty("fill").Shows("price=48950 isLiquidation=true");
        await own.Receive("positions", message => message.HasFields("qty=0"));
    }

    [SkippableFact]
    public async Task Without_a_book_the_counterparty_takes_the_position_at_the_bankruptcy_price()
    {
        using Trader carol = await Server.NewTrader("220");
        (await carol.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":50}""")).Required();
        (await Bob.Place(Market.Limit("sell", "50000", "0.2"))).Required(201);
        (await carol.Place(Market.Limit("buy", "50000", "0.2"))).Required(201).Shows("status=filled");

        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"49000"}""")).Required();

        await carol.GetUntil("/api/v1/account", reply => reply.Json.HasFields("walletBalance=0 positions=[]"));
        ApiReply fills = await Bob.GetUntil("/api/v1/fills", reply => reply.Count("fills") == 2);
        fills.Json.GetProperty("fills")[0].Shows("side=buy price=48925 qty=0.2 fee=0 isAdl=true realisedPnl=215");

        // 2 paid as a maker.
        (await Bob.Get("/api/v1/account")).Shows("walletBalance=100213 positions=[]");
    }

    [SkippableFact]
    public async Task An_account_that_falls_short_loses_its_open_orders_first()
    {
        using Trader carol = await Server.NewTrader("220");
        (await carol.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":125}""")).Required();
        (await Bob.Place(Market.Limit("sell", "50000", "0.2"))).Required(201);
        (await carol.Place(Market.Limit("buy", "50000", "0.2"))).Required(201);
        ApiReply resting = (await carol.Place(Market.Limit("buy", "48000", "0.001"))).Required(201);

        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"49000"}""")).Required();

        await carol.GetUntil($"/api/v1/orders/{resting["orderId"]}", reply => reply.Json.HasFields("status=canceled endReason=liquidation"));
        await carol.GetUntil("/api/v1/positions", reply => reply.Count("positions") == 0);
    }
}
