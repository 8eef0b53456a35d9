using System.Text.Json;

namespace Exchange.Silo.Tests.Api;

/// <summary>The orders channel of one account, as a client has it.</summary>
internal sealed class OrderStream : IDisposable
{
    private readonly StreamSocket _socket;

    private OrderStream(StreamSocket socket) => _socket = socket;

    /// <summary>Where to go on after what was received.</summary>
    public string Cursor { get; private set; } = "";

    public static async Task<OrderStream> Open(Uri address, string token, string? cursor)
    {
        var stream = new OrderStream(await StreamSocket.Connect(address));
        await stream.Ask($$"""{"id":1,"op":"authenticate","token":"{{token}}"}""");
        string from = cursor is null ? "" : $",\"cursor\":\"{cursor}\"";
        stream.Cursor = (await stream.Ask($$"""{"id":2,"op":"subscribe","channels":["orders"]{{from}}}""")).GetProperty("cursor").GetString()!;
        return stream;
    }

    /// <summary>What happened next: event, client order id, and of a fill how much.</summary>
    public async Task<string> Next()
    {
        JsonElement told = await Receive();
        Cursor = told.GetProperty("cursor").GetString()!;
        string happened = told.GetProperty("event").GetString()!;
        if (happened == "fill")
            return $"fill {told.GetProperty("fill").GetProperty("qty").GetString()}";
        JsonElement order = told.GetProperty("order");
        return $"{happened} {order.GetProperty("clientOrderId").GetString()} {order.GetProperty("status").GetString()}";
    }

    /// <summary>Waits for the server's last message.</summary>
    public async Task EndedWith(string code) => Assert.Equal(code, (await Receive()).GetProperty("error").GetProperty("code").GetString());

    public void Dispose() => _socket.Dispose();

    private async Task<JsonElement> Ask(string request)
    {
        await _socket.Send(request);
        JsonElement answer = await Receive();
        Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
        return answer;
    }

    private async Task<JsonElement> Receive() => JsonDocument.Parse((await _socket.Receive()).ToArray()).RootElement;
}
