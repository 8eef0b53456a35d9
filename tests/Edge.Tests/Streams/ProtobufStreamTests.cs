using System.Net.WebSockets;
using System.Text;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;
using Exchange.Edge.Tests.Support;
using Exchange.Protos;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Side = Exchange.Core.Orders.Side;

namespace Exchange.Edge.Tests.Streams;

/// <summary>The stream in Protobuf: the same messages and rules as in JSON.</summary>
public sealed class ProtobufStreamTests : IAsyncLifetime
{
    private EdgeServer _server = null!;
    private ProtobufClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        _client = await ProtobufClient.Connect(_server);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_snapshot_and_the_deltas_after_it_equal_what_HTTP_tells()
    {
        _server.Exchange.Depth = new DepthView(0, 10, 5, [new(300_000, 3), new(299_990, 7)], [new(300_010, 2)]);
        await _client.Subscribe("orderbook@BTCUSDT@0");
        BookSnapshot snapshot = (await _client.Receive())!.BookSnapshot;
        Assert.Equal(("BTCUSDT", 0u, 10ul, 5ul), (snapshot.Symbol, snapshot.WindowMs, snapshot.Number, snapshot.TimeMs));
        Dictionary<string, string> bids = snapshot.Bids.ToDictionary(level => level.Price, level => level.Qty, StringComparer.Ordinal);

        _server.Exchange.Emit(Level(11, Side.Buy, 300_000, 0), Level(12, Side.Buy, 299_980, 9));
        BookDelta delta = (await _client.Receive())!.BookDelta;
        Assert.Equal((11ul, 12ul), (delta.First, delta.Last));
        foreach (Level level in delta.Bids)
        {
            if (level.Qty == "0")
                bids.Remove(level.Price);
            else
                bids[level.Price] = level.Qty;
        }

        _server.Exchange.Depth = new DepthView(0, 12, 6, [new(299_990, 7), new(299_980, 9)], [new(300_010, 2)]);
        Reply rest = await _server.Send("GET", "/api/v1/orderbook/BTCUSDT");
        Assert.Equal(rest.Json["bids"]!.AsArray().Select(level => ((string)level![0]!, (string)level[1]!)), bids.OrderByDescending(level => level.Key, StringComparer.Ordinal).Select(level => (level.Key, level.Value)));
    }

    [Fact]
    public async Task Trades_and_tickers_carry_the_same_text_as_JSON()
    {
        using StreamClient json = await StreamClient.Connect(_server);
        _server.Exchange.Ticker = new TickerView(0, 290_000, 310_000, 280_000, 300_000, 5, 1_500_000_000, 3, 299_990, 1, 300_010, 2, 300_001, 3_000_010_000_000, -10_000, 99, 7);
        await _client.Subscribe("trades@BTCUSDT", "ticker@BTCUSDT");
        await json.Subscribe("trades@BTCUSDT", "ticker@BTCUSDT");

        Ticker ticker = (await _client.Receive())!.Ticker;
        System.Text.Json.Nodes.JsonNode same = (await json.Receive())!["ticker"]!;
        Assert.Equal(
            ((string?)same["last"], (string?)same["changePercent"], (string?)same["volume"], (string?)same["bid"], (string?)same["fundingRate"]),
            (ticker.Last, ticker.ChangePercent, ticker.Volume, ticker.Bid, ticker.FundingRate));

        _server.Exchange.Emit(new FeedEvent { Kind = FeedKind.Trade, Id = 9, PriceTicks = 300_001, Lots = 12, Side = Side.Sell, TimeMs = 3 });
        Trade trade = (await _client.Receive())!.Trades.Trades_[0];
        System.Text.Json.Nodes.JsonNode sameTrade = (await json.Receive())!["trades"]![0]!;
        Assert.Equal(
            ((string?)sameTrade["price"], (string?)sameTrade["qty"], (string?)sameTrade["tradeId"], Exchange.Protos.Side.Sell),
            (trade.Price, trade.Qty, $"{trade.TradeId}", trade.TakerSide));
    }

