using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Admin;

public sealed class AdminTests : IAsyncLifetime
{
    private const string NewInstrument = """
        {"symbol":"ETHUSDT","tickSize":"0.01","lotSize":"0.001","makerFee":"-0.0001","takerFee":"0.0005","liquidationFee":"0.01",
         "bandUp":"1.05","bandDown":"0.95","marketBound":"0.02","minQty":"0.001","maxQty":"10000","minNotional":"5","maxPrice":"100000",
         "maxPosition":"20000","maxOrders":150,"triggerProtect":"0.01","fundingIntervalMs":3600000,"fundingCap":"0.03","fixedIndex":"2000.5",
         "brackets":[{"cap":"50000","maxLeverage":100,"maintenanceRate":"0.005"},{"cap":"600000","maxLeverage":50,"maintenanceRate":"0.01"}]}
        """;

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("POST", "/api/v1/admin/accounts", """{"accountId":"9"}""")]
    [InlineData("POST", "/api/v1/admin/deposits", """{"accountId":"9","transferId":"t","amount":"1"}""")]
    [InlineData("POST", "/api/v1/admin/withdrawals", """{"accountId":"9","transferId":"t","amount":"1"}""")]
    [InlineData("POST", "/api/v1/admin/accounts/9/keys", """{"permissions":["admin"]}""")]
    [InlineData("POST", "/api/v1/admin/instruments", NewInstrument)]
    [InlineData("PUT", "/api/v1/admin/instruments/BTCUSDT/state", """{"state":"halted"}""")]
    [InlineData("PUT", "/api/v1/admin/index/BTCUSDT", """{"price":"1"}""")]
    public async Task A_trader_administers_nothing(string method, string target, string body)
    {
        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsTrader(method, target, body)).Refusal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task Accounts_are_created_and_funded_by_transfer_id()
    {
        Assert.Equal(201, (await _server.AsAdmin("POST", "/api/v1/admin/accounts", """{"accountId":"9"}""")).Code);
        Assert.Equal((CommandKind.CreateAccount, 9U), (_server.Exchange.LastCommand.Kind, _server.Exchange.LastCommand.Account));

        Assert.Equal(200, (await _server.AsAdmin("POST", "/api/v1/admin/deposits", """{"accountId":"9","transferId":"d1","amount":"1000.25"}""")).Code);
        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.Deposit, 9U, 100_025_000_000, ClientKey.From("d1"u8)), (command.Kind, command.Account, command.Amount, command.Key));

        Assert.Equal(200, (await _server.AsAdmin("POST", "/api/v1/admin/withdrawals", """{"accountId":"9","transferId":"w1","amount":"0.00000001"}""")).Code);
        Assert.Equal((CommandKind.Withdraw, 1), (_server.Exchange.LastCommand.Kind, _server.Exchange.LastCommand.Amount));
    }

    [Theory]
    [InlineData("""{"accountId":"0","transferId":"t","amount":"1"}""", "404 UNKNOWN_ACCOUNT")]
    [InlineData("""{"accountId":"4294967296","transferId":"t","amount":"1"}""", "404 UNKNOWN_ACCOUNT")]
    [InlineData("""{"accountId":"-1","transferId":"t","amount":"1"}""", "400 BAD_ID")]
    [InlineData("""{"accountId":9,"transferId":"t","amount":"1"}""", "400 WRONG_TYPE")]
    [InlineData("""{"accountId":"9","transferId":"t","amount":"0"}""", "422 AMOUNT_RANGE")]
    [InlineData("""{"accountId":"9","transferId":"t t","amount":"1"}""", "400 BAD_CLIENT_ID")]
    [InlineData("""{"accountId":"9","amount":"1"}""", "400 MISSING_FIELD")]
    public async Task A_bad_transfer_is_refused(string body, string expected)
    {
        Assert.Equal(expected, (await _server.AsAdmin("POST", "/api/v1/admin/deposits", body)).Refusal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_reused_transfer_id_is_a_conflict()
    {
        _server.Exchange.Answering = _ => new CommandReply { Reason = RejectReason.TransferIdReused };

        Assert.Equal("409 TRANSFER_ID_REUSED", (await _server.AsAdmin("POST", "/api/v1/admin/deposits", """{"accountId":"9","transferId":"t","amount":"1"}""")).Refusal);
    }

    [Fact]
    public async Task A_key_made_for_an_account_works_at_once_with_its_rights()
    {
        Assert.Equal("404 UNKNOWN_ACCOUNT", (await _server.AsAdmin("POST", "/api/v1/admin/accounts/9/keys", """{"permissions":["read"]}""")).Refusal);
        _server.Exchange.Account = new AccountView(9, false, TradingState.Trading, false, 0, 0, 0, 0, 0, [], []);

        Reply reply = await _server.AsAdmin("POST", "/api/v1/admin/accounts/9/keys", """{"permissions":["read","trade"]}""");

        Assert.Equal(201, reply.Code);
        var key = new ApiKey((string)reply.Json["keyId"]!, new KeyTerms(9, Permissions.Read), (string)reply.Json["secret"]!, 0);
        Assert.Equal(201, (await _server.Signed("POST", "/api/v1/orders", """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"1"}""", key)).Code);
        Assert.Equal(9U, _server.Exchange.LastCommand.Account);
    }

    [Fact]
    public async Task An_instrument_is_listed_with_all_its_terms()
    {
        Reply reply = await _server.AsAdmin("POST", "/api/v1/admin/instruments", NewInstrument);

        Assert.Equal(201, reply.Code);
        Assert.Equal("awaiting_mark", (string?)reply.Json["status"]);
        Instrument listed = _server.Exchange.LastListed;
        Assert.Equal((2, "ETHUSDT", 1_000_000, 100_000), (listed.SymbolId, listed.Symbol, listed.TickE8, listed.LotE8));
        Assert.Equal((-10_000, 50_000, 10_000_000, 20_000_000, 150), (listed.MakerRateE8, listed.TakerRateE8, listed.MaxPriceTicks, listed.MaxPositionLots, listed.MaxOrders));
        Assert.Equal((1_000_000, 3_600_000, 3_000_000, 200_050), (listed.TriggerProtectE8, listed.FundingIntervalMs, listed.FundingCapE8, listed.FixedIndexTicks));
        Assert.Equal(2, listed.Brackets.Length);
        Assert.Equal(200, (await _server.Send("GET", "/api/v1/orderbook/ETHUSDT")).Code);
    }

    [Theory]
    [InlineData("0.00000001", "0.001", "422 INSTRUMENT_REFUSED")]
    [InlineData("0", "0.001", "422 INSTRUMENT_REFUSED")]
    [InlineData("0.01", "0.0007", "422 QTY_STEP")]
    public async Task An_instrument_that_contradicts_itself_is_refused(string tick, string lot, string expected)
    {
        string body = NewInstrument.Replace("\"tickSize\":\"0.01\"", $"\"tickSize\":\"{tick}\"").Replace("\"lotSize\":\"0.001\"", $"\"lotSize\":\"{lot}\"");

        string refusal = (await _server.AsAdmin("POST", "/api/v1/admin/instruments", body)).Refusal;

        Assert.Contains(refusal, new[] { expected, "422 PRICE_RANGE" });
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Theory]
    [InlineData("trading", TradingState.Trading)]
    [InlineData("reduce_only", TradingState.ReduceOnly)]
    [InlineData("frozen", TradingState.Halted)]
    public async Task An_account_is_frozen_let_reduce_and_released(string state, TradingState expected)
    {
        Assert.Equal(200, (await _server.AsAdmin("PUT", "/api/v1/admin/accounts/9/state", $$"""{"state":"{{state}}"}""")).Code);

        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.SetAccountState, 9U, expected), (command.Kind, command.Account, command.State));
    }

    [Theory]
    [InlineData("x", """{"state":"frozen"}""", "400 BAD_ID")]
    [InlineData("0", """{"state":"frozen"}""", "404 UNKNOWN_ACCOUNT")]
    [InlineData("9", """{"state":"halted"}""", "400 BAD_VALUE")]
    [InlineData("9", "{}", "400 MISSING_FIELD")]
    public async Task A_bad_account_state_is_refused(string account, string body, string expected)
    {
        Assert.Equal(expected, (await _server.AsAdmin("PUT", $"/api/v1/admin/accounts/{account}/state", body)).Refusal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_listed_instrument_gets_other_terms()
    {
        await _server.AsAdmin("POST", "/api/v1/admin/instruments", NewInstrument);

        Reply reply = await _server.AsAdmin("PUT", "/api/v1/admin/instruments/ETHUSDT", NewInstrument.Replace("\"takerFee\":\"0.0005\"", "\"takerFee\":\"0.0007\""));

        Assert.Equal((200, "0.0007"), (reply.Code, (string?)reply.Json["takerFee"]));
        Assert.Equal((2, 70_000), (_server.Exchange.LastListed.SymbolId, _server.Exchange.LastListed.TakerRateE8));
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _server.AsAdmin("PUT", "/api/v1/admin/instruments/NOUSDT", NewInstrument)).Refusal);
        Assert.Equal("400 MISSING_FIELD", (await _server.AsAdmin("PUT", "/api/v1/admin/instruments/ETHUSDT", "{}")).Refusal);
    }

    [Fact]
    public async Task A_symbol_is_delisted_at_a_price()
    {
        Assert.Equal(200, (await _server.AsAdmin("POST", "/api/v1/admin/instruments/BTCUSDT/settlement", """{"price":"30000.1"}""")).Code);
        Assert.Equal((CommandKind.Settle, 0, 300_001), (_server.Exchange.LastCommand.Kind, _server.Exchange.LastCommand.Symbol, _server.Exchange.LastCommand.PriceTicks));
        Assert.Equal("422 PRICE_TICK", (await _server.AsAdmin("POST", "/api/v1/admin/instruments/BTCUSDT/settlement", """{"price":"30000.11"}""")).Refusal);
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _server.AsAdmin("POST", "/api/v1/admin/instruments/NOUSDT/settlement", """{"price":"1"}""")).Refusal);
    }

    [Fact]
    public async Task A_symbol_is_halted_and_gets_index_prices()
    {
        Assert.Equal(200, (await _server.AsAdmin("PUT", "/api/v1/admin/instruments/ALTUSDT/state", """{"state":"reduce_only"}""")).Code);
        Assert.Equal((CommandKind.SetState, 1, TradingState.ReduceOnly), (_server.Exchange.LastCommand.Kind, _server.Exchange.LastCommand.Symbol, _server.Exchange.LastCommand.State));

        Assert.Equal(200, (await _server.AsAdmin("PUT", "/api/v1/admin/index/BTCUSDT", """{"price":"30000.12345678"}""")).Code);
        Assert.Equal((CommandKind.SetIndex, 0, 3_000_012_345_678), (_server.Exchange.LastCommand.Kind, _server.Exchange.LastCommand.Symbol, _server.Exchange.LastCommand.Amount));
        Assert.Equal("422 PRICE_RANGE", (await _server.AsAdmin("PUT", "/api/v1/admin/index/BTCUSDT", """{"price":"0"}""")).Refusal);
    }
}
