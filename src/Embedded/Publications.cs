using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>What the engine thread hands to the publisher's: each input's request with its feed events, in order; bounded.</summary>
/// <remarks>One writer, one reader. Events of an input lie together; where they would cross the end they start over at the front.</remarks>
internal sealed class Publications
{
    private readonly Entry[] _entries;
    private readonly FeedEvent[] _events;
    private long _written;
    private long _read;
    private long _eventsWritten;
    private long _eventsRead;

    public Publications(int entries, int events)
    {
        _entries = new Entry[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entries)];
        _events = new FeedEvent[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)events)];
    }

    /// <summary>Room for events one input may have; a larger one would never fit.</summary>
    public int MaxEvents => _events.Length / 2;

    public bool IsEmpty => Volatile.Read(ref _written) == Volatile.Read(ref _read);

    /// <summary>False: full, try again when the reader has gone on.</summary>
    public bool TryWrite(VenueRequest? request, ulong sequence, ReadOnlySpan<FeedEvent> events)
    {
        if (_written - Volatile.Read(ref _read) == _entries.Length)
            return false;
        long start = _eventsWritten;
        int at = (int)(start & (_events.Length - 1));
        if (at + events.Length > _events.Length)
            start += _events.Length - at;
        if (start + events.Length - Volatile.Read(ref _eventsRead) > _events.Length)
            return false;
        events.CopyTo(_events.AsSpan((int)(start & (_events.Length - 1))));
        _eventsWritten = start + events.Length;
        _entries[_written & (_entries.Length - 1)] = new Entry
        {
            Request = request, Sequence = sequence, EventsStart = start, EventCount = events.Length,
        };
        Volatile.Write(ref _written, _written + 1);
        return true;
    }

    /// <summary>The next publication without taking it; false: none.</summary>
    public bool TryPeek(out VenueRequest? request, out ulong sequence, out ReadOnlySpan<FeedEvent> events)
    {
        if (Volatile.Read(ref _written) == _read)
        {
            request = null;
            sequence = 0;
            events = default;
            return false;
        }

        ref readonly Entry entry = ref _entries[_read & (_entries.Length - 1)];
        request = entry.Request;
        sequence = entry.Sequence;
        events = _events.AsSpan((int)(entry.EventsStart & (_events.Length - 1)), entry.EventCount);
        return true;
    }

    /// <summary>Takes the publication last peeked at; its events must not be used any more.</summary>
    public void Advance()
    {
        ref Entry entry = ref _entries[_read & (_entries.Length - 1)];
        entry.Request = null;
        Volatile.Write(ref _eventsRead, entry.EventsStart + entry.EventCount);
        Volatile.Write(ref _read, _read + 1);
    }

    private struct Entry
    {
        public VenueRequest? Request;
        public ulong Sequence;
        public long EventsStart;
        public int EventCount;
    }
}
