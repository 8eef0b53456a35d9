using System.Numerics;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Feed;

/// <content>The user's events: told in order once they are durable, kept for streams that resume.</content>
public sealed partial class AccountFeed
{
    // A place among the events: the row's number, and which of the row's events; the last one is behind them all.
    private const int IndexBits = 4;
    private const ulong LastIndex = (1 << IndexBits) - 1;

    /// <summary>Rows with something that is not told yet: what the account did itself, before them or among them, is not durable.</summary>
    private readonly Queue<WaitingRow> _pending = new();

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
    private ulong _kept = RowsKept;

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

    /// <summary>Keeps as many rows for those who come back, from now on: somebody listens.</summary>
    public void Keep(int rows) => _kept = Math.Max(_kept, (ulong)rows);

    /// <summary>A turn ends, its answers have left: lets be read what may be told by now.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Release()
    {
        _replies.Clear(); // Kept until the account's next turn, they would all be copied by the memory's collector.
        ulong before = _lastTold;
        // What books told is durable there; what the account did itself, and all behind it, waits for its write.
        while (_pending.TryPeek(out WaitingRow next) && (next.Source >= 0 || next.Number <= _durableRow))
        {
            _pending.Dequeue();
            Remember(in next);
            if (next.Number > _durableRow)
                SetAhead(in next);
        }

        ulong through = _pending.TryPeek(out WaitingRow first) ? first.Number - 1 : Number;
        ulong forgotten = through > _kept ? _rows.Drop(Math.Min(through, Number - _kept)) : 0;
        _lastForgotten = Math.Max(_lastForgotten, forgotten);
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
        foreach (ReadOnlyMemory<byte> bytes in _rows.From(cursor.Number >> IndexBits))
        {
            if (!TryRead(bytes, cursor.Number, out AccountRow row))
                continue;
            MakeEvents(in row);
            for (int i = 0; i < _feed.Count; i++)
            {
                ulong number = row.Number << IndexBits | (uint)i;
                ulong place = row.SourceNumber << IndexBits | (uint)i;
                if (number <= cursor.Number || number > _lastTold || !OwnEvent.IsOwn(_feed.Events[i].Kind) || IsHeard(row.Source, place, cursor.Ahead))
                    continue;
                if (into.Count - before == most)
                {
                    into.RemoveRange(before, most);
                    return CursorRefusal.TooOld;
                }

                at = row.Number <= _durableRow
                    ? new OwnCursor(_account, number, at.Ahead.ToArray())
                    : new OwnCursor(_account, at.Number, With(at.Ahead, row.Source, place));
                into.Add(Show(in _feed.Events[i], at));
            }
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

    /// <summary>The place of the last of a row's own events; 0: it has none.</summary>
    private static ulong PlaceOf(ulong row, int own) => own == 0 ? 0 : row << IndexBits | (uint)BitOperations.Log2((uint)own);

    private static bool IsHeard(int source, ulong told, ReadOnlySpan<OwnPlace> ahead)
    {
        foreach (OwnPlace place in ahead)
        {
            if (place.Source == source && told <= place.Number)
                return true;
        }

        return false;
    }

    /// <returns>False: it is a checkpoint, or all of it was told before a cursor.</returns>
    private static bool TryRead(ReadOnlyMemory<byte> bytes, ulong after, out AccountRow row)
    {
        row = default;
        var reader = new SnapshotReader(bytes);
        if (reader.ReadByte() == CheckpointRow)
            return false;
        row = AccountRow.Read(reader);
        return End(row.Number) > after;
    }

    private void Wait(in AccountRow row, int own)
    {
        if (own != 0)
            _pending.Enqueue(new WaitingRow(row.Number, row.Source, PlaceOf(row.Number, own), PlaceOf(row.SourceNumber, own)));
    }

    private void Remember(in WaitingRow row)
    {
        _lastTold = row.Last;
        _toldOf[row.Source] = row.Place;
    }

    private void SetAhead(in WaitingRow told)
    {
        var place = new OwnPlace(told.Source, told.Place);
        for (int i = 0; i < _ahead.Count; i++)
        {
            if (_ahead[i].Place.Source != place.Source)
                continue;
            _ahead[i] = (place, told.Number);
            return;
        }

        _ahead.Add((place, told.Number));
    }

    private OwnEvent Show(in FeedEvent e, OwnCursor cursor)
    {
        OrderView? order = e.Kind is FeedKind.OrderAccepted or FeedKind.OrderUpdated ? Views.FindOrder(_account, e.Id)?.At(in e) : null;
        return new OwnEvent(e, order, cursor);
    }

    /// <summary>A row that has own events: its number and source, and where the last of them is among all and among its source's.</summary>
    private readonly record struct WaitingRow(ulong Number, int Source, ulong Last, ulong Place);
}
