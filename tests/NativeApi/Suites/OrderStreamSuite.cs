using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;
using Exchange.Protos;

namespace Exchange.NativeApi.Suites;

/// <summary>Order entry over streams, in JSON and in Protobuf.</summary>
public abstract class OrderStreamSuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task An_order_is_placed_amended_and_canceled()
    {
        using StreamClient stream = await Alice.OpenStream();

        JsonElement placed = await stream.Ask(PlaceRequest(7, Market.Limit("buy", "49900", "0.1", ""","clientOrderId":"s" """)));
        placed.Shows("id=7 ok=true isRepeat=false");
        placed.GetProperty("order").Shows("clientOrderId=s status=new price=49900");
        JsonElement repeat = await stream.Ask(PlaceRequest(8, Market.Limit("buy", "49900", "0.1", ""","clientOrderId":"s" """)));
        repeat.Shows("id=8 ok=true isRepeat=true");

        JsonElement amended = await stream.Ask($$"""{"id":9,"op":"order.amend","order":"client:s","symbol":"{{Market.Symbol}}","body":{"price":"49800"} }""");
        amended.GetProperty("order").Shows("price=49800 status=new");
        string id = Fields.TextOf(placed.GetProperty("order"), "orderId");
        (await stream.Ask($$"""{"id":10,"op":"order.cancel","order":"{{id}}"}""")).GetProperty("order").Shows($"orderId={id} status=canceled");
        (await stream.Ask($$"""{"id":11,"op":"order.cancelAll","symbol":"{{Market.Symbol}}"}""")).GetProperty("canceled").Shows($"symbol={Market.Symbol} canceled=0");
    }

    [SkippableFact]
    public async Task What_HTTP_refuses_is_refused_with_the_same_problem()
    {
        using StreamClient stream = await Alice.OpenStream();
        foreach (string body in (string[])
        [
            Market.Limit("buy", "49000.05", "0.1"), Market.Limit("buy", "60000", "0.1"), Market.Limit("buy", "49000", "1000"),
            Market.Limit("buy", "49000", "0.1", ""","reduceOnly":true """), Market.Limit("up", "49000", "0.1"),
        ])
        {
            JsonElement overHttp = (await Alice.Place(body)).Json;
            JsonElement overStream = (await stream.Ask(PlaceRequest(1, body))).GetProperty("error");
            foreach (string name in (string[])["code", "status", "title", "detail", "field", "value", "limit", "nearest"])
                Assert.Equal(Fields.TextOf(overHttp, name), Fields.TextOf(overStream, name));
        }
    }

    [SkippableFact]
    public async Task Many_commands_in_flight_are_each_answered_by_their_id()
    {
        using StreamClient stream = await Alice.OpenStream();
        for (int i = 0; i < 100; i++)
            await stream.Send(PlaceRequest(i, Market.Limit("buy", $"{49000 + i}", "0.001")));

        Dictionary<int, string> prices = [];
        while (prices.Count < 100)
        {
            JsonElement answer = await stream.Receive();
            prices.Add(answer.GetProperty("id").GetInt32(), Fields.TextOf(answer.GetProperty("order"), "price"));
        }

        Assert.All(prices, pair => Assert.Equal($"{49000 + pair.Key}", pair.Value));
        (await stream.Ask($$"""{"id":11,"op":"order.cancelAll","symbol":"{{Market.Symbol}}"}""")).GetProperty("canceled").Shows("canceled=100");
    }

    [SkippableFact]
    public async Task Commands_take_effect_in_the_order_they_were_sent()
    {
        using StreamClient stream = await Alice.OpenStream();
        for (int i = 0; i < 20; i++)
        {
            await stream.Send(PlaceRequest(1, Market.Limit("buy", "49000", "0.001", $",\"clientOrderId\":\"o-{i}\"")));
            await stream.Send($$"""{"id":2,"op":"order.cancel","order":"client:o-{{i}}","symbol":"{{Market.Symbol}}"}""");
        }

        for (int answers = 0; answers < 40; answers++)
        {
            JsonElement answer = await stream.Receive();
            Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
        }

        Assert.Equal(0, (await Alice.Get("/api/v1/orders?status=open")).Count("orders"));
    }

    [SkippableFact]
    public async Task Without_the_right_to_trade_nothing_is_done()
    {
        using StreamClient stranger = await StreamClient.Connect(Alice.Address);
        using StreamClient reader = await StreamClient.Connect(Alice.Address);
        await reader.LogOn(await VenueServer.TokenAt(Alice.Address, Alice.Key, """{"permissions":["read"]}"""));
        string request = PlaceRequest(1, Market.Limit("buy", "49000", "0.001"));

        (await stranger.Ask(request)).GetProperty("error").Shows("code=CREDENTIALS_MISSING");
        (await reader.Ask(request)).GetProperty("error").Shows("code=PERMISSION_MISSING");
        Assert.Equal(0, (await Alice.Get("/api/v1/orders")).Count("orders"));
    }

    [SkippableFact]
    public async Task In_Protobuf_a_frame_of_commands_is_carried_out_and_the_own_channels_tell_it()
    {
        using ProtobufClient listener = await ProtobufClient.Connect(Server.Edges[^1]);
        await listener.LogOn(await VenueServer.TokenAt(Server.Edges[^1], Alice.Key));
        await listener.Subscribe("orders", "positions", "balances");
        using ProtobufClient stream = await ProtobufClient.Connect(Alice.Address);
        await stream.LogOn(Alice.Token);
        (await Bob.Place(Market.Limit("sell", "50000", "0.1"))).Required(201);

        await stream.Send(
            new ClientMessage { Id = 10, Place = Place("50000", "0.1", "p-1") },
            new ClientMessage { Id = 11, Place = Place("49000", "0.2", "p-2") },
            new ClientMessage { Id = 12, Place = Place("60000", "0.2", "p-3") });
        Dictionary<ulong, ServerMessage> answers = [];
        while (answers.Count < 3)
        {
            ServerMessage answer = await stream.Receive();
            answers.Add(answer.Id, answer);
        }

        Assert.Equal((OrderStatus.Filled, "0.1", "2.5"), (answers[10].Order.Order.Status, answers[10].Order.Fills[0].Qty, answers[10].Order.Fills[0].Fee));
        Assert.Equal((OrderStatus.New, "p-2"), (answers[11].Order.Order.Status, answers[11].Order.Order.ClientOrderId));
        Assert.Equal(("PRICE_BAND", "52500"), (answers[12].Error.Code, answers[12].Error.Limit));
        Assert.Equal("p-1", (await listener.Receive(ServerMessage.ContentOneofCase.OwnOrder)).OwnOrder.Order.ClientOrderId);
        Assert.Equal("50000", (await listener.Receive(ServerMessage.ContentOneofCase.OwnFill)).OwnFill.Fill.Price);
    }

    [SkippableFact]
    public async Task In_Protobuf_an_order_is_amended_and_canceled_and_the_book_told()
    {
        using ProtobufClient book = await ProtobufClient.Connect(Server.NextEdge());
        await book.Subscribe($"orderbook@{Market.Symbol}@0");
        Assert.Empty((await book.Receive(ServerMessage.ContentOneofCase.BookSnapshot)).BookSnapshot.Bids);
        using ProtobufClient stream = await ProtobufClient.Connect(Alice.Address);
        await stream.LogOn(Alice.Token);

        ulong id = (await stream.Ask(new ClientMessage { Id = 3, Place = Place("49000", "0.2", "b-1") })).Order.Order.OrderId;
        Level told = (await book.Receive(ServerMessage.ContentOneofCase.BookDelta)).BookDelta.Bids.Single();
        Assert.Equal(("49000", "0.2"), (told.Price, told.Qty));

        var amend = new AmendOrder { Order = new NamedOrder { ClientOrderId = "b-1", Symbol = Market.Symbol }, Qty = "0.1" };
        Assert.Equal("0.1", (await stream.Ask(new ClientMessage { Id = 4, Amend = amend })).Order.Order.Qty);
        var cancel = new CancelOrder { Order = new NamedOrder { OrderId = id } };
        Assert.Equal(OrderStatus.Canceled, (await stream.Ask(new ClientMessage { Id = 5, Cancel = cancel })).Order.Order.Status);
    }

    private static string PlaceRequest(int id, string body) => $"{{\"id\":{id},\"op\":\"order.place\",\"body\":{body}}}";

    private PlaceOrder Place(string price, string qty, string clientOrderId) => new()
    {
        Symbol = Market.Symbol, Side = Side.Buy, Type = OrderType.Limit, Price = price, Qty = qty, ClientOrderId = clientOrderId,
    };
}
