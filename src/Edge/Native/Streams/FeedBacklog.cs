using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>A public event that waits for the hub's loop.</summary>
/// <param name="Happened">What happened.</param>
/// <param name="AtMs">When it came, on the hub's clock: windows are counted from then.</param>
internal readonly record struct WaitingEvent(FeedEvent Happened, long AtMs);

/// <summary>Public events between the feed, which adds, and the hub's loop, which takes all there is; bounded.</summary>
internal sealed class FeedBacklog(int most)
{
    /// <summary>A larger list is left to the collector, so that one burst does not stay for ever.</summary>
    private const int LargestKept = 16_384;

    private readonly Lock _gate = new();
    private List<WaitingEvent> _waiting = [];
    private List<WaitingEvent> _taken = [];
    private volatile bool _isEmpty = true;

    public bool IsEmpty => _isEmpty;

    /// <summary>Adds those that any public channel tells; false: there is no room for all of them.</summary>
    /// <param name="isAny">Whether there were such.</param>
    public bool TryAdd(ReadOnlySpan<FeedEvent> events, long nowMs, out bool isAny)
    {
        isAny = false;
        lock (_gate)
        {
            foreach (ref readonly FeedEvent happened in events)
            {
                if (happened.Kind is not (FeedKind.Level or FeedKind.Trade or FeedKind.Mark))
                    continue;
                isAny = true;
                _isEmpty = false;
                if (_waiting.Count == most)
                    return false;
                _waiting.Add(new WaitingEvent(happened, nowMs));
            }
        }

        return true;
    }

    /// <summary>Takes what waits, in order; valid until the next call. One thread only.</summary>
    public ReadOnlySpan<WaitingEvent> Take()
    {
        if (_taken.Capacity > LargestKept)
            _taken = [];
        _taken.Clear();
        lock (_gate)
        {
            (_waiting, _taken) = (_taken, _waiting);
            _isEmpty = true;
        }

        return CollectionsMarshal.AsSpan(_taken);
    }
}
