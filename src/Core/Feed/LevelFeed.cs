using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>One symbol's depth feed: numbers level changes 1, 2, 3 … and merges those of one input.</summary>
/// <remarks>
/// Keeps every level as it was told last. So a price whose level changed sides within an input is told twice (the old side
/// gone, the new one there), a level that was gone is told with the side it had, and one that came and went is not told. Open
/// addressing with linear probing: a change costs two short probes and no memory once warm.
/// </remarks>
internal sealed class LevelFeed(int symbol)
{
    private struct Entry
    {
        /// <summary>0: free. No level has that price.</summary>
        public long PriceTicks;
        public long ToldLots;
        public long Lots;
        public Side ToldSide;
        public Side Side;
        public bool IsPending;
    }

    private Entry[] _entries = new Entry[64];
    private int _count;
    private long[] _pending = new long[16];
    private int _pendingCount;
    private ulong _number;

    public bool IsPending => _pendingCount != 0;

    /// <summary>Number of the last change told.</summary>
    public ulong Number => _number;

    /// <summary>Takes over from an earlier run, into a fresh feed.</summary>
    public void Restore(DepthView depth)
    {
        _number = depth.Number;
        foreach (LevelView level in depth.Bids)
            Restore(Side.Buy, level.PriceTicks, level.Lots);
        foreach (LevelView level in depth.Asks)
            Restore(Side.Sell, level.PriceTicks, level.Lots);
    }

    private void Restore(Side side, long priceTicks, long lots)
    {
        ref Entry entry = ref FindOrAdd(priceTicks);
        entry.Lots = lots;
        entry.ToldLots = lots;
        entry.Side = side;
        entry.ToldSide = side;
    }

    /// <summary>Notes a level's total; the last one of an input counts.</summary>
    public void Note(Side side, long priceTicks, long lots)
    {
        Invariant.Holds(priceTicks > 0);
        ref Entry entry = ref FindOrAdd(priceTicks);
        entry.Lots = lots;
        entry.Side = side;
        if (entry.IsPending)
            return;
        entry.IsPending = true;
        if (_pendingCount == _pending.Length)
            Array.Resize(ref _pending, _pendingCount * 2);
        _pending[_pendingCount++] = priceTicks;
    }

    /// <summary>Tells what the input changed, in the order it touched the prices.</summary>
    public void Flush(ulong sequence, long timeMs, FeedBuffer feed)
    {
        for (int i = 0; i < _pendingCount; i++)
        {
            int at = Find(_pending[i]);
            ref Entry entry = ref _entries[at];
            entry.IsPending = false;
            bool isMoved = entry.ToldSide != entry.Side && entry.ToldLots != 0;
            if (isMoved || (entry.Lots == 0 && entry.ToldLots != 0))
                Tell(sequence, timeMs, feed, entry.ToldSide, entry.PriceTicks, 0);
            if (entry.Lots != 0 && (isMoved || entry.Lots != entry.ToldLots))
                Tell(sequence, timeMs, feed, entry.Side, entry.PriceTicks, entry.Lots);
            entry.ToldSide = entry.Side;
            entry.ToldLots = entry.Lots;
            if (entry.Lots == 0)
                RemoveAt(at);
        }

        _pendingCount = 0;
    }

    private void Tell(ulong sequence, long timeMs, FeedBuffer feed, Side side, long priceTicks, long lots)
    {
        ref FeedEvent e = ref feed.Add();
        e.Sequence = sequence;
        e.TimeMs = timeMs;
        e.Kind = FeedKind.Level;
        e.Side = side;
        e.Symbol = symbol;
        e.Id = ++_number;
        e.PriceTicks = priceTicks;
        e.Lots = lots;
    }

    private ref Entry FindOrAdd(long priceTicks)
    {
        int at = Find(priceTicks);
        if (_entries[at].PriceTicks == priceTicks)
            return ref _entries[at];
        if (_count * 2 >= _entries.Length)
        {
            Grow();
            at = Find(priceTicks);
        }

        _count++;
        _entries[at].PriceTicks = priceTicks;
        return ref _entries[at];
    }

    /// <summary>Where the price is, or the free place where it would be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(long priceTicks)
    {
        int at = Home(priceTicks);
        while (_entries[at].PriceTicks != priceTicks && _entries[at].PriceTicks != 0)
            at = (at + 1) & (_entries.Length - 1);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(long priceTicks)
    {
        // The multiplication spreads neighbouring prices, or prices all a multiple of a power of two, over the table.
        ulong hash = unchecked((ulong)priceTicks * 0x9e3779b97f4a7c15UL);
        return (int)(hash >> (64 - BitOperations.Log2((uint)_entries.Length)));
    }

    private void RemoveAt(int at)
    {
        int mask = _entries.Length - 1;
        int hole = at;
        for (int next = (hole + 1) & mask; _entries[next].PriceTicks != 0; next = (next + 1) & mask)
        {
            // An entry may fill the hole unless its home lies behind the hole, on the way to where it is.
            int home = Home(_entries[next].PriceTicks);
            if (((next - home) & mask) < ((next - hole) & mask))
                continue;
            _entries[hole] = _entries[next];
            hole = next;
        }

        _entries[hole] = default;
        _count--;
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[old.Length * 2];
        foreach (ref readonly Entry entry in old.AsSpan())
        {
            if (entry.PriceTicks != 0)
                _entries[Find(entry.PriceTicks)] = entry;
        }
    }
}
