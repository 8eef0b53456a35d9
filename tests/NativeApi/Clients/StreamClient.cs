using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Exchange.NativeApi.Clients;

/// <summary>A WebSocket stream as a client has it; every wait has an end.</summary>
public sealed class StreamClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public string? CloseReason => _socket.CloseStatusDescription;

    public static async Task<StreamClient> Connect(Uri address)
    {
        var client = new StreamClient();
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{address.Authority}/api/v1/stream"), patience.Token);
        return client;
    }

    public async Task LogOn(string token) => Done(await Ask($"{{\"id\":1,\"op\":\"authenticate\",\"token\":\"{token}\"}}"));

    /// <summary>Subscribes; the cursor that channels of the account begin at.</summary>
    public async Task<string?> Subscribe(params string[] channels) => Cursor(Done(await Ask(Subscription(channels, null))));

    /// <summary>Goes on from a cursor.</summary>
    public async Task Resume(string cursor, params string[] channels) => Done(await Ask(Subscription(channels, cursor)));

    /// <summary>Tries to go on from a cursor: the answer, whatever it is.</summary>
    public Task<JsonElement> TryResume(string cursor, params string[] channels) => Ask(Subscription(channels, cursor));

    /// <summary>Sends a request and reads its answer; what channels tell meanwhile is passed over.</summary>
    public async Task<JsonElement> Ask(string request)
    {
        await Send(request);
        JsonElement answer;
        do
            answer = await Receive();
        while (answer.TryGetProperty("channel", out _));
        return answer;
    }

    public async Task Send(string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
    }

    /// <summary>The next message.</summary>
    public async Task<JsonElement> Receive() =>
        await ReceiveOrEnd() ?? throw new InvalidOperationException($"The server closed the stream: {_socket.CloseStatusDescription}");

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<JsonElement?> ReceiveOrEnd()
    {
        using var patience = new CancellationTokenSource(Patience);
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
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
        while (Fields.TextOf(message, "channel") != channel);
        return message;
    }

    /// <summary>The next message of a channel that is so.</summary>
    public async Task<JsonElement> Receive(string channel, Func<JsonElement, bool> isSo)
    {
        JsonElement message;
        do
            message = await Receive(channel);
        while (!isSo(message));
        return message;
    }

    public void Dispose() => _socket.Dispose();

    private static string Subscription(string[] channels, string? cursor)
    {
        string given = cursor is null ? "" : $",\"cursor\":\"{cursor}\"";
        return $"{{\"id\":1,\"op\":\"subscribe\",\"channels\":[{string.Join(',', channels.Select(name => $"\"{name}\""))}]{given}}}";
    }

    private static JsonElement Done(JsonElement answer)
    {
        Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
        return answer;
    }

    private static string? Cursor(JsonElement answer) => answer.TryGetProperty("cursor", out JsonElement cursor) ? cursor.GetString() : null;
}
