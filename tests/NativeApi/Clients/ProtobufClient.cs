using System.Net.WebSockets;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.NativeApi.Clients;

/// <summary>A stream of subprotocol exchange.v1.protobuf as a client has it; every wait has an end.</summary>
internal sealed class ProtobufClient : IDisposable
{
    private readonly StreamSocket _socket;
    private readonly Queue<ServerMessage> _received = new();

    private ProtobufClient(StreamSocket socket) => _socket = socket;

    public static async Task<ProtobufClient> Connect(Uri address) => new(await StreamSocket.Connect(address, "exchange.v1.protobuf"));

    /// <summary>Sends requests in one frame.</summary>
    public Task Send(params IEnumerable<ClientMessage> messages) =>
        _socket.Send(new ClientFrame { Messages = { messages } }.ToByteArray(), WebSocketMessageType.Binary);

    public async Task<ServerMessage> Receive()
    {
        while (_received.Count == 0)
            foreach (ServerMessage message in ServerFrame.Parser.ParseFrom((await _socket.Receive()).Span).Messages)
                _received.Enqueue(message);
        return _received.Dequeue();
    }

    /// <summary>The next message that has such content.</summary>
    public async Task<ServerMessage> Receive(ServerMessage.ContentOneofCase content)
    {
        ServerMessage message;
        do
            message = await Receive();
        while (message.ContentCase != content);
        return message;
    }

    /// <summary>Sends a request and reads its answer; what channels tell meanwhile is passed over.</summary>
    public async Task<ServerMessage> Ask(ClientMessage request)
    {
        await Send(request);
        ServerMessage answer;
        do
            answer = await Receive();
        while (!answer.HasId || answer.Id != request.Id);
        return answer;
    }

    public async Task Subscribe(params IEnumerable<string> channels) =>
        Assert.NotNull((await Ask(new ClientMessage { Id = 1, Subscribe = new Subscribe { Channels = { channels } } })).Done);

    public async Task LogOn(string token) =>
        Assert.NotNull((await Ask(new ClientMessage { Id = 2, Authenticate = new Authenticate { Token = token } })).Done);

    public void Dispose() => _socket.Dispose();
}
