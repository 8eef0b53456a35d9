using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Exchange.Edge.Tests.Support;

/// <summary>A stream as a client has it; every wait has an end.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly StreamSocket _socket;

    private StreamClient(StreamSocket socket) => _socket = socket;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseReason;

    public static async Task<StreamClient> Connect(EdgeServer server) => new(await StreamSocket.Connect(server.Address));

    public Task Send(string text) => _socket.Send(text);

    public Task Send(byte[] bytes, WebSocketMessageType type, bool endOfMessage) => _socket.Send(bytes, type, endOfMessage);

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<JsonNode?> Receive() => await _socket.ReceiveOrEnd() is { } message ? JsonNode.Parse(message.Span) : null;

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

    public Task Close() => _socket.Close();

    public void Dispose() => _socket.Dispose();
}
