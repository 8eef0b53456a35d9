using System.Text.Json;

namespace Exchange.NativeApi.Clients;

/// <summary>A WebSocket stream as a client has it; every wait has an end.</summary>
public sealed class StreamClient : IDisposable
{
    private readonly StreamSocket _socket;

    private StreamClient(StreamSocket socket) => _socket = socket;

    public string? CloseReason => _socket.CloseReason;

    public static async Task<StreamClient> Connect(Uri address) => new(await StreamSocket.Connect(address));

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

    public Task Send(string request) => _socket.Send(request);

    /// <summary>The next message.</summary>
    public async Task<JsonElement> Receive() => Parse(await _socket.Receive());

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<JsonElement?> ReceiveOrEnd() => await _socket.ReceiveOrEnd() is { } message ? Parse(message) : null;

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

    private static JsonElement Parse(ReadOnlyMemory<byte> message) => JsonDocument.Parse(message.ToArray()).RootElement;

    private static JsonElement Done(JsonElement answer)
    {
        Assert.True(answer.TryGetProperty("ok", out _), answer.GetRawText());
        return answer;
    }

    private static string? Cursor(JsonElement answer) => answer.TryGetProperty("cursor", out JsonElement cursor) ? cursor.GetString() : null;
}
