using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Exchange.Cli.Index;

/// <summary>A WebSocket that keeps telling the price; connected anew, after failures less often, and when it has fallen silent.</summary>
/// <remarks>Messages in which nothing stands where the price should are passed over: greetings, confirmations, other channels.</remarks>
internal sealed class StreamSource : IndexSource
{
    private const int MostBytes = 1 << 20;
    private const int SilentRounds = 3;
    private readonly Uri _address;
    private readonly IReadOnlyList<string> _subscribe;
    private readonly PricePointer _pointer;
    private readonly TimeSpan _patience;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _disposed = new();
    private CancellationTokenSource? _connection;
    private Task _listening = Task.CompletedTask;
    private long _heardMs;

    /// <param name="subscribe">Sent once connected.</param>
    /// <param name="patience">To connect; three times as long without a message, and it is connected anew.</param>
    public StreamSource(string name, Uri address, PricePointer pointer, IReadOnlyList<string> subscribe, TimeSpan patience, TimeProvider clock)
        : base(name, clock)
    {
        _address = address;
        _pointer = pointer;
        _subscribe = subscribe;
        _patience = patience;
        _backoff = new Backoff(clock);
    }

    public override Task Poll(CancellationToken cancellation)
    {
        if (_listening.IsCompleted)
        {
            if (_backoff.IsDue)
            {
                Volatile.Write(ref _heardMs, NowMs);
                _connection?.Dispose();
                _connection = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token, cancellation);
                _listening = Listen(_connection.Token);
            }
        }
        else if (NowMs - Volatile.Read(ref _heardMs) > SilentRounds * _patience.TotalMilliseconds)
        {
            _connection!.Cancel();
        }

        return Task.CompletedTask;
    }

    private async Task Listen(CancellationToken cancellation)
    {
        try
        {
            using var socket = new ClientWebSocket();
            await Connect(socket, cancellation);
            foreach (string message in _subscribe)
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellation);

            var received = new ArrayBufferWriter<byte>(4_096);
            while (await Receive(socket, received, cancellation))
            {
                Volatile.Write(ref _heardMs, NowMs);
                if (_pointer.Find(received.WrittenMemory) is { } said)
                {
                    Take(said);
                    _backoff.Succeeded();
                }
            }

            Fail("it closed the stream");
        }
        catch (OperationCanceledException)
        {
            Fail("it has fallen silent");
        }
        catch (Exception failure) when (failure is WebSocketException or IOException)
        {
            Fail(failure.Message);
        }
    }

    private async Task Connect(ClientWebSocket socket, CancellationToken cancellation)
    {
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        using var patience = new CancellationTokenSource(_patience, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await socket.ConnectAsync(_address, either.Token);
    }

    /// <summary>The next message; false: it closed the stream, or sends more than can be a price.</summary>
    private static async Task<bool> Receive(ClientWebSocket socket, ArrayBufferWriter<byte> received, CancellationToken cancellation)
    {
        received.ResetWrittenCount();
        while (received.WrittenCount < MostBytes)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(received.GetMemory(4_096), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return false;
            received.Advance(part.Count);
            if (part.EndOfMessage)
                return true;
        }

        return false;
    }

    private void Fail(string why)
    {
        _backoff.Failed();
        Trouble = why; // Last: whoever sees it finds the next attempt planned.
    }

    public override void Dispose()
    {
        base.Dispose();
        _disposed.Cancel();
        _connection?.Dispose();
        _disposed.Dispose();
    }
}