    [Fact]
    public async Task Own_events_are_told()
    {
        _server.Exchange.Add(TestOrders.Resting(5));
        await _client.LogOn(_server.ReaderToken);
        await _client.Subscribe("orders", "positions", "balances");

        _server.Exchange.Emit(
            new FeedEvent { Kind = FeedKind.OrderAccepted, Account = 7, Id = 5, PriceTicks = 300_001, Lots = 3, Sequence = 44, TimeMs = 1 },
            new FeedEvent { Kind = FeedKind.Fill, Account = 7, Id = 5, Other = 9, PriceTicks = 300_001, Lots = 2, Amount = 10, Money = -20, Flags = FeedFlags.Maker, TimeMs = 2 },
            new FeedEvent { Kind = FeedKind.Position, Account = 7, Lots = -100, Amount = 300_000_000_000, Money = 5, Sequence = 3, TimeMs = 2 },
            new FeedEvent { Kind = FeedKind.Balance, Account = 7, Amount = -50, Money = 1_000, Reason = (byte)BalanceCause.Funding, Sequence = 4, TimeMs = 3 });

        OwnOrder accepted = (await _client.Receive())!.OwnOrder;
        Assert.Equal((44ul, true, 5ul, "30000.1", Exchange.Protos.OrderStatus.New), (accepted.Sequence, accepted.IsAccepted, accepted.Order.OrderId, accepted.Order.Price, accepted.Order.Status));
        OwnFill fill = (await _client.Receive())!.OwnFill;
        Assert.Equal((9ul, "0.0000001", "-0.0000002", true), (fill.Fill.TradeId, fill.Fill.Fee, fill.Fill.RealisedPnl, fill.Fill.IsMaker));
        OwnPosition position = (await _client.Receive())!.OwnPosition;
        Assert.Equal(("-0.1", "30000", "0.00000005"), (position.Qty, position.EntryPrice, position.IsolatedMargin));
        OwnBalance balance = (await _client.Receive())!.OwnBalance;
        Assert.Equal(("0.00001", "-0.0000005", "funding"), (balance.WalletBalance, balance.Change, balance.Cause));
    }

    [Fact]
    public async Task An_order_is_placed_amended_and_canceled()
    {
        await _client.LogOn(_server.TraderToken);

        ServerMessage placed = await _client.Ask(new ClientMessage { Id = 7, Place = Limit() });
        Assert.Equal((7ul, 1ul, "a/1", "30000.1", "0.003"), (placed.Id, placed.Order.Order.OrderId, placed.Order.Order.ClientOrderId, placed.Order.Order.Price, placed.Order.Order.Qty));
        Assert.Equal((7u, 300_001, 3), (_server.Exchange.LastCommand.Account, _server.Exchange.LastCommand.Terms.PriceTicks, _server.Exchange.LastCommand.Terms.Lots));

        ServerMessage amended = await _client.Ask(new ClientMessage
        {
            Id = 8, Amend = new AmendOrder { Order = new NamedOrder { ClientOrderId = "a/1", Symbol = "BTCUSDT" }, Price = "30000" },
        });
        Assert.Equal("30000", amended.Order.Order.Price);

        ServerMessage canceled = await _client.Ask(new ClientMessage { Id = 9, Cancel = new CancelOrder { Order = new NamedOrder { OrderId = 1 } } });
        Assert.Equal(Exchange.Protos.OrderStatus.Canceled, canceled.Order.Order.Status);

        ServerMessage all = await _client.Ask(new ClientMessage { Id = 10, CancelAll = new CancelAllOrders { Symbol = "BTCUSDT" } });
        Assert.Equal((10ul, "BTCUSDT", 1u), (all.Id, all.Canceled.Symbol, all.Canceled.Count));
    }

