namespace Exchange.Core.MarketData.Computed;

/// <summary>Rows of numbers by when they became known; the oldest gives way at the limit.</summary>
internal sealed class ValueHistory(int width, int limit)
{
    private double[] _values = [];
    private long[] _knownMs = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The last row is known at a time not before those before it.</summary>
    public void Add(long knownMs, ReadOnlySpan<double> values)
    {
        if (Count == _knownMs.Length && Count < limit)
            Grow();
        int place = Count < _knownMs.Length ? Count++ : _first++;
        if (_first == _knownMs.Length)
            _first = 0;
        _knownMs[place] = knownMs;
        values.CopyTo(_values.AsSpan(place * width, width));
    }

    public void Clear() => (Count, _first) = (0, 0);

    /// <summary>Of the last row that was known by a time: one of its numbers, and since when it was known; NaN: there is none.</summary>
    public (double Value, long KnownMs) At(long asOfMs, int column)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_knownMs[Place(middle)] <= asOfMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? (double.NaN, 0) : (_values[Place(low - 1) * width + column], _knownMs[Place(low - 1)]);
    }

    private int Place(int row) => (_first + row) % _knownMs.Length;

    private void Grow()
    {
        int room = Math.Min(limit, Math.Max(4, Count * 2));
        Array.Resize(ref _knownMs, room);   // Not full yet: rows lie from the first place on.
        Array.Resize(ref _values, room * width);
    }
}
