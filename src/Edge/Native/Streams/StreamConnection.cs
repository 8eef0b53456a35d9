using System.Net.WebSockets;
using System.Threading.Channels;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>One stream: a bounded queue of messages to send, and an end that comes once.</summary>
/// <remarks>A client that does not keep up with its queue is told SLOW_CONSUMER and closed; nobody else notices.</remarks>
internal sealed class StreamConnection : IDisposable
{
    private const int GraceMs = 5_000;

    private readonly WebSocket _socket;
    private readonly EdgeOptions _options;
    private readonly Channel<byte[]> _queue;
    private readonly CancellationTokenSource _deadline;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamEnd? _end;
    private long _queuedBytes;

    public StreamConnection(WebSocket socket, EdgeOptions options, TimeProvider time)
    {
        _socket = socket;
        _options = options;
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(options.StreamQueueMessages) { SingleReader = true });
    }

    /// <summary>Set by log-on; the key without account and rights before it.</summary>
    public Caller Caller { get; set; }

    public uint Account => Caller.Account;

    /// <summary>When its token ends, wall time.</summary>
    public long ExpiresMs => Caller.ExpiresMs == 0 ? long.MaxValue : Caller.ExpiresMs;

    /// <summary>Used by the hub's loop alone.</summary>
    public HashSet<StreamChannel> Channels { get; } = [];

    /// <summary>The end that was decided; null: it is open.</summary>
    public StreamEnd? Ending => Volatile.Read(ref _end);

    /// <summary>Completes when an end was decided, by whomever.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Cancelled when a closing stream has had its time.</summary>
    public CancellationToken Deadline => _deadline.Token;

    /// <summary>Queues a message; never waits.</summary>
    public void Send(byte[] message)
    {
        if (Ending is not null)
            return;
        if (Interlocked.Add(ref _queuedBytes, message.Length) > _options.StreamQueueBytes || !_queue.Writer.TryWrite(message))
            End(StreamEnd.SlowConsumer);
    }

    /// <summary>Decides the end of the stream; the first decision stands.</summary>
    public void End(StreamEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is not null)
            return;
        _deadline.CancelAfter(GraceMs);
        _queue.Writer.TryComplete();
        _ended.TrySetResult();
    }

    /// <summary>Sends what is queued until the end is decided, then says why and closes.</summary>
    public async Task RunSender()
    {
        try
        {
            await foreach (byte[] message in _queue.Reader.ReadAllAsync())
            {
                // At a slow consumer's end what waits is dropped: it could not be told in time.
                if (Ending is { } end && end != StreamEnd.ClientClosed)
                    break;
                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Deadline);
                Interlocked.Add(ref _queuedBytes, -message.Length);
            }

            await SayGoodbye(Ending!);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            End(StreamEnd.ClientClosed);
            _socket.Abort();
        }
    }

    public void Dispose() => _deadline.Dispose();

    private async Task SayGoodbye(StreamEnd end)
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var messages = new StreamMessages();
        if (end.Entry is not null && _socket.State == WebSocketState.Open)
            await _socket.SendAsync(messages.Refused(null, new Problem(end.Entry)), WebSocketMessageType.Text, endOfMessage: true, Deadline);
        await _socket.CloseOutputAsync(end.Status, end.Entry?.Code, Deadline);
    }
}
