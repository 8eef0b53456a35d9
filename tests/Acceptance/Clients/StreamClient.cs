using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Exchange.Acceptance.Clients;

/// <summary>A WebSocket stream as a client has it.</summary>
internal sealed class StreamClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public static async Task<StreamClient> Connect(Uri address)
    {
        var client = new StreamClient();
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{address.Authority}/api/v1/stream"), patience.Token);
        return client;
    }

    public Task LogOn(string token) => Ask($"{{\"id\":1,\"op\":\"authenticate\",\"token\":\"{token}\"}}");

    public Task Subscribe(params string[] channels) =>
        Ask($"{{\"id\":1,\"op\":\"subscribe\",\"channels\":[{string.Join(',', channels.Select(name => $"\"{name}\""))}]}}");

    /// <summary>The next message.</summary>
    public async Task<JsonElement> Receive()
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

    /// <summary>The next message of a channel; others are passed over.</summary>
    public async Task<JsonElement> Receive(string channel)
    {
        JsonElement message;
        do
            message = await Receive();
        while (message.GetProperty("channel").GetString() != channel);
        return message;
    }

    public void Dispose() => _socket.Dispose();

    private async Task Ask(string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        JsonElement answer = await Receive();
        Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
    }
}
