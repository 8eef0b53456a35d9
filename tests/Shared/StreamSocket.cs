using System.Net.WebSockets;
using System.Text;

namespace Exchange.Tests.Shared;

/// <summary>A client's connection to the streams of a server, message by message; every wait has an end.</summary>
internal sealed class StreamSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public string? SubProtocol => _socket.SubProtocol;

    /// <param name="server">Any address of it.</param>
    public static async Task<StreamSocket> Connect(Uri server, string? subProtocol = null)
    {
        var stream = new StreamSocket();
        if (subProtocol is not null)
            stream._socket.Options.AddSubProtocol(subProtocol);
        using var patience = new CancellationTokenSource(Patience);
        await stream._socket.ConnectAsync(new Uri($"ws://{server.Authority}/api/v1/stream"), patience.Token);
        return stream;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task Send(byte[] bytes, WebSocketMessageType type, bool endOfMessage = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, endOfMessage, patience.Token);
    }

    /// <summary>The next message, valid until the next call; null: the server closed.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveOrEnd()
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
                return _buffer.AsMemory(0, length);
        }
    }

    /// <summary>The next message, valid until the next call.</summary>
    public async Task<ReadOnlyMemory<byte>> Receive() =>
        await ReceiveOrEnd() ?? throw new InvalidOperationException($"The server closed the stream: {CloseReason}");

    public async Task Close()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public void Dispose() => _socket.Dispose();
}
