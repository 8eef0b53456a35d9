using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Orders;

public sealed class ChangeOrderTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        _server.Exchange.Add(TestOrders.Resting(5, "mine/1"));
        _server.Exchange.Add(TestOrders.Resting(6, "mine/2", symbol: 1));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_order_is_amended_by_its_id_in_the_units_of_its_symbol()
    {
        Reply reply = await _server.AsTrader("PATCH", "/api/v1/orders/6", """{"price":"1.5","qty":"9"}""");

        Assert.Equal(200, reply.Code);
        Assert.Equal(("1.5", "9"), ((string?)reply.Json["price"], (string?)reply.Json["qty"]));
        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.Amend, 1, 6UL, 15_000, 9), (command.Kind, command.Symbol, command.OrderId, command.PriceTicks, command.Lots));
        Assert.Equal(OrderFields.Price | OrderFields.Lots, command.Fields);
    }

    [Fact]
    public async Task An_amend_of_one_field_leaves_the_other()
    {
        Reply reply = await _server.AsTrader("PATCH", "/api/v1/orders/5", """{"qty":"0.002"}""");

        Assert.Equal(("30000.1", "0.002"), ((string?)reply.Json["price"], (string?)reply.Json["qty"]));
        Assert.Equal(OrderFields.Lots, _server.Exchange.LastCommand.Fields);
        Assert.Equal("400 MISSING_FIELD", (await _server.AsTrader("PATCH", "/api/v1/orders/5", "{}")).Refusal);
    }

    [Theory]
    [InlineData("/api/v1/orders/client:mine%2F2")]
    [InlineData("/api/v1/orders/client:mine%2F2?symbol=ALTUSDT")]
    public async Task An_order_is_canceled_by_its_client_id(string target)
    {
        Reply reply = await _server.AsTrader("DELETE", target);

        Assert.Equal(200, reply.Code);
        Assert.Equal(("6", "canceled", "user"), ((string?)reply.Json["orderId"], (string?)reply.Json["status"], (string?)reply.Json["endReason"]));
        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.Cancel, 1, 0UL, ClientKey.From("mine/2"u8)), (command.Kind, command.Symbol, command.OrderId, command.Key));
    }

    [Fact]
    public async Task An_order_is_canceled_by_its_id_without_a_look_up_when_the_symbol_is_told()
    {
        Assert.Equal("404 UNKNOWN_ORDER", (await _server.AsTrader("DELETE", "/api/v1/orders/99?symbol=BTCUSDT")).Refusal);
        Assert.Equal(99UL, _server.Exchange.LastCommand.OrderId);
    }

    [Fact]
    public async Task All_orders_of_a_symbol_are_canceled()
    {
        Reply reply = await _server.AsTrader("DELETE", "/api/v1/orders?symbol=BTCUSDT");

        Assert.Equal("""{"symbol":"BTCUSDT","canceled":1}""", reply.Text);
    }

    [Fact]
    public async Task The_dead_mans_switch_is_set_in_milliseconds()
    {
        Reply reply = await _server.AsTrader("PUT", "/api/v1/cancel-after", """{"symbol":"ALTUSDT","timeoutMs":5000}""");

        Assert.Equal("""{"symbol":"ALTUSDT","timeoutMs":5000,"timeMs":1700000000000}""", reply.Text);
        Command command = _server.Exchange.LastCommand;
        Assert.Equal((CommandKind.Countdown, 1, 5_000, 7U), (command.Kind, command.Symbol, command.Amount, command.Account));
    }

    [Fact]
    public async Task Orders_are_listed_newest_first_page_by_page()
    {
        Reply first = await _server.AsTrader("GET", "/api/v1/orders?limit=1");
        Reply second = await _server.AsTrader("GET", $"/api/v1/orders?limit=1&cursor={(string?)first.Json["nextCursor"]}");

        Assert.Equal("6", (string?)first.Json["orders"]![0]!["orderId"]);
        Assert.Equal("5", (string?)second.Json["orders"]![0]!["orderId"]);
        Assert.Null(second.Json["nextCursor"]);
        Assert.Single((await _server.AsTrader("GET", "/api/v1/orders?symbol=BTCUSDT")).Json["orders"]!.AsArray());
        Assert.Equal(2, (await _server.AsTrader("GET", "/api/v1/orders?status=open")).Json["orders"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("/api/v1/orders/5", "5")]
    [InlineData("/api/v1/orders/client:mine%2F1", "5")]
    [InlineData("/api/v1/orders/client:mine%2F2?symbol=ALTUSDT", "6")]
    public async Task One_order_is_read_by_either_id(string target, string expected) =>
        Assert.Equal(expected, (string?)(await _server.AsTrader("GET", target)).Json["orderId"]);

    [Fact]
    public async Task Own_fills_are_listed()
    {
        _server.Exchange.Fills.Add(new FillView(9, 5, 7, 0, Side.Sell, PositionSide.Both, 300_001, 3, -1_000, 0, true, false, false, 1, 4));

        Reply reply = await _server.AsTrader("GET", "/api/v1/fills?symbol=BTCUSDT");

        Assert.Equal("-0.00001", (string?)reply.Json["fills"]![0]!["fee"]);
        Assert.Equal("sell", (string?)reply.Json["fills"]![0]!["side"]);
    }
}
