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

    /// <summary>How far each source is told in this life, and where it began.</summary>
    private readonly Dictionary<int, ulong> _toldOf = [];
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

    /// <summary>Keeps more for those who come back, from now on: somebody listens.</summary>
    public void Keep(int events) => _told.Limit = Math.Max(_told.Limit, events);

    /// <summary>Takes what may be told by now, in order.</summary>
    /// <param name="into">Added to; null: it is read (<see cref="ReadSince"/>).</param>
    /// <returns>Whether there was anything.</returns>
    public bool TakeTold(List<OwnEvent>? into)
    {
        ulong before = _lastTold;
        // What books told is durable there; what the account did itself, and all behind it, waits for its write.
        while (_pending.TryPeek(out ToldEvent next) && (next.Source >= 0 || next.Row <= _durableRow))
        {
            _pending.Dequeue();
            Remember(in next);
            if (next.Row > _durableRow)
                SetAhead(in next);
            into?.Add(Show(in next, Now));
        }

        return _lastTold != before;
    }

    /// <summary>What was told since a cursor of this account, whichever of its lives told it.</summary>
    /// <param name="cursor">Set to where to go on after all of it, unless it is refused.</param>
    /// <param name="most">If there is more, the cursor is too old.</param>
    /// <param name="into">Added to, unless it is refused. The cursor of each says no more than what was told up to it.</param>
    public CursorRefusal ReadSince(ref OwnCursor cursor, int most, List<OwnEvent> into)
    {
        if (cursor.Count != _account || cursor.Number >> IndexBits > Number)
            return CursorRefusal.Unknown;
        if (_lastForgotten > cursor.Number)
            return CursorRefusal.TooOld;
        int before = into.Count;
        OwnCursor at = cursor;
        foreach (ToldEvent told in _told.After(cursor.Number))
        {
            if (IsHeard(in told, cursor.Ahead))
                continue;
            if (into.Count - before == most)
            {
                into.RemoveRange(before, most);
                return CursorRefusal.TooOld;
            }

            at = told.Row <= _durableRow
                ? new OwnCursor(_account, told.Number, at.Ahead.ToArray())
                : new OwnCursor(_account, at.Number, With(at.Ahead, told.Source, told.Place));
            into.Add(Show(in told, at));
        }

        cursor = NowAfter(cursor);
        return CursorRefusal.None;
    }

    /// <summary><see cref="Now"/>, and what its holder heard of an earlier life that this one has not told yet.</summary>
    private OwnCursor NowAfter(OwnCursor heard)
    {
        OwnCursor now = Now;
        foreach (OwnPlace place in heard.Ahead)
        {
            if (!_toldOf.TryGetValue(place.Source, out ulong told) || told < place.Number)
                now = new OwnCursor(_account, now.Number, With(now.Ahead, place.Source, place.Number));
        }

        return now;
    }

    private static OwnPlace[] With(ReadOnlySpan<OwnPlace> ahead, int source, ulong place)
    {
        for (int i = 0; i < ahead.Length; i++)
        {
            if (ahead[i].Source != source)
                continue;
            OwnPlace[] moved = ahead.ToArray();
            moved[i] = new OwnPlace(source, place);
            return moved;
        }

        return [.. ahead, new OwnPlace(source, place)];
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
        _toldOf[told.Source] = told.Place;
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
