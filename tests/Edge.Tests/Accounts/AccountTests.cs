using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Accounts;

public sealed class AccountTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_account_is_told_with_margin_ratio_positions_and_settings()
    {
        _server.Exchange.Account = new AccountView(
            7, false, TradingState.Trading, false, 100_000_000_000, 99_000_000_000, 50_000_000_000, 49_000_000_000, 1_200_000_000,
            [new PositionView(0, PositionSide.Both, -100, 300_000_000_000, 301_000, -1_000_000_000, MarginMode.Isolated, 10, 30_000_000_000, 1_204_000_000, 327_000, 5)],
            [new SymbolSettingView(0, 10, MarginMode.Isolated, 30_000_000_000)]);

        Reply reply = await _server.AsTrader("GET", "/api/v1/account");

        Assert.Equal(
            """{"accountId":"7","positionMode":"one_way","state":"trading","isInLiquidation":false,"walletBalance":"1000","equity":"990","available":"500","withdrawable":"490","maintenanceMargin":"12","marginRatio":"0.01212122","positions":[{"symbol":"BTCUSDT","positionSide":"both","qty":"-0.1","entryPrice":"30000","markPrice":"30100","notional":"3010","unrealisedPnl":"-10","marginMode":"isolated","leverage":10,"isolatedMargin":"300","maintenanceMargin":"12.04","liquidationPrice":"32700","adlQuintile":5}],"settings":[{"symbol":"BTCUSDT","leverage":10,"marginMode":"isolated","reserved":"300"}]}""",
            reply.Text);
        Assert.Empty((await _server.AsTrader("GET", "/api/v1/positions?symbol=ALTUSDT")).Json["positions"]!.AsArray());
        Assert.Single((await _server.AsTrader("GET", "/api/v1/positions")).Json["positions"]!.AsArray());
    }

    [Fact]
    public async Task An_account_that_was_never_created_is_unknown() =>
        Assert.Equal("404 UNKNOWN_ACCOUNT", (await _server.AsTrader("GET", "/api/v1/account")).Refusal);

    [Fact]
    public async Task A_key_without_an_account_has_none_to_show()
    {
        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsAdmin("GET", "/api/v1/account")).Refusal);
        string token = await _server.Keys.CreateToken(_server.Admin, Edge.Authentication.Permissions.Read, long.MaxValue);
        Assert.Equal("403 NO_ACCOUNT", (await _server.Send("GET", "/api/v1/account", null, token)).Refusal);
    }

    [Fact]
    public async Task Leverage_modes_and_margin_become_commands()
    {
        Assert.Equal(200, (await _server.AsTrader("PUT", "/api/v1/positions/ALTUSDT/leverage", """{"leverage":25}""")).Code);
        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.SetLeverage, 1, 25), (command.Kind, command.Symbol, command.Leverage));

        Assert.Equal(200, (await _server.AsTrader("PUT", "/api/v1/positions/ALTUSDT/margin-mode", """{"marginMode":"isolated"}""")).Code);
        command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.SetMarginMode, MarginMode.Isolated), (command.Kind, command.MarginMode));

        Assert.Equal(200, (await _server.AsTrader("PUT", "/api/v1/account/position-mode", """{"positionMode":"hedge"}""")).Code);
        command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.SetPositionMode, true), (command.Kind, command.Hedge));

        Assert.Equal(200, (await _server.AsTrader("PUT", "/api/v1/positions/BTCUSDT/margin", """{"transferId":"t1","action":"remove","amount":"10.5","positionSide":"short"}""")).Code);
        command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.AdjustMargin, -1_050_000_000, PositionSide.Short, ClientKey.From("t1"u8)), (command.Kind, command.Amount, command.PositionSide, command.Key));
    }

    [Theory]
    [InlineData("leverage", """{"leverage":0}""", "422 LEVERAGE_RANGE")]
    [InlineData("leverage", """{"leverage":126}""", "422 LEVERAGE_RANGE")]
    [InlineData("leverage", """{"leverage":2147483648}""", "422 LEVERAGE_RANGE")]
    [InlineData("leverage", """{"leverage":9007199254740993}""", "422 LEVERAGE_RANGE")]
    [InlineData("leverage", """{"leverage":10.5}""", "400 BAD_INTEGER")]
    [InlineData("leverage", """{"leverage":-1}""", "400 BAD_INTEGER")]
    [InlineData("leverage", """{"leverage":"10"}""", "400 WRONG_TYPE")]
    [InlineData("leverage", """{"leverage":9223372036854775808}""", "400 BAD_INTEGER")]
    [InlineData("margin-mode", """{"marginMode":"CROSS"}""", "400 BAD_VALUE")]
    [InlineData("margin", """{"transferId":"t","action":"add","amount":"0"}""", "422 AMOUNT_RANGE")]
    [InlineData("margin", """{"transferId":"t","action":"add","amount":"-1"}""", "400 BAD_DECIMAL")]
    [InlineData("margin", """{"transferId":"t","action":"add","amount":"0.000000001"}""", "400 BAD_DECIMAL")]
    [InlineData("margin", """{"transferId":"t","action":"add","amount":"92233720368.54775808"}""", "422 AMOUNT_RANGE")]
    [InlineData("margin", """{"transferId":"","action":"add","amount":"1"}""", "400 BAD_CLIENT_ID")]
    public async Task A_bad_setting_is_refused_before_it_reaches_the_venue(string setting, string body, string expected)
    {
        Assert.Equal(expected, (await _server.AsTrader("PUT", $"/api/v1/positions/BTCUSDT/{setting}", body)).Refusal);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_refused_setting_tells_the_venues_reason()
    {
        _server.Exchange.Answering = _ => new CommandReply { Reason = RejectReason.OpenOrders };

        Assert.Equal("422 OPEN_ORDERS", (await _server.AsTrader("PUT", "/api/v1/positions/BTCUSDT/margin-mode", """{"marginMode":"cross"}""")).Refusal);
    }
}
