using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Accounts;

/// <summary>One account's open orders in one symbol, unordered; found by id or client key by a vectorised scan.</summary>
/// <remarks>
/// Up to 200 orders are usual: 50 steps of a scan. Ten thousand still are a microsecond. A part of its symbol's state, not an object
/// of its own; keys have no memory until there is one.
/// </remarks>
internal struct AccountOrders
{
    private const int FirstCapacity = 8;
    private const int IdsAhead = 32;
    private LineArray<ulong> _ids;
    private ClientKey[] _keys = [];
    private ulong[] _keyHighs = [];
    private LineArray<AccountOrder> _orders;

    public AccountOrders()
    {
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<ulong> Ids => _ids.Span(Count);

    /// <summary>Checked by the count, which is at hand: an array's own length is a line more to wait for.</summary>
    public readonly ref AccountOrder this[int index]
    {
        get
        {
            Invariant.Holds(unchecked((uint)index < (uint)Count));
            return ref _orders[index];
        }
    }

    public readonly ulong IdAt(int index) => Ids[index];

    public readonly ClientKey KeyAt(int index) => _keys.Length == 0 ? default : _keys[index];

    /// <summary>Index of an order, -1: none.</summary>
    public readonly int IndexOf(ulong id) => Ids.IndexOf(id);

    /// <summary>Index of the order with a client key, -1: none.</summary>
    public readonly int IndexOf(ClientKey key)
    {
        if (_keys.Length == 0)
            return -1;
        int from = 0;
        while (true)
        {
            int found = _keyHighs.AsSpan(from, Count - from).IndexOf(key.High);
            if (found < 0)
                return -1;
            if (_keys[from + found] == key)
                return from + found;
            from += found + 1;
        }
    }

    public ref AccountOrder Add(ulong id, ClientKey key, in AccountOrder order)
    {
        int at = Count;
        if (at == _ids.Length)
            Grow();
        _ids[at] = id;
        if (_keys.Length != 0 || !key.IsNone)
            SetKey(at, key);
        ref AccountOrder added = ref _orders[at];
        added = order;
        Count = at + 1;
        return ref added;
    }

    /// <summary>Takes an order out; the last one takes its place.</summary>
    public void RemoveAt(int index)
    {
        int last = Count - 1;
        Invariant.Holds((uint)index <= (uint)last);
        _ids[index] = _ids[last];
        if (_keys.Length != 0)
            SetKey(index, _keys[last]);
        _orders[index] = _orders[last];
        Count = last;
    }

    public void Clear() => Count = 0;

    /// <summary>Asks for the ids, and for where the next order goes or the last one stands, which takes the place of one that leaves.</summary>
    public readonly void PrefetchEnd(bool isNew)
    {
        for (int first = 0; first <= Math.Min(Count, IdsAhead - 1); first += CacheLine.Bytes / sizeof(ulong))
            _ids.Prefetch(first);
        _orders.Prefetch(isNew ? Count : Count - 1);
    }

    /// <summary>Asks for an order.</summary>
    public readonly void Prefetch(ulong id)
    {
        int at = IndexOf(id);
        if (at >= 0)
            _orders.Prefetch(at);
    }

    public readonly void Write(SnapshotWriter writer)
    {
        writer.WriteStructs<ulong>(Ids);
        writer.WriteStructs<ClientKey>(_keys.Length == 0 ? new ClientKey[Count] : _keys.AsSpan(0, Count));
        writer.WriteStructs<AccountOrder>(_orders.Span(Count));
    }

    public void Read(SnapshotReader reader)
    {
        ulong[] ids = reader.ReadStructs<ulong>(int.MaxValue);
        _keys = reader.ReadStructs<ClientKey>(ids.Length);
        AccountOrder[] orders = reader.ReadStructs<AccountOrder>(ids.Length);
        if (_keys.Length != ids.Length || orders.Length != ids.Length)
            throw new SnapshotException("The open orders of an account are cut short.");
        Count = ids.Length;
        _ids = new LineArray<ulong>(Count);
        _orders = new LineArray<AccountOrder>(Count);
        ids.CopyTo(_ids.Span(Count));
        orders.CopyTo(_orders.Span(Count));
        if (Array.TrueForAll(_keys, static key => key.IsNone))
            _keys = [];
        _keyHighs = Array.ConvertAll(_keys, static key => key.High);
    }

    /// <summary>A hash that does not depend on where the orders lie.</summary>
    public readonly ulong Hash()
    {
        ulong sum = 0;
        for (int i = 0; i < Count; i++)
        {
            StateHasher hasher = StateHasher.Create();
            ref readonly AccountOrder order = ref _orders[i];
            hasher.Add(_ids[i]);
            hasher.Add(KeyAt(i).High);
            hasher.Add(order.PriceTicks);
            hasher.Add(order.FilledLots);
            hasher.Add(order.LeavesLots);
            hasher.Add(order.ReserveTicks);
            hasher.Add(order.IsWaiting);
            sum = unchecked(sum + hasher.Value);
        }

        return sum;
    }

    private void Grow()
    {
        int size = Math.Max(FirstCapacity, _ids.Length * 2);
        _ids.Grow(size);
        _orders.Grow(size);
        if (_keys.Length != 0)
            GrowKeys();
    }

    private void SetKey(int index, ClientKey key)
    {
        if (_keys.Length == 0)
            GrowKeys();
        _keys[index] = key;
        _keyHighs[index] = key.High;
    }

    private void GrowKeys()
    {
        Array.Resize(ref _keys, _ids.Length);
        Array.Resize(ref _keyHighs, _ids.Length);
    }
}