    [Theory]
    [InlineData("qty", "30000.05", "1e3")]
    [InlineData("price", "30000.05", "1")]
    [InlineData("price", "-1", "1")]
    [InlineData("price", "", "1")]
    [InlineData("price", "99999999999999999999", "1")]
    [InlineData("price", "٣", "1")]
    [InlineData("clientOrderId", "1", "1", "no spaces")]
    [InlineData("clientOrderId", "1", "1", "0123456789012345678901234567890123456789")]
    public async Task What_HTTP_refuses_is_refused_with_the_same_problem(string field, string price, string qty, string clientId = "a")
    {
        await _client.LogOn(_server.TraderToken);
        Reply http = await _server.AsTrader("POST", "/api/v1/orders", $$"""{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"{{price}}","qty":"{{qty}}","clientOrderId":"{{clientId}}"}""");
        PlaceOrder order = Limit();
        order.Price = price;
        order.Qty = qty;
        order.ClientOrderId = clientId;

        Error error = (await _client.Ask(new ClientMessage { Id = 3, Place = order })).Error;

        Assert.Equal(
            ((int)http.Json["status"]!, (string?)http.Json["code"], (string?)http.Json["detail"], (string?)http.Json["limit"] ?? ""),
            (error.Status, error.Code, error.Detail, error.Limit));
        Assert.Equal(http.Json["nearest"]?.AsArray().Select(value => (string)value!) ?? [], error.Nearest);
        Assert.NotEmpty(field);
        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        await _client.LogOn(_server.TraderToken);
        PlaceOrder order = Limit();
        order.Side = Exchange.Protos.Side.Unspecified;

        Assert.Equal(("MISSING_FIELD", "side"), await Refusal(new ClientMessage { Place = order }));
        Assert.Equal(("MISSING_FIELD", "symbol"), await Refusal(new ClientMessage { Place = new PlaceOrder() }));
        Assert.Equal(("MISSING_FIELD", "order"), await Refusal(new ClientMessage { Cancel = new CancelOrder() }));
        Assert.Equal(("MISSING_FIELD", "symbol"), await Refusal(new ClientMessage { CancelAll = new CancelAllOrders() }));
        Assert.Equal(("MISSING_FIELD", "request"), await Refusal(new ClientMessage()));
        Assert.Equal(("BAD_VALUE", "timeInForce"), await Refusal(new ClientMessage { Place = new PlaceOrder(Limit()) { TimeInForce = (Exchange.Protos.TimeInForce)9 } }));
        Assert.Equal(("BAD_VALUE", "side"), await Refusal(new ClientMessage { Place = new PlaceOrder(Limit()) { Side = (Exchange.Protos.Side)(-1) } }));
        Assert.Equal(("BAD_INTEGER", "id"), await Refusal(new ClientMessage { Id = ulong.MaxValue, Place = Limit() }));
        Assert.Equal(("BAD_ID", "order"), await Refusal(new ClientMessage { Cancel = new CancelOrder { Order = new NamedOrder { OrderId = ulong.MaxValue } } }));
    }

