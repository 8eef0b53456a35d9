using Exchange.Core.Feed;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Markets;

/// <summary>The last of what a source told, in the segments that it became durable in: all followers are told the same ones.</summary>
/// <param name="most">Events and segments that are kept; the oldest go first.</param>
internal sealed class MarketTape(int most)
{
    private readonly List<MarketSegment> _segments = [];
    private int _first;
    private int _held;

    /// <summary>Who has heard less cannot go on with what is kept.</summary>
    public ulong From { get; private set; }

    /// <summary>The last record of the last segment.</summary>
    public ulong Through { get; private set; }

    /// <summary>Begins behind a record.</summary>
    public void Begin(ulong sequence) => From = Through = sequence;

    /// <summary>Takes what the records after the last segment made.</summary>
    public void Add(ulong through, long timeMs, long held, FeedBuffer made)
    {
        _segments.Add(new MarketSegment(Through, through, timeMs, held, made.Events.ToArray()));
        _held += made.Count + 1;
        Through = through;
        while (_held > most)
        {
            MarketSegment oldest = _segments[_first];
            _segments[_first++] = null!;
            _held -= oldest.Events.Length + 1;
            From = oldest.Through;
        }

        if (_first <= _segments.Count / 2)
            return;
        _segments.RemoveRange(0, _first);
        _first = 0;
    }

    /// <summary>What goes on behind a record, as far as it is durable.</summary>
    /// <param name="mostEvents">Beyond it no further segment is added.</param>
    public MarketSegment[] Read(ulong after, ulong durable, int mostEvents)
    {
        int low = _first;
        int high = _segments.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_segments[middle].Through <= after)
                low = middle + 1;
            else
                high = middle;
        }

        int end = low;
        for (int events = 0; end < _segments.Count && _segments[end].Through <= durable && events < mostEvents; end++)
            events += _segments[end].Events.Length + 1;
        return [.. _segments[low..end]];
    }
}
