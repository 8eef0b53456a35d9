using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Accounts;

public sealed class LedgerTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Movements_are_told_newest_first_with_cause_and_balance()
    {
        _server.Exchange.Movements.AddRange([
            Movement(3, 0, BalanceCause.Fill, tradeId: 9, amountE8: 4_995_000_000, balanceE8: 4_995_000_000) with
            {
                IsIsolated = true, PositionSide = PositionSide.Long,
            },
            Movement(2, 0, BalanceCause.Fill, tradeId: 9, amountE8: -5_000_000_000, balanceE8: 5_000_000_000),
            Movement(1, -1, BalanceCause.Deposit, tradeId: 0, amountE8: 10_000_000_000, balanceE8: 10_000_000_000),
        ]);

        Reply reply = await _server.AsTrader("GET", "/api/v1/ledger");

        Assert.Equal(
            """{"movements":[{"movementId":"3","timeMs":1003,"cause":"fill","purse":"isolated_margin","symbol":"BTCUSDT","positionSide":"long","tradeId":"9","amount":"49.95","balance":"49.95"},"""
            + """{"movementId":"2","timeMs":1002,"cause":"fill","purse":"wallet","symbol":"BTCUSDT","tradeId":"9","amount":"-50","balance":"50"},"""
            + """{"movementId":"1","timeMs":1001,"cause":"deposit","purse":"wallet","amount":"100","balance":"100"}]}""",
            reply.Text);
        Assert.Equal(2, (await _server.AsTrader("GET", "/api/v1/ledger?symbol=BTCUSDT")).Json["movements"]!.AsArray().Count);
    }

    [Fact]
    public async Task Pages_stay_while_money_moves_and_say_where_the_ledger_begins()
    {
        for (ulong number = 5; number > 2; number--)
            _server.Exchange.Movements.Add(Movement(number, -1, BalanceCause.Deposit, 0, 1, (long)number));
        _server.Exchange.LedgerBeginsMs = 1_003;

        Reply first = await _server.AsTrader("GET", "/api/v1/ledger?limit=2");
        _server.Exchange.Movements.Insert(0, Movement(6, -1, BalanceCause.Withdrawal, 0, -1, 5));
        Reply second = await _server.AsTrader("GET", $"/api/v1/ledger?limit=2&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal("""{"movements":[{"movementId":"3","timeMs":1003,"cause":"deposit","purse":"wallet","amount":"0.00000001","balance":"0.00000003"}],"beginsMs":1003}""", second.Text);
    }

    [Fact]
    public async Task A_ledger_is_its_owners_alone()
    {
        _server.Exchange.Movements.Add(Movement(1, -1, BalanceCause.Deposit, 0, 1, 1) with { Account = 8 });

        Assert.Equal("""{"movements":[]}""", (await _server.AsTrader("GET", "/api/v1/ledger")).Text);
        Assert.Equal("401 CREDENTIALS_MISSING", (await _server.Send("GET", "/api/v1/ledger")).Refusal);
        Assert.Equal("404 UNKNOWN_SYMBOL", (await _server.AsTrader("GET", "/api/v1/ledger?symbol=NONE")).Refusal);
    }

    private static MovementView Movement(ulong number, int symbol, BalanceCause cause, ulong tradeId, long amountE8, long balanceE8) => new(
        number, EdgeServer.Account, symbol, PositionSide.Both, IsIsolated: false, cause, tradeId, amountE8, balanceE8, 1_000 + (long)number, number);
}
