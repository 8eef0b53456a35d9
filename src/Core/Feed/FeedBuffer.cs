using System.Runtime.CompilerServices;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>Feed events in one array that grows until it holds the largest batch, and is then reused.</summary>
public sealed class FeedBuffer(int initialCapacity = 1_024)
{
    private FeedEvent[] _events = new FeedEvent[Math.Max(1, initialCapacity)];

    public int Count { get; private set; }

    public ReadOnlySpan<FeedEvent> Events => _events.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>The next event's place, zeroed; valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FeedEvent Add()
    {
        int count = Count;
        if ((uint)count >= (uint)_events.Length)
            Array.Resize(ref _events, count * 2);
        Count = count + 1;
        ref FeedEvent e = ref _events[count];
        e = default;
        return ref e;
    }

    /// <summary>The next event's place, with what every event of a symbol has.</summary>
    internal ref FeedEvent Add(FeedKind kind, int symbol, ulong sequence, long timeMs)
    {
        ref FeedEvent e = ref Add();
        e.Kind = kind;
        e.Symbol = symbol;
        e.Sequence = sequence;
        e.TimeMs = timeMs;
        return ref e;
    }
}
