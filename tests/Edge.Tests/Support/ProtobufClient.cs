using System.Net.WebSockets;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.Edge.Tests.Support;

/// <summary>A stream of subprotocol exchange.v1.protobuf as a client has it; every wait has an end.</summary>
internal sealed class ProtobufClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1_024 * 1_024];
    private readonly Queue<ServerMessage> _received = new();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>Messages that the last frame held.</summary>
    public int MessagesOfLastFrame { get; private set; }

    public static async Task<ProtobufClient> Connect(EdgeServer server)
    {
        var client = new ProtobufClient();
        client._socket.Options.AddSubProtocol("exchange.v1.protobuf");
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/api/v1/stream"), patience.Token);
        return client;
    }

    public Task Send(params IEnumerable<ClientMessage> messages) =>
        Send(new ClientFrame { Messages = { messages } }.ToByteArray(), WebSocketMessageType.Binary);

    public async Task Send(byte[] bytes, WebSocketMessageType type)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, endOfMessage: true, patience.Token);
    }

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<ServerMessage?> Receive()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_received.Count == 0)
        {
            int length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;
                length += received.Count;
            }
            while (!received.EndOfMessage);

            foreach (ServerMessage message in ServerFrame.Parser.ParseFrom(_buffer.AsSpan(0, length)).Messages)
                _received.Enqueue(message);
            MessagesOfLastFrame = _received.Count;
        }

        return _received.Dequeue();
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<ServerMessage> Ask(ClientMessage request)
    {
        await Send(request);
        return (await Receive())!;
    }

    public async Task Subscribe(params IEnumerable<string> channels) =>
        Assert.NotNull((await Ask(new ClientMessage { Id = 1, Subscribe = new Subscribe { Channels = { channels } } })).Done);

    public async Task LogOn(string token) =>
        Assert.NotNull((await Ask(new ClientMessage { Id = 2, Authenticate = new Authenticate { Token = token } })).Done);

    public void Dispose() => _socket.Dispose();
}
