using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.MarketData;

/// <summary>A symbol's candles of all intervals, from its trades.</summary>
/// <remarks>
/// Derived: rebuilt from trades, decides nothing. A trade touches its second and its minute only; a minute that is over is folded
/// into all other intervals, so each is an exact merge of minutes. Only candles with trades are kept, the last
/// <see cref="Limits.CandlesPerInterval"/> of each interval; empty ones in between are made up when read. Rules:
/// docs/rules/market-data.md 9.2.
/// </remarks>
public sealed class Candles
{
    private static readonly uint Tag = SnapshotTag.Of("CNDL");

    private readonly long _unitE8;
    private readonly CandleRing[] _rings = new CandleRing[CandleIntervals.Count];
    private Candle _minute;
    private long _timeMs;

    /// <summary>The only ring that trades go into at once.</summary>
    private CandleRing Seconds => _rings[(int)CandleInterval.OneSecond];

    public Candles(long unitE8, int kept = Limits.CandlesPerInterval)
    {
        _unitE8 = unitE8;
        for (int i = 0; i < _rings.Length; i++)
            _rings[i] = new CandleRing(kept);
    }

    /// <summary>The latest time seen; candles that end before it are final.</summary>
    public long TimeMs => _timeMs;

    /// <summary>Moves time on; an earlier time counts as the latest seen.</summary>
    public void Advance(long timeMs) => _timeMs = Math.Max(_timeMs, timeMs);

    /// <summary>Takes a trade of the book (a liquidation's too; auto-deleveraging is none).</summary>
    public void Trade(long timeMs, long priceTicks, long lots, Side takerSide)
    {
        Advance(timeMs);
        long openTimeMs = CandleInterval.OneMinute.OpenTimeMs(_timeMs);
        if (_minute.Trades > 0 && _minute.OpenTimeMs != openTimeMs)
            Fold();
        if (_minute.Trades == 0)
            _minute.OpenTimeMs = openTimeMs;
        Int128 quoteE8 = (Int128)priceTicks * lots * _unitE8;
        _minute.Add(priceTicks, lots, quoteE8, takerSide);

        openTimeMs = CandleInterval.OneSecond.OpenTimeMs(_timeMs);
        if (Seconds.Count == 0 || Seconds.Last.OpenTimeMs != openTimeMs)
            Seconds.Add(new Candle { OpenTimeMs = openTimeMs });
        Seconds.Last.Add(priceTicks, lots, quoteE8, takerSide);
    }

    /// <summary>Whether nothing can change the candle any more.</summary>
    public bool IsFinal(CandleInterval interval, in Candle candle) => _timeMs >= interval.NextOpenTimeMs(candle.OpenTimeMs);

    /// <summary>When the oldest candle kept opened; null: all there were are kept.</summary>
    public long? BeginMs(CandleInterval interval) =>
        _rings[(int)interval] is { IsFull: true } ring ? ring[0].OpenTimeMs : null;

    /// <summary>Candles that open from <paramref name="fromMs"/> to <paramref name="toMs"/>, by time, empty ones included.</summary>
    /// <returns>How many were put into <paramref name="into"/>; it ends at the present one, and begins at the oldest kept.</returns>
    public int Read(CandleInterval interval, long fromMs, long toMs, Span<Candle> into)
    {
        CandleRing ring = _rings[(int)interval];
        int stored = StoredCount(interval);
        if (stored == 0)
            return 0;

        long end = Math.Min(toMs, _timeMs);
        long oldest = Stored(interval, 0).OpenTimeMs;
        long open = Math.Max(oldest, FirstOpenFrom(interval, fromMs));
        int next = ring.FirstFrom(open);
        if (next == ring.Count && next < stored && Stored(interval, next).OpenTimeMs < open)
            next++;

        long close = next == 0 ? 0 : Stored(interval, next - 1).CloseTicks;
        int read = 0;
        for (; open <= end && read < into.Length; open = interval.NextOpenTimeMs(open))
        {
            bool hasTrades = next < stored && Stored(interval, next).OpenTimeMs == open;
            into[read] = hasTrades ? Stored(interval, next++) : Candle.Empty(open, close);
            close = into[read++].CloseTicks;
        }

        return read;
    }

    /// <summary>The last candles up to the present one, by time, as many as there are and fit.</summary>
    public int ReadLatest(CandleInterval interval, Span<Candle> into)
    {
        long present = interval.OpenTimeMs(_timeMs);
        return into.IsEmpty ? 0 : Read(interval, interval.EarlierOpenTimeMs(present, into.Length - 1), present, into);
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_timeMs);
        writer.WriteStruct(_minute);
        foreach (CandleRing ring in _rings)
            ring.Write(writer);
        writer.EndSection();
    }

    /// <summary>Restores into a fresh object of the same unit and limit.</summary>
    public void Read(SnapshotReader reader)
    {
        reader.BeginSection(Tag);
        _timeMs = reader.ReadInt64();
        _minute = reader.ReadStruct<Candle>();
        for (int i = 0; i < _rings.Length; i++)
        {
            if ((CandleInterval)i != CandleInterval.OneSecond || !reader.IsAtEnd)   // Snapshots of before there were seconds end here.
                _rings[i].Read(reader);
        }

        reader.EndSection();
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_timeMs);
        hasher.AddStructs(new ReadOnlySpan<Candle>(in _minute));
        foreach (CandleRing ring in _rings)
            ring.AddTo(ref hasher);
    }

    private void Fold()
    {
        for (int i = 0; i < (int)CandleInterval.OneSecond; i++)
        {
            CandleRing ring = _rings[i];
            long openTimeMs = ((CandleInterval)i).OpenTimeMs(_minute.OpenTimeMs);
            if (ring.Count > 0 && ring.Last.OpenTimeMs == openTimeMs)
                ring.Last.Add(_minute);
            else
                ring.Add(_minute with { OpenTimeMs = openTimeMs });
        }

        _minute = default;
    }

    /// <summary>Candles with trades: those of the ring, and one more if the minute that is not folded yet begins it.</summary>
    private int StoredCount(CandleInterval interval)
    {
        CandleRing ring = _rings[(int)interval];
        bool isBegun = interval != CandleInterval.OneSecond && _minute.Trades > 0
            && (ring.Count == 0 || ring.Last.OpenTimeMs != interval.OpenTimeMs(_minute.OpenTimeMs));
        return ring.Count + (isBegun ? 1 : 0);
    }

    private Candle Stored(CandleInterval interval, int index)
    {
        CandleRing ring = _rings[(int)interval];
        if (index == ring.Count)
            return _minute with { OpenTimeMs = interval.OpenTimeMs(_minute.OpenTimeMs) };

        Candle candle = ring[index];
        if (interval != CandleInterval.OneSecond && _minute.Trades > 0 && index == ring.Count - 1 && candle.OpenTimeMs == interval.OpenTimeMs(_minute.OpenTimeMs))
            candle.Add(_minute);
        return candle;
    }

    private static long FirstOpenFrom(CandleInterval interval, long timeMs)
    {
        if (timeMs <= 0)
            return interval.OpenTimeMs(0);
        long open = interval.OpenTimeMs(timeMs);
        return open == timeMs ? open : interval.NextOpenTimeMs(open);
    }
}
