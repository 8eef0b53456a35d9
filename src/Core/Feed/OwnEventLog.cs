using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Feed;

/// <summary>The last own events of all accounts in one ring, numbered 1, 2, 3 … over all accounts and starts of the venue.</summary>
/// <remarks>
/// A function of the journal: a snapshot holds it, and whoever carries out the records behind that makes the same events under the same
/// numbers. Every start names the numbers anew (<see cref="Begin"/>): a copy of the venue goes on with other events under the same ones.
/// One thread writes.
/// </remarks>
/// <param name="most">Events kept.</param>
public sealed class OwnEventLog(int most)
{
    /// <summary>Cursors of older starts are too old.</summary>
    private const int MostStarts = 16;

    private const int FirstSize = 1_024;
    private static readonly uint Tag = SnapshotTag.Of("OWNE");

    private FeedEvent[] _ring = new FeedEvent[Math.Min(FirstSize, most)];

    // What each start called its numbers, and the last number before it; the present one last.
    private (ulong Count, ulong After)[] _starts = [];

    /// <summary>Number of the last event of before those that were restored.</summary>
    private ulong _before;

    /// <summary>Events kept.</summary>
    public int Most => most;

    /// <summary>Number of the last event; 0: none yet.</summary>
    public ulong Last { get; private set; }

    /// <summary>What this start calls its numbers; 0: it has not begun.</summary>
    public ulong Count => _starts.Length == 0 ? 0 : _starts[^1].Count;

    /// <summary>Number of the oldest event kept, or of the next if there is none.</summary>
    internal ulong Oldest => Last - Math.Min(Last - _before, (ulong)_ring.Length) + 1;

    /// <summary>The venue starts: from here on numbers have another name.</summary>
    public void Begin(ulong count) => _starts = [.. _starts.TakeLast(MostStarts - 1), (count, Last)];

    /// <summary>Takes an input's events; those that are nobody's own are left aside.</summary>
    public void AddOwn(ReadOnlySpan<FeedEvent> events)
    {
        foreach (ref readonly FeedEvent e in events)
        {
            if (OwnEvent.IsOwn(e.Kind))
                Add(in e);
        }
    }

    /// <summary>Takes the next event; its number is <see cref="Last"/> then.</summary>
    internal void Add(in FeedEvent happened)
    {
        if (Last - _before == (ulong)_ring.Length && _ring.Length < most)
            Grow();
        At(++Last) = happened;
    }

    /// <summary>An event that is still kept.</summary>
    internal ref readonly FeedEvent this[ulong number] => ref At(number);

    /// <summary>Whether a cursor is of this venue's past: one of an earlier start only as far as that start came.</summary>
    internal CursorRefusal Judge(in OwnCursor cursor)
    {
        for (int i = 0; i < _starts.Length; i++)
        {
            if (_starts[i].Count != cursor.Count)
                continue;
            bool isPresent = i == _starts.Length - 1;
            ulong last = isPresent ? Last : _starts[i + 1].After;
            return cursor.Number <= last ? CursorRefusal.None : isPresent ? CursorRefusal.Unknown : CursorRefusal.TooOld;
        }

        return CursorRefusal.TooOld;
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_starts.Length);
        foreach ((ulong count, ulong after) in _starts)
        {
            writer.Write(count);
            writer.Write(after);
        }

        writer.Write(Last);
        writer.Write((int)(Last + 1 - Oldest));
        for (ulong number = Oldest; number <= Last; number++)
            writer.WriteStruct(in At(number));
        writer.EndSection();
    }

    /// <summary>Restores into a fresh log; of more events than it keeps the newest.</summary>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(Last == 0);
        if (reader.IsAtEnd)
            return; // Of before there was a log: its numbers begin here.
        reader.BeginSection(Tag);
        var starts = new (ulong Count, ulong After)[reader.ReadCount(MostStarts)];
        foreach (ref (ulong Count, ulong After) start in starts.AsSpan())
            start = (reader.ReadUInt64(), reader.ReadUInt64());
        _starts = starts;
        ulong last = reader.ReadUInt64();
        int kept = reader.ReadCount(int.MaxValue);
        Invariant.Holds(last >= (ulong)kept);
        Last = _before = last - (ulong)kept;
        for (; kept > 0; kept--)
            Add(reader.ReadStruct<FeedEvent>());
        reader.EndSection();
    }

    private ref FeedEvent At(ulong number) => ref _ring[(int)((number - _before - 1) % (ulong)_ring.Length)];

    // Only ever while the ring is full for the first time: its events then lie in order from its front.
    private void Grow() => Array.Resize(ref _ring, Math.Min(_ring.Length * 4, most));
}
