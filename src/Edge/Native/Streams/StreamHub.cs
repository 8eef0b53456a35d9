using System.Buffers;
using System.Threading.Channels;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Native.Streams;

/// <summary>Between the venue's feed and the streams: one loop that knows every channel and who listens to it.</summary>
/// <remarks>
/// The feed's thread only copies its events into a bounded backlog. Should that ever be full, streams have missed something: all
/// are told STREAM_RESET and closed, and their clients begin anew; the venue never waits for them.
/// </remarks>
internal sealed partial class StreamHub : IFeedSubscriber, IHostedService, IDisposable
{
    private const int SweepMs = 500;

    /// <summary>A pass takes what has gathered, but streams are not kept waiting for ever by a feed that never pauses.</summary>
    private const int WorkOfAPass = 1_024;

    private readonly IExchange _exchange;
    private readonly MarketFeatures _features;
    private readonly Authenticator _authenticator;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamHub> _logger;
    private readonly long _start;
    private readonly int _mostWaiting;
    private readonly TimeSpan _orderPatience;
    private readonly int _longestBehindMs;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Delivery _delivery = new();
    private readonly Dictionary<int, SymbolStreams> _symbols = [];
    private readonly List<SymbolStreams> _active = [];
    private readonly HashSet<StreamConnection> _connections = [];
    private readonly ITimer _timer;
    private IDisposable? _subscription;
    private Task _loop = Task.CompletedTask;
    private int _waiting;
    private bool _isOverflowed;
    private long _armedMs = long.MaxValue;
    private long _sweepMs;

    public StreamHub(
        IExchange exchange, MarketFeatures features, Authenticator authenticator, EdgeOptions options, TimeProvider time, ILogger<StreamHub> logger)
    {
        _features = features;
        _exchange = exchange;
        _authenticator = authenticator;
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _mostWaiting = options.FeedQueueEvents;
        _feed = new FeedBacklog(options.FeedQueueEvents);
        _longestBehindMs = options.StreamBehindMs;
        _orderPatience = TimeSpan.FromMilliseconds(options.CommandTimeoutMs);
        _timer = time.CreateTimer(_ => _queue.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Events of an account, or something asked of the loop; neither: a timer fired.</summary>
    private readonly record struct Work(Action? Act, int Count = 0, OwnStream? Stream = null, OwnEvent[]? Events = null);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(Run, CancellationToken.None);
        _subscription = _exchange.Subscribe(this);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _queue.Writer.TryComplete();
        await _loop;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Called by the venue for an account: copies and returns.</summary>
    public void OnOwnEvents(OwnStream stream, ReadOnlySpan<OwnEvent> events)
    {
        if (TryWait(events.Length))
            _queue.Writer.TryWrite(new Work(null, events.Length, stream, Copy(events)));
    }

    /// <summary>Called by the venue for an account that it cannot go on telling.</summary>
    public void OnBroken(OwnStream stream) => Ask(stream.Break);

    private bool TryWait(int events)
    {
        if (Interlocked.Add(ref _waiting, events) <= _mostWaiting)
            return true;
        Interlocked.Add(ref _waiting, -events);
        Volatile.Write(ref _isOverflowed, true);
        return false;
    }

    private static OwnEvent[] Copy(ReadOnlySpan<OwnEvent> events)
    {
        OwnEvent[] copy = ArrayPool<OwnEvent>.Shared.Rent(events.Length);
        events.CopyTo(copy);
        return copy;
    }

    /// <summary>Asks the loop to do something; what is asked by one stream is done in order.</summary>
    private void Ask(Action act) => _queue.Writer.TryWrite(new Work(act));

    private async Task Run()
    {
        await foreach (Work first in _queue.Reader.ReadAllAsync())
        {
            try
            {
                Handle(first);
                for (int more = 0; more < WorkOfAPass && _queue.Reader.TryRead(out Work next); more++)
                    Handle(next);
                if (Volatile.Read(ref _isOverflowed))
                    ResetAll();
                FlushDue();
                _delivery.Flush();
            }
            catch (Exception fault)
            {
                // Whatever it was, channels may have lost something: everybody begins anew rather than go on wrongly.
                LogFault(fault);
                ResetAll();
                Rest(NowMs());
            }
        }
    }

    private void Handle(in Work work)
    {
        // First: who subscribes now is told what comes after.
        TakeFeed();
        work.Act?.Invoke();
        if (work.Count == 0)
        {
            // Neither: the timer fired, perhaps a little early; it is armed anew.
            if (work.Act is null)
                _armedMs = long.MaxValue;
            return;
        }

        foreach (ref readonly OwnEvent happened in work.Events.AsSpan(0, work.Count))
            work.Stream!.On(in happened);
        ArrayPool<OwnEvent>.Shared.Return(work.Events!, clearArray: true);
        Interlocked.Add(ref _waiting, -work.Count);
    }

    private void Handle(in FeedEvent happened, long nowMs)
    {
        switch (happened.Kind)
        {
            case FeedKind.Level:
                Activate(happened.Symbol).OnLevel(happened, nowMs);
                break;
            case FeedKind.Trade:
                Activate(happened.Symbol).OnTrade(happened, nowMs);
                break;
            case FeedKind.Mark:
                Activate(happened.Symbol).Touch(nowMs);
                break;
            default:
                break;
        }
    }

    private void FlushDue()
    {
        long nowMs = NowMs();
        if (nowMs >= _sweepMs)
        {
            Sweep(nowMs);
            _sweepMs = nowMs + SweepMs;
        }

        long dueMs = _connections.Count > 0 ? _sweepMs : long.MaxValue;
        for (int i = _active.Count - 1; i >= 0; i--)
            dueMs = Math.Min(dueMs, Flush(i, nowMs));
        dueMs = Math.Min(dueMs, Rest(nowMs));

        if (dueMs >= _armedMs)
            return;
        _armedMs = dueMs;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, dueMs - nowMs)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends what is due of an active symbol; when it has nothing waiting it is not active any more.</summary>
    private long Flush(int active, long nowMs)
    {
        SymbolStreams symbol = _active[active];
        symbol.Flush(nowMs);
        long dueMs = symbol.DueMs(nowMs);
        if (dueMs == long.MaxValue)
        {
            symbol.IsActive = false;
            _active[active] = _active[^1];
            _active.RemoveAt(_active.Count - 1);
        }

        return dueMs;
    }

    private void ResetAll()
    {
        Volatile.Write(ref _isOverflowed, false);
        foreach (StreamConnection connection in _connections)
            connection.End(StreamEnd.Reset);
        _symbols.Clear();
        _active.Clear();
    }

    /// <summary>The symbol's streams, looked after from now on until they have nothing waiting.</summary>
    private SymbolStreams Activate(int symbolId)
    {
        SymbolStreams symbol = SymbolOf(symbolId);
        if (!symbol.IsActive)
        {
            symbol.IsActive = true;
            _active.Add(symbol);
        }

        return symbol;
    }

    private SymbolStreams SymbolOf(int symbolId)
    {
        if (!_symbols.TryGetValue(symbolId, out SymbolStreams? streams))
            _symbols[symbolId] = streams = new SymbolStreams(_exchange.Instruments[symbolId], _exchange, _features, _delivery);
        return streams;
    }

    // Monotonic: windows must not depend on the wall clock.
    private long NowMs() => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    [LoggerMessage(2, LogLevel.Error, "A subscription to an account's events failed.")]
    private partial void LogUnanswered(Exception failed);

    [LoggerMessage(1, LogLevel.Error, "The stream hub failed; all streams begin anew.")]
    private partial void LogFault(Exception fault);
}