    [Fact]
    public async Task A_frame_with_many_commands_is_answered_command_by_command()
    {
        await _client.LogOn(_server.TraderToken);

        await _client.Send(Enumerable.Range(0, 100).Select(i => new ClientMessage { Id = (ulong)i, Place = Limit() }));

        var ids = new HashSet<ulong>();
        while (ids.Count < 100)
            Assert.True(ids.Add((await _client.Receive())!.Id));
        Assert.Equal(100, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task What_waits_together_goes_in_one_frame()
    {
        await _client.Subscribe("trades@BTCUSDT", "ticker@BTCUSDT");

        // The answer and the ticker were told at once.
        ServerMessage ticker = (await _client.Receive())!;

        Assert.NotNull(ticker.Ticker);
        Assert.Equal(2, _client.MessagesOfLastFrame);
    }

    [Fact]
    public async Task A_frame_with_an_unknown_field_or_a_field_given_twice_is_refused_whole()
    {
        await _client.LogOn(_server.TraderToken);
        byte[] good = new ClientFrame { Messages = { new ClientMessage { Id = 5, Place = Limit() } } }.ToByteArray();
        byte[] order = Limit().ToByteArray();

        byte[] unknown = [.. order, 0x98, 0x06, 0x01];   // Field 99: 1.
        byte[] twice = [.. order, 0x22, 0x01, (byte)'9'];   // The quantity again.
        foreach (byte[] bad in (byte[][])[unknown, twice])
        {
            byte[] message = [0x2a, (byte)bad.Length, .. bad];
            await _client.Send([.. good, 0x0a, (byte)message.Length, .. message], WebSocketMessageType.Binary);
            Assert.Equal("UNKNOWN_FIELD", (await _client.Receive())!.Error.Code);
        }

        Assert.Equal(0, _server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task Bytes_that_are_no_frame_are_refused_and_the_stream_goes_on()
    {
        var random = new Random(20260801);
        for (int i = 0; i < 40; i++)
        {
            byte[] noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            noise[0] = 0x0a;   // A message…
            noise[^1] |= 0x80;   // … that ends in the middle of a number, if anywhere.
            await _client.Send(noise, WebSocketMessageType.Binary);
            Assert.Contains((await _client.Receive())!.Error.Code, (string[])["MALFORMED_PROTOBUF", "UNKNOWN_FIELD"]);
        }

        await _client.LogOn(_server.TraderToken);
    }

    [Fact]
    public async Task A_text_frame_closes_the_stream_with_1003()
    {
        Assert.Equal("exchange.v1.protobuf", _client.SubProtocol);
        await _client.Send(Encoding.UTF8.GetBytes("{}"), WebSocketMessageType.Text);

        Assert.Equal("MESSAGE_NOT_BINARY", (await _client.Receive())!.Error.Code);
        Assert.Null(await _client.Receive());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, _client.CloseStatus);
    }

    [Fact]
    public void The_fields_of_an_order_are_numbered_as_the_fields_of_the_JSON_body()
    {
        for (int i = 0; i < PlaceOrderBody.Shape.Fields.Length; i++)
            Assert.Equal(PlaceOrderBody.Shape.Fields[i].Name, PlaceOrder.Descriptor.FindFieldByNumber(i + 1).JsonName);
        Assert.Equal(PlaceOrderBody.Shape.Fields.Length, PlaceOrder.Descriptor.Fields.InFieldNumberOrder().Count);
    }

    [Fact]
    public void Names_stand_in_the_order_of_the_JSON_names()
    {
        (EnumDescriptor Enum, WireNames Names)[] pairs =
        [
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "Side"), OrderNames.Sides),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "OrderType"), OrderNames.Types),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "TimeInForce"), OrderNames.TimesInForce),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "PositionSide"), OrderNames.PositionSides),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "SelfTradePrevention"), OrderNames.SelfTradePrevention),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "WorkingType"), OrderNames.WorkingTypes),
            (StreamReflection.Descriptor.EnumTypes.Single(type => type.Name == "OrderStatus"), OrderNames.Statuses),
        ];
        foreach ((EnumDescriptor type, WireNames names) in pairs)
        {
            string prefix = type.FindValueByNumber(0).Name[..^"UNSPECIFIED".Length];
            Assert.Equal(
                names.All.Select(name => prefix + name.ToUpperInvariant()),
                Enumerable.Range(1, type.Values.Count - 1).Select(number => type.FindValueByNumber(number).Name));
        }
    }

    private async Task<(string Code, string Field)> Refusal(ClientMessage request)
    {
        Error error = (await _client.Ask(request)).Error;
        return (error.Code, error.Field);
    }

    private static PlaceOrder Limit() => new()
    {
        Symbol = "BTCUSDT", Side = Exchange.Protos.Side.Buy, Type = Exchange.Protos.OrderType.Limit, Price = "30000.1", Qty = "0.003", ClientOrderId = "a/1",
    };

    private static FeedEvent Level(ulong number, Side side, long priceTicks, long lots) =>
        new() { Kind = FeedKind.Level, Id = number, Side = side, PriceTicks = priceTicks, Lots = lots, TimeMs = 6 };
}
