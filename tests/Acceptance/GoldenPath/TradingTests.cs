using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.GoldenPath;

/// <summary>What a user does first, against the real server; every sum is worked out by hand beside it.</summary>
public sealed class TradingTests : IAsyncLifetime
{
    private const string Buy = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49900","qty":"0.2","clientOrderId":"a-1"}""";
    private const string Sell = """{"symbol":"BTCUSDT","side":"sell","type":"limit","price":"49900","qty":"0.15","timeInForce":"ioc"}""";

    private readonly DataFolder _folder = new();
    private ServerProcess _server = null!;
    private ApiClient _alice = null!;
    private ApiClient _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.Start(_folder);
        _alice = _server.As("alice");
        _bob = _server.As("bob");
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Two_accounts_trade_and_the_money_adds_up()
    {
        (await _alice.Place(Buy)).Required(201);
        ApiReply sold = (await _bob.Place(Sell)).Required(201);

        // 0.15 at the maker's 49900 is 7485 USDT; the taker pays 0.05 % of it, the maker 0.02 %.
        Expect(sold.Json, "status=filled filledQty=0.15 averagePrice=49900");
        Expect(sold.Json.GetProperty("fills")[0], "tradeId=1 side=sell price=49900 qty=0.15 fee=3.7425 isMaker=false realisedPnl=0");
        Expect((await _alice.Get("/api/v1/fills")).Json.GetProperty("fills")[0], "tradeId=1 side=buy price=49900 qty=0.15 fee=1.497 isMaker=true");
        Expect((await _alice.Get("/api/v1/orders/client:a-1")).Json, "status=partially_filled qty=0.2 filledQty=0.15");

        // At the mark of 50000 the 0.15 are worth 7500: 15 more than they cost, and 0.4 % of it must be kept.
        Expect(await PositionOf(_alice), "qty=0.15 entryPrice=49900 markPrice=50000 notional=7500 unrealisedPnl=15 maintenanceMargin=30");
        Expect(await PositionOf(_bob), "qty=-0.15 entryPrice=49900 unrealisedPnl=-15");

        // Alice: 100000 - 1.497; at leverage 20 her 7500 and the 2495 still bid for hold (7500 + 2495) / 20 = 499.75.
        Expect((await _alice.Get("/api/v1/account")).Json, "walletBalance=99998.503 equity=100013.503 available=99513.753 withdrawable=99498.753");
        // Bob: 100000 - 3.7425; loses 15 and holds 7500 / 20 = 375.
        Expect((await _bob.Get("/api/v1/account")).Json, "walletBalance=99996.2575 equity=99981.2575 available=99606.2575 marginRatio=0.00030006");
    }

    [Fact]
    public async Task Closing_a_position_realises_its_profit()
    {
        (await _alice.Place(Buy)).Required(201);
        (await _bob.Place(Sell)).Required(201);
        (await _alice.Delete("/api/v1/orders/client:a-1")).Required();
        (await _bob.Place("""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"50100","qty":"0.15"}""")).Required(201);

        ApiReply closed = (await _alice.Place("""{"symbol":"BTCUSDT","side":"sell","type":"market","qty":"0.15","reduceOnly":true}""")).Required(201);

        // 0.15 bought at 49900 and sold at 50100: 30 won, 7515 * 0.05 % = 3.7575 paid; before that 1.497 as a maker.
        Expect(closed.Json.GetProperty("fills")[0], "price=50100 qty=0.15 fee=3.7575 realisedPnl=30");
        Assert.Empty((await _alice.Get("/api/v1/positions")).Json.GetProperty("positions").EnumerateArray());
        Expect((await _alice.Get("/api/v1/account")).Json, "walletBalance=100024.7455 equity=100024.7455 available=100024.7455");
        // Bob lost the 30, and paid 3.7425 as a taker and 7515 * 0.02 % = 1.503 as a maker.
        Expect((await _bob.Get("/api/v1/account")).Json, "walletBalance=99964.7545");
    }

    [Fact]
    public async Task A_repeated_place_answers_the_first_order_and_another_content_is_refused()
    {
        ApiReply first = (await _alice.Place(Buy)).Required(201);
        (await _bob.Place(Sell)).Required(201);

        ApiReply repeat = (await _alice.Place(Buy)).Required(200);
        ApiReply other = await _alice.Place(Buy.Replace("\"0.2\"", "\"0.1\"", StringComparison.Ordinal));

        Assert.Equal(first["orderId"], repeat["orderId"]);
        Expect(repeat.Json, "status=partially_filled filledQty=0.15");
        Assert.Equal("409 CLIENT_ID_REUSED", other.Refusal);
        Assert.Single((await _alice.Get("/api/v1/orders")).Json.GetProperty("orders").EnumerateArray());
    }

