using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Exchange.Silo.Tests.Api;

/// <summary>The orders channel of one account, as a client has it.</summary>
internal sealed class OrderStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 16];

    /// <summary>Where to go on after what was received.</summary>
    public string Cursor { get; private set; } = "";

    public static async Task<OrderStream> Open(Uri address, string token, string? cursor)
    {
        var stream = new OrderStream();
        using var patience = new CancellationTokenSource(Patience);
        await stream._socket.ConnectAsync(address, patience.Token);
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
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        JsonElement answer = await Receive();
        Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
        return answer;
    }

    private async Task<JsonElement> Receive()
    {
        using var patience = new CancellationTokenSource(Patience);
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException($"The server closed the stream: {_socket.CloseStatusDescription}");
            length += received.Count;
            if (received.EndOfMessage)
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }
}
