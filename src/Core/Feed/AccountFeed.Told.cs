using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Feed;

/// <content>The user's events: told in order once they are durable, kept for streams that resume.</content>
public sealed partial class AccountFeed
{
    // A place among the events: the row's number, and which of the row's events; the last one is behind them all.
    private const int IndexBits = 4;
    private const ulong LastIndex = (1 << IndexBits) - 1;
    private readonly NumberedRing<ToldEvent> _told;

    /// <summary>Not told yet: something the account did itself, before them or among them, is not durable.</summary>
    private readonly Queue<ToldEvent> _pending = new();

    /// <summary>Books whose events are told further than the account is written, and the row of the last.</summary>
    private readonly List<(OwnPlace Place, ulong Row)> _ahead = [];
    private ulong _cutRow;
    private ulong _durableRow;

    /// <summary>The last row of the account's own doing.</summary>
    private ulong _ownRow;
    private ulong _lastTold;
    private ulong _lastForgotten;

    /// <summary>Where somebody begins who hears what is told from now on.</summary>
    public OwnCursor Now => _lastTold >> IndexBits <= _durableRow
        ? new OwnCursor(_account, _lastTold)
        : new OwnCursor(_account, End(_durableRow), [.. _ahead.Select(ahead => ahead.Place)]);

    /// <summary>The write of the rows taken last is durable.</summary>
    public void OnWritten()
    {
        _durableRow = _cutRow;
        _ahead.RemoveAll(ahead => ahead.Row <= _durableRow);
    }

    /// <summary>Takes what may be told by now, in order.</summary>
    /// <param name="into">Added to; null: nobody listens.</param>
    public void TakeTold(List<OwnEvent>? into)
    {
        // What books told is durable there; what the account did itself, and all behind it, waits for its write.
        while (_pending.TryPeek(out ToldEvent next) && (next.Source >= 0 || next.Row <= _durableRow))
        {
            _pending.Dequeue();
            Remember(in next);
            if (next.Row > _durableRow)
                SetAhead(in next);
            into?.Add(Show(in next, Now));
        }
    }

    /// <summary>What was told since a cursor of this account, whichever of its lives told it.</summary>
    /// <param name="most">If there is more, the cursor is too old.</param>
    /// <param name="into">Added to, unless it is refused.</param>
    public CursorRefusal ReadSince(OwnCursor cursor, int most, List<OwnEvent> into)
    {
        if (cursor.Count != _account || cursor.Number >> IndexBits > Number)
            return CursorRefusal.Unknown;
        if (_lastForgotten > cursor.Number)
            return CursorRefusal.TooOld;
        int before = into.Count;
        foreach (ToldEvent told in _told.After(cursor.Number))
        {
            if (IsHeard(in told, cursor.Ahead))
                continue;
            if (into.Count - before == most)
            {
                into.RemoveRange(before, most);
                return CursorRefusal.TooOld;
            }

            into.Add(Show(in told, told.Row <= _durableRow ? new OwnCursor(_account, told.Number, cursor.Ahead.ToArray()) : Now));
        }

        return CursorRefusal.None;
    }

    private static ulong End(ulong row) => row << IndexBits | LastIndex;

    private static bool IsHeard(in ToldEvent told, ReadOnlySpan<OwnPlace> ahead)
    {
        foreach (OwnPlace place in ahead)
        {
            if (place.Source == told.Source && told.Place <= place.Number)
                return true;
        }

        return false;
    }

    private void Wait(in FeedEvent e, int index, in AccountRow row) => _pending.Enqueue(new ToldEvent
    {
        Happened = e, Number = row.Number << IndexBits | (uint)index, Source = row.Source, Place = row.SourceNumber << IndexBits | (uint)index,
    });

    private void Remember(in ToldEvent told)
    {
        ulong oldest = _told.FirstNumber;
        _told.Add(in told);
        if (oldest != 0 && _told.FirstNumber != oldest)
            _lastForgotten = oldest;
        _lastTold = told.Number;
    }

    private void SetAhead(in ToldEvent told)
    {
        var place = new OwnPlace(told.Source, told.Place);
        for (int i = 0; i < _ahead.Count; i++)
        {
            if (_ahead[i].Place.Source != place.Source)
                continue;
            _ahead[i] = (place, told.Row);
            return;
        }

        _ahead.Add((place, told.Row));
    }

    private OwnEvent Show(in ToldEvent told, OwnCursor cursor)
    {
        FeedEvent e = told.Happened;
        OrderView? order = e.Kind is FeedKind.OrderAccepted or FeedKind.OrderUpdated ? Views.FindOrder(_account, e.Id)?.At(in e) : null;
        return new OwnEvent(e, order, cursor);
    }

    /// <summary>An event and its places: among all of the account, and among those of its source.</summary>
    private struct ToldEvent : INumbered
    {
        public FeedEvent Happened;
        public ulong Number { get; set; }
        public ulong Place;
        public int Source;

        public readonly ulong Row => Number >> IndexBits;
    }
}
