namespace Exchange.Core.Units;

/// <summary>A first-in first-out queue of integers that does not allocate once it has its size.</summary>
internal sealed class IntQueue
{
    private int[] _items = new int[16];
    private int _head;

    public int Count { get; private set; }

    public void Enqueue(int item)
    {
        if (Count == _items.Length)
        {
            var larger = new int[Count * 2];
            for (int i = 0; i < Count; i++)
                larger[i] = _items[(_head + i) & (_items.Length - 1)];
            _items = larger;
            _head = 0;
        }

        _items[(_head + Count++) & (_items.Length - 1)] = item;
    }

    public int Dequeue()
    {
        Invariant.Holds(Count > 0);
        int item = _items[_head];
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return item;
    }

    public void Clear() => (_head, Count) = (0, 0);

    /// <summary>All items, the first to come out first.</summary>
    public int[] ToArray()
    {
        var items = new int[Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = _items[(_head + i) & (_items.Length - 1)];
        return items;
    }
}
