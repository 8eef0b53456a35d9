using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>What an administrator does, and how it shows.</summary>
public abstract class AdminSuite(VenueServer server) : NativeApiSuite(server)
{
    private ApiClient Admin => Server.Admin;

    [SkippableFact]
    public async Task An_account_is_created_once_and_money_moves_once_a_transfer_id()
    {
        string account = Server.UnusedAccount();
        string body = $$"""{"accountId":"{{account}}"}""";
        Assert.Equal("404 UNKNOWN_ACCOUNT", (await Move("deposits", account, "t-1", "1")).Refusal);
        (await Admin.Post("/api/v1/admin/accounts", body)).Required(201);
        Assert.Equal("409 ACCOUNT_EXISTS", (await Admin.Post("/api/v1/admin/accounts", body)).Refusal);

        for (int repeat = 0; repeat < 2; repeat++)   // The second is the same transfer, not another.
            (await Move("deposits", account, "t-1", "500.5")).Required();
        Assert.Equal("409 TRANSFER_ID_REUSED", (await Move("deposits", account, "t-1", "500.6")).Refusal);
        (await Move("withdrawals", account, "t-2", "0.5")).Required();
        ApiReply tooMuch = await Move("withdrawals", account, "t-3", "500.00000001");

        Assert.Equal("422 INSUFFICIENT_BALANCE", tooMuch.Refusal);
        tooMuch.Shows("limit=500");
        Assert.Equal("422 AMOUNT_RANGE", (await Move("deposits", account, "t-4", "0")).Refusal);
        ServerKey key = await Server.NewKey(account, """{"permissions":["read"]}""");
        (await Signed.Send(Server.NextEdge(), key.KeyId, key.Secret, "GET", "/api/v1/account", "")).Required().Shows($"accountId={account} walletBalance=500");
    }

