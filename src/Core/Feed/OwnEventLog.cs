using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>The last events of all accounts in one ring, so that a client who was away can be told what it missed.</summary>
/// <remarks>
/// Events count 1, 2, 3 …; each knows the one of its account before it, so what an account missed is found without looking at others'.
/// </remarks>
internal sealed class OwnEventLog(int most)
{
    private const int FirstSize = 1_024;

    private readonly Dictionary<uint, ulong> _newest = [];
    private Entry[] _ring = new Entry[Math.Min(FirstSize, most)];

    /// <summary>What an account missed from before is not known: another log had it.</summary>
    private ulong _knownAfter;

    private struct Entry
    {
        public FeedEvent Happened;
        public ulong Previous;
    }

    /// <summary>Number of the last event; 0: none yet.</summary>
    public ulong Last { get; private set; }

    private ulong Oldest => Last - Math.Min(Last, (ulong)_ring.Length) + 1;

    /// <summary>Takes the next event; its number is <see cref="Last"/> then.</summary>
    public void Add(in FeedEvent happened)
    {
        if (Last == (ulong)_ring.Length && _ring.Length < most)
            Grow();
        ref ulong newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, happened.Account, out _);
        ref Entry entry = ref At(Last + 1);
        entry.Happened = happened;
        entry.Previous = newest;
        newest = ++Last;
    }

    /// <summary>Copies all that are kept, oldest first.</summary>
    public FeedEvent[] ToArray()
    {
        var kept = new FeedEvent[Last + 1 - Oldest];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = this[Oldest + (ulong)i];
        return kept;
    }

    /// <summary>Goes on where another log ended; this one is still empty.</summary>
    /// <param name="events">What that one kept.</param>
    /// <param name="last">The number of the last of them.</param>
    public void Resume(ReadOnlySpan<FeedEvent> events, ulong last)
    {
        Invariant.Holds(Last == 0 && last >= (ulong)events.Length);
        _ring = new Entry[most];
        events = events[^Math.Min(events.Length, most)..];
        Last = last - (ulong)events.Length;
        _knownAfter = Last;
        foreach (ref readonly FeedEvent happened in events)
            Add(in happened);
    }

    /// <summary>Numbers of an account's events after one, oldest first; null: some are forgotten, or they are more than <paramref name="limit"/>.</summary>
    public List<ulong>? After(uint account, ulong number, int limit)
    {
        if (number < _knownAfter)
            return null;
        var missed = new List<ulong>();
        _newest.TryGetValue(account, out ulong at);
        while (at > number)
        {
            if (at < Oldest || missed.Count == limit)
                return null;
            missed.Add(at);
            at = At(at).Previous;
        }

        missed.Reverse();
        return missed;
    }

    /// <summary>An event that is still in the ring.</summary>
    public ref readonly FeedEvent this[ulong number] => ref At(number).Happened;

    private ref Entry At(ulong number) => ref _ring[(int)((number - 1) % (ulong)_ring.Length)];

    // Only ever while the ring is full for the first time: its events then lie in order from its front.
    private void Grow() => Array.Resize(ref _ring, Math.Min(_ring.Length * 4, most));
}
