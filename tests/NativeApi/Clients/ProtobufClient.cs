using System.Net.WebSockets;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.NativeApi.Clients;

/// <summary>A stream of subprotocol exchange.v1.protobuf as a client has it; every wait has an end.</summary>
internal sealed class ProtobufClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly Queue<ServerMessage> _received = new();

    public static async Task<ProtobufClient> Connect(Uri address)
    {
        var client = new ProtobufClient();
        client._socket.Options.AddSubProtocol("exchange.v1.protobuf");
        using var patience = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{address.Authority}/api/v1/stream"), patience.Token);
        return client;
    }

    /// <summary>Sends requests in one frame.</summary>
    public async Task Send(params IEnumerable<ClientMessage> messages)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] frame = new ClientFrame { Messages = { messages } }.ToByteArray();
        await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
    }

    public async Task<ServerMessage> Receive()
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
                    throw new InvalidOperationException($"The server closed the stream: {_socket.CloseStatusDescription}");
                length += received.Count;
            }
            while (!received.EndOfMessage);

            foreach (ServerMessage message in ServerFrame.Parser.ParseFrom(_buffer.AsSpan(0, length)).Messages)
                _received.Enqueue(message);
        }

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
