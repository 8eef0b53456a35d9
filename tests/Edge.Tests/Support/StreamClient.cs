using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Exchange.Edge.Tests.Support;

/// <summary>A stream as a client has it; every wait has an end.</summary>
internal sealed class StreamClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1_024 * 1_024];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public static async Task<StreamClient> Connect(EdgeServer server)
    {
        var client = new StreamClient();
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/api/v1/stream"), patience.Token);
        return client;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true);

    public async Task Send(byte[] bytes, WebSocketMessageType type, bool endOfMessage)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, endOfMessage, patience.Token);
    }

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<JsonNode?> Receive()
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
                return JsonNode.Parse(_buffer.AsSpan(0, length));
        }
    }

    /// <summary>Reads to the end; the last message before it.</summary>
    public async Task<JsonNode?> ReceiveLast()
    {
        JsonNode? last = null;
        while (await Receive() is { } next)
            last = next;
        return last;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<JsonNode> Ask(string request)
    {
        await Send(request);
        return (await Receive())!;
    }

    /// <summary>Subscribes; the cursor that channels of the account begin at.</summary>
    public async Task<string?> Subscribe(params string[] channels) => Begin(await Ask(Subscription(channels, null)));

    /// <summary>Goes on from a cursor.</summary>
    public async Task Resume(string? cursor, params string[] channels) => Assert.Equal(cursor, Begin(await Ask(Subscription(channels, cursor))));

    /// <summary>Tries to go on from a cursor; the code of the refusal.</summary>
    public async Task<string?> RefusedToResume(string? cursor, params string[] channels) =>
        (string?)(await Ask(Subscription(channels, cursor)))["error"]!["code"];

    public static string Subscription(string[] channels, string? cursor)
    {
        string given = cursor is null ? "" : $",\"cursor\":\"{cursor}\"";
        return $"{{\"id\":1,\"op\":\"subscribe\",\"channels\":[{string.Join(',', channels.Select(name => $"\"{name}\""))}]{given}}}";
    }

    private static string? Begin(JsonNode answer)
    {
        Assert.Equal((1, true), ((int?)answer["id"], (bool?)answer["ok"]));
        return (string?)answer["cursor"];
    }

    public async Task LogOn(string token) =>
        Assert.Equal("""{"id":2,"ok":true}""", (await Ask($"{{\"id\":2,\"op\":\"authenticate\",\"token\":\"{token}\"}}")).ToJsonString());

    public async Task Close()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public void Dispose() => _socket.Dispose();
}