    [SkippableFact]
    public async Task A_halted_symbol_takes_cancels_only_and_one_that_reduces_takes_reducing_orders()
    {
        await AliceBuysFromBob("50000", "0.1");
        ApiReply resting = (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);

        await SetState("halted");
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Alice.Patch($"/api/v1/orders/{resting["orderId"]}", """{"price":"49001"}""")).Refusal);
        (await Alice.Delete($"/api/v1/orders/{resting["orderId"]}")).Required();

        await SetState("reduce_only");
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
        (await Alice.Place(Market.Limit("sell", "50100", "0.1", ""","reduceOnly":true """))).Required(201);

        await SetState("trading");
        (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);
    }

    [SkippableFact]
    public async Task A_frozen_account_loses_its_orders_and_one_that_reduces_keeps_its_cancels()
    {
        await AliceBuysFromBob("50000", "0.1");
        ApiReply resting = (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);

        await SetAccount("frozen");
        await Alice.GetUntil($"/api/v1/orders/{resting["orderId"]}", reply => reply.Json.HasFields("status=canceled endReason=frozen"));
        Assert.Equal("403 ACCOUNT_FROZEN", (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
        Assert.Equal("403 ACCOUNT_FROZEN", (await Move("withdrawals", Alice.Account, "w", "1")).Refusal);
        (await Alice.Get("/api/v1/account")).Shows("state=frozen");

        await SetAccount("reduce_only");
        Assert.Equal("403 ACCOUNT_REDUCE_ONLY", (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
        (await Alice.Place(Market.Limit("sell", "50100", "0.1", ""","reduceOnly":true """))).Required(201);

        await SetAccount("trading");
        (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);
    }

    [SkippableFact]
    public async Task A_listed_instrument_trades_once_it_has_a_mark_and_takes_other_terms_while_no_order_is_open()
    {
        Market listed = Server.UnlistedMarket();
        string terms = listed.Listing.Replace("\"fixedIndex\":\"50000\",", "", StringComparison.Ordinal);
        (await Admin.Post("/api/v1/admin/instruments", terms)).Required(201).Shows($"symbol={listed.Symbol} status=awaiting_mark takerFee=0.0005");
        Assert.Equal("409 SYMBOL_EXISTS", (await Admin.Post("/api/v1/admin/instruments", terms)).Refusal);
        Assert.Equal("422 INSTRUMENT_REFUSED", (await Admin.Post("/api/v1/admin/instruments", Server.UnlistedMarket().Listing.Replace("50000\",\"maxLev", "9000000\",\"maxLev", StringComparison.Ordinal))).Refusal);
        await Server.WaitForStatus(listed, "awaiting_mark");
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Alice.Place(listed.Limit("buy", "2000", "0.1"))).Refusal);

        (await Admin.Put($"/api/v1/admin/index/{listed.Symbol}", """{"price":"2000"}""")).Required();
        await Server.WaitForStatus(listed, "trading");
        (await Alice.Place(listed.Limit("buy", "1999", "0.1"))).Required(201);
        string dearer = terms.Replace("0.0005", "0.001", StringComparison.Ordinal);
        Assert.Equal("422 OPEN_ORDERS", (await Admin.Put($"/api/v1/admin/instruments/{listed.Symbol}", dearer)).Refusal);

        (await Alice.Delete($"/api/v1/orders?symbol={listed.Symbol}")).Required();
        (await Admin.Put($"/api/v1/admin/instruments/{listed.Symbol}", dearer)).Required().Shows("takerFee=0.001");
        foreach (Uri edge in Server.Edges)
        {
            using var reader = new ApiClient(edge, null);
            await reader.GetUntil($"/api/v1/instruments/{listed.Symbol}", reply => reply["takerFee"] == "0.001");
        }

        (await Alice.Place(listed.Limit("buy", "2000", "0.1"))).Required(201);
        ApiReply sold = (await Bob.Place(listed.Limit("sell", "2000", "0.1"))).Required(201);
        Assert.Equal(["0.2"], sold.Rows("fills", "fee"));
    }

    [SkippableFact]
    public async Task An_index_price_too_far_from_the_one_before_is_refused_unless_the_symbol_is_halted()
    {
        (await Index("50000")).Required();
        Assert.Equal("422 INDEX_BAND", (await Index("60001")).Refusal);
        Assert.Equal("422 PRICE_RANGE", (await Index("0")).Refusal);

        await SetState("halted");
        (await Index("60001")).Required();
        await Alice.GetUntil($"/api/v1/tickers/{Market.Symbol}", reply => reply["index"] == "60001");
    }

    [SkippableFact]
    public async Task A_settled_symbol_closes_every_position_at_its_price_and_takes_nothing_any_more()
    {
        await AliceBuysFromBob("50000", "1");
        ApiReply resting = (await Bob.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);

        (await Admin.Post($"/api/v1/admin/instruments/{Market.Symbol}/settlement", """{"price":"50100"}""")).Required();

        await Alice.GetUntil("/api/v1/account", reply => reply.Json.HasFields("walletBalance=100075 positions=[]"));
        await Bob.GetUntil("/api/v1/account", reply => reply.Json.HasFields("walletBalance=99890 positions=[]"));
        await Bob.GetUntil($"/api/v1/orders/{resting["orderId"]}", reply => reply.Json.HasFields("status=canceled endReason=delisted"));
        await Server.WaitForStatus(Market, "settled");
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await Index("50000")).Refusal);
        ApiReply fills = await Alice.Get($"/api/v1/fills?symbol={Market.Symbol}&limit=1");
        fills.Json.GetProperty("fills")[0].Shows("price=50100 qty=1 fee=0 realisedPnl=100 isSettlement=true");
    }

    [SkippableFact]
    public async Task Only_an_administrator_administers()
    {
        Assert.Equal("403 PERMISSION_MISSING", (await Alice.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"50000"}""")).Refusal);
        Assert.Equal("403 PERMISSION_MISSING", (await Alice.Post("/api/v1/admin/deposits", $$"""{"accountId":"{{Alice.Account}}","transferId":"x","amount":"1"}""")).Refusal);
        Assert.Equal("403 NO_ACCOUNT", (await Admin.Place(Market.Limit("buy", "49000", "0.1"))).Refusal);
    }

    private async Task SetState(string state)
    {
        (await Admin.Put($"/api/v1/admin/instruments/{Market.Symbol}/state", $$"""{"state":"{{state}}"}""")).Required();
        await Server.WaitForStatus(Market, state);
    }

    private async Task SetAccount(string state) =>
        (await Admin.Put($"/api/v1/admin/accounts/{Alice.Account}/state", $$"""{"state":"{{state}}"}""")).Required();

    private Task<ApiReply> Index(string price) => Admin.Put($"/api/v1/admin/index/{Market.Symbol}", $$"""{"price":"{{price}}"}""");

    private Task<ApiReply> Move(string what, string account, string transfer, string usdt) =>
        Admin.Post($"/api/v1/admin/{what}", $$"""{"accountId":"{{account}}","transferId":"{{transfer}}","amount":"{{usdt}}"}""");
}
