using System.Net.WebSockets;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Edge.Telemetry;

namespace Exchange.Edge.Native.Streams;

/// <summary>One stream: a bounded queue of messages to send, and an end that comes once.</summary>
/// <remarks>
/// Messages are added by any thread and sent by whoever flushes first; while one is being sent the others gather behind it. No
/// stream has a thread or a task of its own. A client that does not keep up with its queue is told SLOW_CONSUMER and closed; nobody
/// else notices.
/// </remarks>
internal sealed partial class StreamConnection : IThreadPoolWorkItem, IDisposable
{
    private const int GraceMs = 5_000;
    private const int SnapshotsPerSecond = 5;

    private readonly WebSocket _socket;
    private readonly EdgeOptions _options;
    private readonly Action _abort;
    private readonly EdgeMetrics? _metrics;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _onDeadline;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    // Guarded by the gate.
    private readonly Queue<Outgoing> _queue = new();
    private StreamEnd? _end;
    private bool _isSending;
    private bool _isScheduled;

    private long _waitingBytes;

    private double _snapshots = StreamHub.ChannelsPerStream;
    private long _snapshotsAtMs;

    /// <param name="messages">In the stream's format.</param>
    /// <param name="abort">Cuts the connection when a closing stream has had its time.</param>
    /// <param name="metrics">Told how long orders took and why it ended; null: nobody wants to know.</param>
    public StreamConnection(WebSocket socket, IStreamMessages messages, EdgeOptions options, TimeProvider time, Action abort, EdgeMetrics? metrics = null)
    {
        _socket = socket;
        _options = options;
        _abort = abort;
        _metrics = metrics;
        Messages = messages;
        Orders = new OrdersInFlight(this, options.StreamOrdersInFlight, time);
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _onDeadline = _deadline.Token.Register(abort);
    }

    /// <summary>A message, or the answer to an order that becomes one when it is sent.</summary>
    private readonly record struct Outgoing(byte[]? Message, StreamOrder? Order);

    public IStreamMessages Messages { get; }

    public OrdersInFlight Orders { get; }

    /// <summary>Set by log-on; the key without account and rights before it.</summary>
    public Caller Caller { get; set; }

    public uint Account => Caller.Account;

    /// <summary>It is to be sent no more than it must be, until it has taken what it was.</summary>
    public bool IsBehind => WaitingBytes > _options.StreamBehindBytes;

    /// <summary>It has been told once what it missed. Used by the hub's loop alone, as the next.</summary>
    public bool HasResumed { get; set; }

    /// <summary>Bytes of the messages that it has not taken; those of an order's answer do not count, they are bounded where they begin.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>Since when it is behind, on the hub's clock; 0: it is not.</summary>
    public long BehindSinceMs { get; set; }

    /// <summary>When its token ends, wall time.</summary>
    public long ExpiresMs => Caller.ExpiresMs == 0 ? long.MaxValue : Caller.ExpiresMs;

    /// <summary>Used by the hub's loop alone, as the next.</summary>
    public HashSet<StreamChannel> Channels { get; } = [];

    /// <summary>Those of its channels that are of its account; used as above, as the next.</summary>
    public List<OwnStream> OwnStreams { get; } = [];

    /// <summary>What it asked while the venue has not answered a subscription; null: none waits.</summary>
    public Queue<Action>? Subscribing { get; set; }

    /// <summary>It has messages that the hub has not flushed yet.</summary>
    public bool IsTouched { get; set; }

    /// <summary>One more snapshot of a book: they are dear to make, so beyond a burst they come one by one. Used by the hub's loop alone.</summary>
    public bool TryTakeSnapshot(long nowMs)
    {
        _snapshots = Math.Min(StreamHub.ChannelsPerStream, _snapshots + (nowMs - _snapshotsAtMs) * SnapshotsPerSecond / 1_000.0);
        _snapshotsAtMs = nowMs;
        if (_snapshots < 1)
            return false;
        _snapshots--;
        return true;
    }

    /// <summary>Completes when it is closed, after its last words.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Cancelled when a closing stream has had its time.</summary>
    public CancellationToken Deadline => _deadline.Token;

    /// <summary>Queues a message for the next <see cref="Flush"/>; never waits. An empty queue takes any message, however large.</summary>
    public void Add(byte[] message)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            bool isFull = _queue.Count >= _options.StreamQueueMessages || _waitingBytes + message.Length > _options.StreamQueueBytes;
            if (!isFull || _waitingBytes == 0)
            {
                Interlocked.Add(ref _waitingBytes, message.Length);
                _queue.Enqueue(new Outgoing(message, null));
                return;
            }
        }

        End(StreamEnd.SlowConsumer);
    }

    /// <summary>Queues an answer and has it sent; those that come meanwhile go with it. Their number is bounded where they begin.</summary>
    public void Add(StreamOrder answered)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _queue.Enqueue(new Outgoing(null, answered));
            if (_isSending || _isScheduled)
                return;
            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Queues a message and sends what waits.</summary>
    public void Send(byte[] message)
    {
        Add(message);
        Flush();
    }

    /// <summary>Sends what waits, on this thread as far as the network takes it.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isSending || _closed.Task.IsCompleted)
                return;
            _isSending = true;
        }

        SendWaiting();
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
            _isScheduled = false;
        Flush();
    }

    /// <summary>Decides the end of the stream; the first decision stands.</summary>
    public void End(StreamEnd end)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = end;

            // At an end that the server decided what waits is dropped: a slow consumer could not be told in time.
            while (end != StreamEnd.ClientClosed && _queue.TryDequeue(out Outgoing dropped))
                Interlocked.Add(ref _waitingBytes, -(dropped.Message?.Length ?? 0));
        }

        _metrics?.StreamEnding(end.Code);
        _deadline.CancelAfter(GraceMs);
        Flush();
    }

    public void Dispose()
    {
        _onDeadline.Dispose();
        _deadline.Dispose();
    }
}
