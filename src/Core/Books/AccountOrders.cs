using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>Which orders each account has open: an array a account in no particular order, all in one pool.</summary>
/// <remarks>
/// An order keeps its place in the array, and the last one moves into the gap of one that leaves: two lines touched, and nothing
/// to guess for the branch predictor. A list through the orders touches both neighbours. Who needs an order sorts by id.
/// </remarks>
internal struct AccountOrders
{
    private const int LeastSize = 4;
    private const int Nil = -1;
    private readonly int[] _freeHeads = new int[32];
    private LineArray<int> _pool = new(1024);
    private int _untouched;
    private int[] _sorted = new int[64];

    public AccountOrders()
    {
        Array.Fill(_freeHeads, Nil);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref BookAccount account, ref Order order, int slot)
    {
        unchecked
        {
            if ((account.OpenOrders + 1) >> account.OrdersSize != 0)
                Grow(ref account);
            _pool[account.OrdersStart + account.OpenOrders] = slot;
            order.AccountPlace = account.OpenOrders++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Remove(ref BookAccount account, in Order order, ref OrderTable orders)
    {
        unchecked
        {
            int last = _pool[account.OrdersStart + --account.OpenOrders];
            _pool[account.OrdersStart + order.AccountPlace] = last;
            orders[last].AccountPlace = order.AccountPlace; // Of itself, if it is the last.
        }
    }

    /// <summary>Asks for where the account's next order goes, and its last one is.</summary>
    public void PrefetchPlace(in BookAccount account)
    {
        if (account.OpenOrders != 0)
            CacheLine.Fetch(in _pool[account.OrdersStart + account.OpenOrders - 1]);
    }

    /// <summary>The account's order at a place, from 0 to its open orders.</summary>
    public int At(in BookAccount account, int place) => _pool[account.OrdersStart + place];

    /// <summary>The account's orders by id: a copy that stays as it is until the next such copy.</summary>
    public ReadOnlySpan<int> SortedById(in BookAccount account, ref OrderTable orders)
    {
        int count = account.OpenOrders;
        if (count > _sorted.Length)
            Array.Resize(ref _sorted, (int)BitOperations.RoundUpToPowerOf2((uint)count));
        for (int place = 0; place < count; place++)
            _sorted[place] = At(in account, place);
        Span<int> slots = _sorted.AsSpan(0, count);
        orders.SortById(slots);
        return slots;
    }

    /// <summary>Moves the account's array to one of twice the size.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(ref BookAccount account)
    {
        int size = account.OrdersSize == 0 ? LeastSize : account.OrdersSize + 1;
        int start = Take(size);
        for (int place = 0; place < account.OpenOrders; place++)
            _pool[start + place] = At(in account, place);
        if (account.OrdersSize != 0)
            Free(account.OrdersStart, account.OrdersSize);
        account.OrdersStart = start;
        account.OrdersSize = (byte)size;
    }

    /// <summary>An array of the pool; its first element links free ones of a size.</summary>
    private int Take(int size)
    {
        ref int free = ref _freeHeads[size];
        if (free != Nil)
        {
            int start = free;
            free = _pool[start];
            return start;
        }

        int capacity = 1 << size;
        while (_untouched + capacity > _pool.Length)
            _pool.Grow(_pool.Length * 8);
        _untouched += capacity;
        return _untouched - capacity;
    }

    private void Free(int start, int size)
    {
        ref int free = ref _freeHeads[size];
        _pool[start] = free;
        free = start;
    }
}
