namespace Exchange.Core.Views;

/// <summary>A row an account has: its key (order id or fill number), where it is stored, and its symbol to filter by.</summary>
internal readonly record struct RowKey(ulong Key, int Row, int Symbol);

/// <summary>An account's rows by ascending key in one array: found by halving, read backwards, dropped mostly at the front.</summary>
/// <remarks>A row dropped in the middle leaves a gap that later growth or half an array of gaps sweeps up.</remarks>
internal sealed class RowIndex
{
    private const int Gap = -1;
    private RowKey[] _keys = [];
    private int _first;
    private int _end;

    public int Count { get; private set; }

    /// <summary>Adds a row; its key is above all others.</summary>
    public void Add(RowKey key)
    {
        if (_end == _keys.Length)
            MakeRoom();
        _keys[_end++] = key;
        Count++;
    }

    /// <summary>The row of a key, or -1.</summary>
    public int Find(ulong key)
    {
        int at = LowerBound(key);
        return at < _end && _keys[at].Key == key ? _keys[at].Row : Gap;
    }

    /// <summary>Takes a key out, if it is there.</summary>
    public void Remove(ulong key)
    {
        int at = LowerBound(key);
        if (at == _end || _keys[at].Key != key || _keys[at].Row == Gap)
            return;
        _keys[at] = _keys[at] with { Row = Gap };
        Count--;
        while (_first < _end && _keys[_first].Row == Gap)
            _first++;
        if (_end - _first > 2 * Count + 16)
            Sweep(_keys);
    }

    /// <summary>Where reading backwards begins: just above the first key below <paramref name="before"/>; 0: at the newest.</summary>
    public int Start(ulong before) => before == 0 ? _end : LowerBound(before);

    /// <summary>Steps to the next older row; a symbol below 0 is any.</summary>
    public bool MoveToOlder(ref int at, int symbol, out RowKey key)
    {
        while (--at >= _first)
        {
            key = _keys[at];
            if (key.Row != Gap && (symbol < 0 || key.Symbol == symbol))
                return true;
        }

        key = default;
        return false;
    }

    /// <summary>Steps to the next newer row, from <see cref="Start"/> on.</summary>
    public bool MoveToNewer(ref int at, out RowKey key)
    {
        while (at < _end)
        {
            key = _keys[at++];
            if (key.Row != Gap)
                return true;
        }

        key = default;
        return false;
    }

    private int LowerBound(ulong key)
    {
        int low = _first;
        int high = _end;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_keys[middle].Key < key)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void MakeRoom() => Sweep(Count * 4 >= _keys.Length * 3 ? new RowKey[Math.Max(4, Count * 2)] : _keys);

    private void Sweep(RowKey[] into)
    {
        int count = 0;
        for (int i = _first; i < _end; i++)
        {
            if (_keys[i].Row != Gap)
                into[count++] = _keys[i];
        }

        _keys = into;
        _first = 0;
        _end = count;
    }
}
