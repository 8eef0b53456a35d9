using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <content>
/// How public events come to the loop. It is called for each of them only while somebody wants them at once; otherwise the first one calls it,
/// and what follows waits until the loop looks by itself, when the first window ends: to wake it for every trade of a window costs more than the trade.
/// </content>
internal sealed partial class StreamHub
{
    /// <summary>Windows are no shorter than this, so that nothing is late which the loop finds after so long.</summary>
    private const int LookMs = 10;

    private static readonly Action Nothing = () => { };

    private readonly FeedBacklog _feed;

    // Of all streams; used by the loop alone, but for what tells the feed.
    private int _publicChannels;
    private int _channelsAtOnce;
    private volatile bool _isAnyPublic;
    private volatile bool _isAnyAtOnce;

    /// <summary>1: the loop was called and will look, or it will look by itself soon.</summary>
    private int _isCalled;

    /// <summary>This pass found events.</summary>
    private bool _hasTaken;

    /// <summary>Called by the feed: copies what somebody listens to, and returns.</summary>
    public void OnEvents(ReadOnlySpan<FeedEvent> events)
    {
        // Whoever comes later begins with what the venue shows then, which has these events in it.
        if (!_isAnyPublic)
            return;
        if (!_feed.TryAdd(events, NowMs(), out bool isAny))
            Volatile.Write(ref _isOverflowed, true);
        if (isAny)
            CallForFeed();
    }

    private void CallForFeed()
    {
        if (Interlocked.Exchange(ref _isCalled, 1) == 0)
            Ask(Nothing);
    }

    private void TakeFeed()
    {
        if (_feed.IsEmpty)
            return;
        _hasTaken = true;
        foreach (ref readonly WaitingEvent waiting in _feed.Take())
            Handle(waiting.Happened, waiting.AtMs);
    }

    /// <summary>The pass is over: from now on the next event calls, unless the loop looks by itself anyway.</summary>
    /// <returns>When to look at the latest, on the hub's clock.</returns>
    private long Rest(long nowMs)
    {
        bool mayMoreCome = _hasTaken && _active.Count > 0 && !_isAnyAtOnce;
        _hasTaken = false;
        if (mayMoreCome)
        {
            Volatile.Write(ref _isCalled, 1);
            return nowMs + LookMs;
        }

        // What was added before this may not have called.
        Interlocked.Exchange(ref _isCalled, 0);
        if (!_feed.IsEmpty)
            CallForFeed();
        return long.MaxValue;
    }

    /// <summary>A stream has one more public channel, which has not begun yet.</summary>
    private void CountIn(in StreamChannel channel)
    {
        if (_publicChannels++ == 0)
        {
            // The books were not followed while nobody listened.
            _isAnyPublic = true;
            foreach (SymbolStreams symbol in _symbols.Values)
                symbol.Forget();
        }

        if (channel.IsAtOnce && _channelsAtOnce++ == 0)
            _isAnyAtOnce = true;
    }

    private void CountOut(in StreamChannel channel)
    {
        if (--_publicChannels == 0)
            _isAnyPublic = false;
        if (channel.IsAtOnce && --_channelsAtOnce == 0)
            _isAnyAtOnce = false;
    }
}
