using Exchange.Core.Wire;

namespace Exchange.Core.MarketData;

/// <summary>The latest candles of one interval that had trades, by time; the oldest gives way at the limit.</summary>
internal sealed class CandleRing(int limit)
{
    private Candle[] _candles = new Candle[Math.Min(4, limit)];
    private int _first;

    public int Count { get; private set; }

    /// <summary>Whether older ones may have given way.</summary>
    public bool IsFull => Count >= limit;

    /// <summary>By time, the oldest is 0.</summary>
    public ref Candle this[int index]
    {
        get
        {
            Invariant.Holds((uint)index < (uint)Count);
            return ref _candles[(_first + index) % _candles.Length];
        }
    }

    public ref Candle Last => ref this[Count - 1];

    /// <summary>Adds a candle; the array grows up to the limit only as candles come, so a quiet symbol costs little.</summary>
    public void Add(in Candle candle)
    {
        Invariant.Holds(Count == 0 || candle.OpenTimeMs > Last.OpenTimeMs);
        if (Count == _candles.Length && Count < limit)
            Grow();
        if (Count == _candles.Length)
        {
            _candles[_first] = candle;
            _first = (_first + 1) % _candles.Length;
            return;
        }

        Count++;
        Last = candle;
    }

    /// <summary>Index of the first candle that opens at or after a time; the count if there is none.</summary>
    public int FirstFrom(long timeMs)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (this[middle].OpenTimeMs < timeMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    public void Write(SnapshotWriter writer)
    {
        var ordered = new Candle[Count];
        for (int i = 0; i < ordered.Length; i++)
            ordered[i] = this[i];
        writer.WriteStructs<Candle>(ordered);
    }

    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(Count == 0);
        foreach (ref readonly Candle candle in reader.ReadStructs<Candle>(limit).AsSpan())
            Add(candle);
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Count);
        for (int i = 0; i < Count; i++)
            hasher.AddStructs(new ReadOnlySpan<Candle>(in this[i]));
    }

    private void Grow()
    {
        var larger = new Candle[Math.Min(limit, _candles.Length * 2)];
        for (int i = 0; i < Count; i++)
            larger[i] = this[i];
        _candles = larger;
        _first = 0;
    }
}
