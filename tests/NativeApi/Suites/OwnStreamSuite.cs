using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What the owner of an account is told, and how he goes on after a lost connection.</summary>
public abstract class OwnStreamSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task A_trade_is_told_to_everyone_and_to_its_owner()
    {
        using StreamClient market = await StreamClient.Connect(Server.NextEdge());
        await market.Subscribe($"trades@{Market.Symbol}");
        using StreamClient own = await Alice.OpenStream();
        await own.Subscribe("orders");
        using StreamClient positions = await Alice.OpenStream();
        await positions.Subscribe("positions");
        using StreamClient balances = await Alice.OpenStream();
        await balances.Subscribe("balances");

        (await Alice.Place(Market.Limit("buy", "49900", "0.2"))).Required(201);
        (await Bob.Place(Market.AtMarket("sell", "0.15"))).Required(201);

        JsonElement trade = Assert.Single((await market.Receive("trades")).GetProperty("trades").EnumerateArray());
        trade.Shows("tradeId=1 price=49900 qty=0.15 takerSide=sell");
        (await own.Receive("orders")).Shows("event=accepted");
        (await own.Receive("orders")).GetProperty("fill").Shows("tradeId=1 price=49900 qty=0.15 fee=1.497 isMaker=true");

        // 100000 less 0.02 % of the 7485 she has bought.
        (await positions.Receive("positions")).Shows("qty=0.15 entryPrice=49900");
        (await balances.Receive("balances")).Shows("walletBalance=99998.503 change=-1.497 cause=fill");
    }

    [SkippableFact]
    public async Task An_orders_life_is_told_to_its_end()
    {
        using StreamClient own = await Alice.OpenStream();
        await own.Subscribe("orders");

        ApiReply placed = (await Alice.Place(Market.Limit("buy", "49900", "0.2", ""","clientOrderId":"life" """))).Required(201);
        (await Alice.Patch($"/api/v1/orders/{placed["orderId"]}", """{"qty":"0.1"}""")).Required();
        (await Alice.Delete("/api/v1/orders/client:life")).Required();

        string order = $"orderId={placed["orderId"]} clientOrderId=life";
        (await Order(own, "accepted")).Shows($"{order} status=new qty=0.2");
        (await Order(own, "updated")).Shows($"{order} status=new qty=0.1");
        (await Order(own, "updated")).Shows($"{order} status=canceled endReason=user");
    }

    [SkippableFact]
    public async Task Money_that_comes_and_goes_is_told()
    {
        using StreamClient balances = await Alice.OpenStream();
        await balances.Subscribe("balances");

        (await Server.Admin.Post("/api/v1/admin/deposits", $$"""{"accountId":"{{Alice.Account}}","transferId":"d","amount":"5"}""")).Required();
        (await Server.Admin.Post("/api/v1/admin/withdrawals", $$"""{"accountId":"{{Alice.Account}}","transferId":"w","amount":"3"}""")).Required();

        (await balances.Receive("balances")).Shows("walletBalance=100005 change=5 cause=deposit");
        (await balances.Receive("balances")).Shows("walletBalance=100002 change=-3 cause=withdrawal");
    }

    [SkippableFact]
    public async Task Nobody_is_told_what_another_account_does()
    {
        using StreamClient own = await Bob.OpenStream();
        await own.Subscribe("orders", "balances", "positions");

        (await Alice.Place(Market.Limit("buy", "49900", "0.2"))).Required(201);
        ApiReply placed = (await Bob.Place(Market.Limit("buy", "49900", "0.1"))).Required(201);

        (await Order(own, "accepted")).Shows($"orderId={placed["orderId"]} qty=0.1");
    }

    [SkippableFact]
    public async Task Whenever_the_connection_is_lost_every_event_comes_once_and_in_order()
    {
        using Trader elsewhere = await Server.Elsewhere(Alice);
        string cursor;
        using (StreamClient first = await Alice.OpenStream())
            cursor = (await first.Subscribe("orders"))!;
        var random = new Random(5);
        List<string> expected = [];
        List<string> seen = [];
        for (int connection = 0; connection < 8; connection++)
        {
            await PlaceAndCancel(random.Next(4), expected);

            // Over one edge or the other: a cursor is the exchange's, not an edge's.
            using StreamClient stream = await (connection % 2 == 0 ? elsewhere : Alice).OpenStream();
            await stream.Resume(cursor, "orders");
            await PlaceAndCancel(random.Next(3), expected);

            // The client reads some of it, and is gone.
            for (int reads = random.Next(expected.Count - seen.Count + 1); reads > 0; reads--)
                cursor = Keep(await stream.Receive("orders"), seen);
        }

        using StreamClient last = await elsewhere.OpenStream();
        await last.Resume(cursor, "orders");
        while (seen.Count < expected.Count)
            cursor = Keep(await last.Receive("orders"), seen);
        Assert.Equal(expected, seen);
    }

    [SkippableFact]
    public async Task A_cursor_that_is_none_is_refused_and_one_is_taken_once_a_connection()
    {
        using StreamClient own = await Alice.OpenStream();
        string cursor = (await own.Subscribe("orders"))!;

        using StreamClient again = await Alice.OpenStream();
        (await again.TryResume("x", "orders")).GetProperty("error").Shows("code=BAD_CURSOR");
        await again.Resume(cursor, "orders");
        (await again.TryResume(cursor, "orders")).GetProperty("error").Shows("code=ALREADY_RESUMED");
    }

    private async Task PlaceAndCancel(int count, List<string> expected)
    {
        for (int i = 0; i < count; i++)
        {
            string id = (await Alice.Place(Market.Limit("buy", "49000", "0.001"))).Required(201)["orderId"];
            (await Alice.Delete($"/api/v1/orders/{id}")).Required();
            expected.AddRange([$"accepted {id}", $"updated {id}"]);
        }
    }

    private static string Keep(JsonElement message, List<string> seen)
    {
        seen.Add($"{Fields.TextOf(message, "event")} {Fields.TextOf(message.GetProperty("order"), "orderId")}");
        return Fields.TextOf(message, "cursor");
    }

    private static async Task<JsonElement> Order(StreamClient stream, string expected)
    {
        JsonElement message = await stream.Receive("orders");
        message.Shows($"event={expected}");
        return message.GetProperty("order");
    }
}