    [Fact]
    public async Task An_order_is_amended_and_all_are_canceled()
    {
        (await _alice.Place(Buy)).Required(201);

        ApiReply amended = (await _alice.Patch("/api/v1/orders/client:a-1", """{"price":"49800","qty":"0.3"}""")).Required();
        Expect(amended.Json, "price=49800 qty=0.3 status=new");
        Assert.Equal("[[\"49800\",\"0.3\"]]", (await _alice.Get("/api/v1/orderbook/BTCUSDT")).Json.GetProperty("bids").GetRawText());

        (await _alice.Place("""{"symbol":"ETHUSDT","side":"buy","type":"limit","price":"2990","qty":"1"}""")).Required(201);
        Expect((await _alice.Delete("/api/v1/orders?symbol=BTCUSDT")).Required().Json, "symbol=BTCUSDT canceled=1");
        Expect((await _alice.Get("/api/v1/orders/client:a-1")).Json, "status=canceled endReason=user");
        JsonElement open = (await _alice.Get("/api/v1/orders?status=open")).Json.GetProperty("orders");
        Expect(Assert.Single(open.EnumerateArray()), "symbol=ETHUSDT status=new");
    }

    [Fact]
    public async Task Each_order_of_a_batch_has_its_own_outcome()
    {
        JsonElement outcomes = (await _alice.Post("/api/v1/orders/batch", """
            {"orders":[
              {"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49000","qty":"0.1"},
              {"symbol":"BTCUSDT","side":"buy","type":"limit","price":"49000.05","qty":"0.1"},
              {"symbol":"ETHUSDT","side":"sell","type":"limit","price":"3100","qty":"2"}]}
            """)).Required().Json.GetProperty("outcomes");

        Assert.Equal(3, outcomes.GetArrayLength());
        Expect(outcomes[0], "status=201");
        Expect(outcomes[1], "status=422");
        Expect(outcomes[1].GetProperty("error"), "code=PRICE_TICK nearest=[\"49000\",\"49000.1\"]");
        Expect(outcomes[2].GetProperty("order"), "symbol=ETHUSDT status=new price=3100");
        Assert.Equal(2, (await _alice.Get("/api/v1/orders?status=open")).Json.GetProperty("orders").GetArrayLength());
    }

    [Fact]
    public async Task An_admin_creates_an_account_funds_it_halts_and_resumes()
    {
        using ApiClient admin = _server.As("admin");
        (await admin.Post("/api/v1/admin/accounts", """{"accountId":"7"}""")).Required(201);
        for (int repeat = 0; repeat < 2; repeat++)   // The second is the same transfer, not another.
            (await admin.Post("/api/v1/admin/deposits", """{"accountId":"7","transferId":"t-1","amount":"500.5"}""")).Required();
        (await admin.Post("/api/v1/admin/withdrawals", """{"accountId":"7","transferId":"t-2","amount":"0.5"}""")).Required();
        ApiReply key = (await admin.Post("/api/v1/admin/accounts/7/keys", """{"permissions":["read","trade"]}""")).Required(201);

        ApiReply token = await Signed.Send(_server.Address, key["keyId"], key["secret"], "POST", "/api/v1/auth/tokens", "{}");
        using var carol = new ApiClient(_server.Address, token.Required(201)["token"]);
        Expect((await carol.Get("/api/v1/account")).Json, "accountId=7 walletBalance=500");

        (await admin.Put("/api/v1/admin/instruments/BTCUSDT/state", """{"state":"halted"}""")).Required();
        Assert.Equal("422 SYMBOL_NOT_TRADING", (await carol.Place(Buy)).Refusal);
        (await admin.Put("/api/v1/admin/instruments/BTCUSDT/state", """{"state":"trading"}""")).Required();
        // 0.2 at 49900 and leverage 20 takes 499 and 0.05 % of 9980 for the fee: 503.99 are not there, for 0.1 they are.
        Assert.Equal("422 INSUFFICIENT_MARGIN", (await carol.Place(Buy)).Refusal);
        (await carol.Place(Buy.Replace("\"0.2\"", "\"0.1\"", StringComparison.Ordinal))).Required(201);

        Assert.Equal("403 PERMISSION_MISSING", (await carol.Post("/api/v1/admin/accounts", """{"accountId":"8"}""")).Refusal);
    }

    private static async Task<JsonElement> PositionOf(ApiClient client) =>
        Assert.Single((await client.Get("/api/v1/positions")).Json.GetProperty("positions").EnumerateArray());

    /// <summary>Fields and their values, as in "status=filled qty=1".</summary>
    private static void Expect(JsonElement actual, string fields) => Assert.Equal(
        fields, string.Join(' ', fields.Split(' ').Select(field => field.Split('=')[0]).Select(name => $"{name}={ApiReply.TextOf(actual.GetProperty(name))}")));
}
