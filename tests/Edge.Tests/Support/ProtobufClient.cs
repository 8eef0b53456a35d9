using System.Net.WebSockets;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.Edge.Tests.Support;

/// <summary>A stream of subprotocol exchange.v1.protobuf as a client has it; every wait has an end.</summary>
internal sealed class ProtobufClient : IDisposable
{
    private readonly StreamSocket _socket;
    private readonly Queue<ServerMessage> _received = new();

    private ProtobufClient(StreamSocket socket) => _socket = socket;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>Messages that the last frame held.</summary>
    public int MessagesOfLastFrame { get; private set; }

    public static async Task<ProtobufClient> Connect(EdgeServer server) =>
        new(await StreamSocket.Connect(server.Address, "exchange.v1.protobuf"));

    public Task Send(params IEnumerable<ClientMessage> messages) =>
        Send(new ClientFrame { Messages = { messages } }.ToByteArray(), WebSocketMessageType.Binary);

    public Task Send(byte[] bytes, WebSocketMessageType type) => _socket.Send(bytes, type);

    /// <summary>The next message; null: the server closed.</summary>
    public async Task<ServerMessage?> Receive()
    {
        while (_received.Count == 0)
        {
            if (await _socket.ReceiveOrEnd() is not { } frame)
                return null;
            foreach (ServerMessage message in ServerFrame.Parser.ParseFrom(frame.Span).Messages)
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
