using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>Accounts, positions, leverage, margin, modes and the ledger.</summary>
public abstract class AccountSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task A_new_account_has_its_deposit_and_nothing_else()
    {
        ApiReply account = (await Alice.Get("/api/v1/account")).Required();

        account.Shows(
            $"accountId={Alice.Account} positionMode=one_way state=trading isInLiquidation=false walletBalance=100000 equity=100000 available=100000 "
            + "withdrawable=100000 maintenanceMargin=0 marginRatio=0 positions=[] settings=[]");
    }

    [SkippableFact]
    public async Task Leverage_decides_what_a_position_holds()
    {
        (await Alice.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":50}""")).Required();
        Assert.Equal("422 LEVERAGE_RANGE", (await Alice.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":126}""")).Refusal);

        await AliceBuysFromBob("50000", "0.1");

        // 5000 / 50 are held, and 2.5 were paid as a taker.
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=99997.5 available=99897.5");
        (await Alice.Get("/api/v1/account")).Json.GetProperty("settings")[0].Shows($"symbol={Market.Symbol} leverage=50 marginMode=cross reserved=0");
        await ExpectPosition(Alice, "qty=0.1 leverage=50 marginMode=cross");
        (await Alice.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":10}""")).Required();
        (await Alice.Get("/api/v1/account")).Shows("available=99497.5");
        (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);
        (await Alice.Get("/api/v1/account")).Json.GetProperty("settings")[0].Shows("leverage=10 reserved=490");
    }

    [SkippableFact]
    public async Task An_isolated_position_has_margin_of_its_own_that_is_added_and_removed()
    {
        (await Alice.Put($"/api/v1/positions/{Market.Symbol}/margin-mode", """{"marginMode":"isolated"}""")).Required();
        Assert.Equal("422 NO_CHANGE", (await Alice.Put($"/api/v1/positions/{Market.Symbol}/margin-mode", """{"marginMode":"isolated"}""")).Refusal);
        Assert.Equal("422 NO_ISOLATED_POSITION", (await MoveMargin("m-0", "add", "1")).Refusal);
        await AliceBuysFromBob("50000", "0.1");

        // 5000 / 20 went into the position.
        await ExpectPosition(Alice, "marginMode=isolated isolatedMargin=250");
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=99747.5");
        for (int repeat = 0; repeat < 2; repeat++)   // The second is the same transfer, not another.
            (await MoveMargin("m-1", "add", "100")).Required();
        await ExpectPosition(Alice, "isolatedMargin=350");
        (await MoveMargin("m-2", "remove", "40.5")).Required();
        await ExpectPosition(Alice, "isolatedMargin=309.5");
        Assert.Equal("422 INSUFFICIENT_MARGIN", (await MoveMargin("m-3", "remove", "60")).Refusal);
        Assert.Equal("409 TRANSFER_ID_REUSED", (await MoveMargin("m-1", "add", "101")).Refusal);
        Assert.Equal("422 OPEN_POSITION", (await Alice.Put($"/api/v1/positions/{Market.Symbol}/margin-mode", """{"marginMode":"cross"}""")).Refusal);
        Assert.Equal("422 ISOLATED_LEVERAGE_REDUCTION", (await Alice.Put($"/api/v1/positions/{Market.Symbol}/leverage", """{"leverage":10}""")).Refusal);
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=99688");
    }

    [SkippableFact]
    public async Task In_hedge_mode_a_long_and_a_short_stand_side_by_side()
    {
        (await Alice.Put("/api/v1/account/position-mode", """{"positionMode":"hedge"}""")).Required();
        Assert.Equal("422 POSITION_SIDE_MISMATCH", (await Alice.Place(Market.Limit("buy", "50000", "0.1"))).Refusal);
        (await Bob.Place(Market.Limit("sell", "50000", "0.2"))).Required(201);
        (await Alice.Place(Market.Limit("buy", "50000", "0.2", ""","positionSide":"long" """))).Required(201).Shows("status=filled positionSide=long");
        (await Bob.Place(Market.Limit("buy", "49990", "0.1"))).Required(201);
        (await Alice.Place(Market.Limit("sell", "49990", "0.1", ""","positionSide":"short" """))).Required(201).Shows("status=filled");

        ApiReply positions = await Alice.Get("/api/v1/positions");

        Assert.Equal(["long 0.2 50000", "short -0.1 49990"], positions.Rows("positions", "positionSide", "qty", "entryPrice"));
        Assert.Equal("422 OPEN_POSITION", (await Alice.Put("/api/v1/account/position-mode", """{"positionMode":"one_way"}""")).Refusal);
        Assert.Equal("422 POSITION_SIDE_MISMATCH", (await Bob.Place(Market.Limit("buy", "49000", "0.1", ""","positionSide":"long" """))).Refusal);
    }

    [SkippableFact]
    public async Task A_mode_does_not_change_while_orders_are_open()
    {
        ApiReply order = (await Alice.Place(Market.Limit("buy", "49000", "0.1"))).Required(201);

        Assert.Equal("422 OPEN_ORDERS", (await Alice.Put("/api/v1/account/position-mode", """{"positionMode":"hedge"}""")).Refusal);
        Assert.Equal("422 OPEN_ORDERS", (await Alice.Put($"/api/v1/positions/{Market.Symbol}/margin-mode", """{"marginMode":"isolated"}""")).Refusal);

        (await Alice.Delete($"/api/v1/orders/{order["orderId"]}")).Required();
        (await Alice.Put("/api/v1/account/position-mode", """{"positionMode":"hedge"}""")).Required();
        Assert.Equal("422 NO_CHANGE", (await Alice.Put("/api/v1/account/position-mode", """{"positionMode":"hedge"}""")).Refusal);
        (await Alice.Get("/api/v1/account")).Shows("positionMode=hedge");
    }

    [SkippableFact]
    public async Task The_ledger_has_every_movement_with_its_cause_and_adds_up_to_the_wallet()
    {
        await AliceBuysFromBob("50000", "0.1");
        (await Bob.Place(Market.Limit("buy", "50100", "0.1"))).Required(201);
        (await Alice.Place(Market.AtMarket("sell", "0.1"))).Required(201);
        (await Server.Admin.Post("/api/v1/admin/withdrawals", $$"""{"accountId":"{{Alice.Account}}","transferId":"w","amount":"0.5"}""")).Required();

        ApiReply ledger = await Alice.GetUntil("/api/v1/ledger", reply => reply.Count("movements") == 4);

        // 2.5 paid; 10 won less 2.505 paid.
        Assert.Equal(
            ["4 withdrawal -0.5 100004.495", "3 fill 7.495 100004.995", "2 fill -2.5 99997.5", "1 deposit 100000 100000"],
            ledger.Rows("movements", "movementId", "cause", "amount", "balance"));
        Assert.Equal(["-", "2", "1", "-"], ledger.Rows("movements", "tradeId"));
        Assert.Equal(2, (await Alice.Get($"/api/v1/ledger?symbol={Market.Symbol}")).Count("movements"));
        (await Alice.Get("/api/v1/account")).Shows("walletBalance=100004.495");
    }

    [SkippableFact]
    public async Task The_ledger_tells_what_went_into_an_isolated_position_and_out_of_it()
    {
        (await Alice.Put($"/api/v1/positions/{Market.Symbol}/margin-mode", """{"marginMode":"isolated"}""")).Required();
        await AliceBuysFromBob("50000", "0.1");
        (await MoveMargin("m-1", "add", "100")).Required();

        ApiReply ledger = await Alice.GetUntil("/api/v1/ledger", reply => reply["movements"].Contains("\"350\"", StringComparison.Ordinal));

        decimal Sum(string purse) => ledger.Json.GetProperty("movements").EnumerateArray()
            .Where(row => Fields.TextOf(row, "purse") == purse).Sum(row => decimal.Parse(Fields.TextOf(row, "amount")));
        Assert.Equal((99_647.5m, 350m), (Sum("wallet"), Sum("isolated_margin")));
    }

    [SkippableFact]
    public async Task Equity_and_the_liquidation_price_follow_the_mark()
    {
        await AliceBuysFromBob("50000", "10");
        (await Server.Admin.Put($"/api/v1/admin/index/{Market.Symbol}", """{"price":"50100"}""")).Required();

        ApiReply account = await Alice.GetUntil("/api/v1/account", reply => reply["equity"] == "100750");

        // 250 paid as a taker, 1000 won at the mark; 10 at 50100 hold 25050 at leverage 20, and 0.5 % less 50 must be kept.
        account.Shows("walletBalance=99750 available=75700 withdrawable=74700 maintenanceMargin=2455");
        Assert.Equal(["50100 1000 40221.1"], account.Rows("positions", "markPrice", "unrealisedPnl", "liquidationPrice"));
    }

    private Task<ApiReply> MoveMargin(string transfer, string action, string usdt) => Alice.Put(
        $"/api/v1/positions/{Market.Symbol}/margin", $$"""{"transferId":"{{transfer}}","action":"{{action}}","amount":"{{usdt}}"}""");
}
