using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Views;

/// <summary>A row with a number above that of every row before it.</summary>
internal interface INumbered
{
    ulong Number { get; }
}

/// <summary>The latest rows of a symbol by number; at the limit the oldest gives way.</summary>
internal sealed class NumberedRing<T>(int limit)
    where T : unmanaged, INumbered
{
    private T[] _rows = new T[Math.Min(16, limit)];
    private int _oldest;
    private int _count;

    /// <summary>How many are kept; it never becomes less.</summary>
    public int Limit { get; set; } = limit;

    /// <summary>Number of the newest row; 0: there is none.</summary>
    public ulong LastNumber => _count == 0 ? 0 : At(_count - 1).Number;

    /// <summary>Whether older rows may have given way.</summary>
    public bool IsFull => _count >= Limit;

    /// <summary>Adds a row; its number is above all others.</summary>
    public void Add(in T row)
    {
        Invariant.Holds(row.Number > LastNumber);
        if (_count == _rows.Length && _count < Limit)
            Grow();
        if (_count == _rows.Length)
            _oldest = (_oldest + 1) % _rows.Length;
        else
            _count++;
        At(_count - 1) = row;
    }

    /// <summary>There is one.</summary>
    public T Oldest => At(0);

    /// <summary>Number of the oldest row; 0: there is none.</summary>
    public ulong FirstNumber => _count == 0 ? 0 : At(0).Number;

    /// <summary>Rows with numbers above <paramref name="after"/>, oldest first.</summary>
    public T[] After(ulong after)
    {
        int first = LowerBound(after + 1);
        var rows = new T[_count - first];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = At(first + i);
        return rows;
    }

    /// <summary>Rows with numbers below <paramref name="before"/> (0: from the newest), newest first.</summary>
    public Page<TView> Read<TView>(ulong before, int limit, Func<T, TView> show)
    {
        int end = before == 0 ? _count : LowerBound(before);
        int length = Math.Min(limit, end);
        if (length == 0)
            return new Page<TView>([], 0);
        var views = new TView[length];
        for (int i = 0; i < length; i++)
            views[i] = show(At(end - 1 - i));
        return new Page<TView>(views, length < end ? At(end - length).Number : 0);
    }

    public void Write(SnapshotWriter writer)
    {
        writer.Write(_count);
        for (int i = 0; i < _count; i++)
            writer.WriteStruct(in At(i));
    }

    /// <summary>Restores into a fresh ring; of more than its limit it keeps the newest.</summary>
    public void Read(SnapshotReader reader)
    {
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
            Add(reader.ReadStruct<T>());
    }

    private ref T At(int index)
    {
        int at = _oldest + index;
        return ref _rows[at < _rows.Length ? at : at - _rows.Length];
    }

    private int LowerBound(ulong number)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (At(middle).Number < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Grow()
    {
        var larger = new T[Math.Min(Limit, _rows.Length * 2)];
        for (int i = 0; i < _count; i++)
            larger[i] = At(i);
        _rows = larger;
        _oldest = 0;
    }
}
