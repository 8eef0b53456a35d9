using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>What matching touches of an open order: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Order
{
    public ulong Id;
    public long Leaves;
    public long PriceTicks;
    public long Filled;

    /// <summary>Neighbours in the level's queue.</summary>
    public int Next;
    public int Previous;

    /// <summary>Handle of its level; <see cref="LevelTable.None"/> while it is not on the book.</summary>
    public int Level;
    public int AccountSlot;

    /// <summary>Neighbours in the account's list of open orders, which is in id order.</summary>
    public int AccountNext;
    public int AccountPrevious;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention Stp;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public OrderPhase Phase;
    public bool IsReducing;

    public readonly long TotalLots => unchecked(Filled + Leaves);
}

/// <summary>Where an open order is in its life.</summary>
internal enum OrderPhase : byte
{
    /// <summary>Free slot.</summary>
    None = 0,

    /// <summary>On the book.</summary>
    Resting = 1,

    /// <summary>Conditional, its price not met.</summary>
    Waiting = 2,

    /// <summary>Conditional, met, in the trigger queue.</summary>
    Met = 3,

    /// <summary>Trailing, its activation price not reached.</summary>
    Inactive = 4,

    /// <summary>Being matched as taker.</summary>
    Taking = 5,
}

/// <summary>The rest of an open order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OrderDetail
{
    public long ReserveTicks;
    public long WorstTicks;
    public long StopTicks;
    public long ActivationTicks;

    /// <summary>Trailing: the best price seen since it became active.</summary>
    public long BestTicks;
    public long GtdMs;
    public ClientKey ClientKey;
    public int CallbackRateE8;

    /// <summary>Its entry in the client-id ring plus 1; 0: none.</summary>
    public int RingEntry;
}

/// <summary>The open orders of a book: slots in two parallel arrays, and an index by id.</summary>
/// <remarks>Slots are reused last in, first out, so that a busy book stays in the cache. Both arrays double when full.</remarks>
internal sealed class OrderTable
{
    public const int Nil = -1;
    private Order[] _orders;
    private OrderDetail[] _details;
    private int _freeHead = Nil;
    private Entry[] _index;
    private int _shift;

    public OrderTable(int capacity = 4096)
    {
        _orders = new Order[capacity];
        _details = new OrderDetail[capacity];
        _index = new Entry[capacity * 4];
        _shift = 64 - System.Numerics.BitOperations.Log2((uint)_index.Length);
        Adopt(0, capacity);
    }

    public int Count { get; private set; }

    public ref Order this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _orders[slot];
    }

    public ref OrderDetail Detail(int slot) => ref _details[slot];

    /// <summary>Slots there are, used or not: slots are below this.</summary>
    public int Capacity => _orders.Length;

    /// <summary>A free slot, entered in the index under <paramref name="id"/>; its contents are stale.</summary>
    public int Add(ulong id)
    {
        if (_freeHead == Nil)
            Grow();
        int slot = _freeHead;
        ref Order order = ref _orders[slot];
        _freeHead = order.Next;
        order.Id = id;
        unchecked
        {
            Count++;
            uint mask = (uint)_index.Length - 1;
            uint at = Home(id);
            while (_index[at].Id != 0)
                at = (at + 1) & mask;
            _index[at] = new Entry { Id = id, Slot = slot };
        }

        return slot;
    }

    /// <summary>The slot of an open order, or <see cref="Nil"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong id)
    {
        unchecked
        {
            Entry[] index = _index;
            uint mask = (uint)index.Length - 1;
            for (uint at = Home(id) & mask; ; at = (at + 1) & mask)
            {
                ref readonly Entry entry = ref index[at];
                if (entry.Id == id)
                    return id == 0 ? Nil : entry.Slot;
                if (entry.Id == 0)
                    return Nil;
            }
        }
    }

    public void Remove(int slot)
    {
        ref Order order = ref _orders[slot];
        RemoveFromIndex(order.Id);
        order.Phase = OrderPhase.None;
        order.Next = _freeHead;
        _freeHead = slot;
        unchecked
        {
            Count--;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Home(ulong id) => unchecked((uint)((id * 0x9e3779b97f4a7c15UL) >> _shift));

    // Backward-shift deletion: no tombstones, so a book that lives for years stays as fast as on its first day.
    private void RemoveFromIndex(ulong id)
    {
        unchecked
        {
            Entry[] index = _index;
            uint mask = (uint)index.Length - 1;
            uint hole = Home(id);
            while (index[hole].Id != id)
                hole = (hole + 1) & mask;
            for (uint at = (hole + 1) & mask; index[at].Id != 0; at = (at + 1) & mask)
            {
                uint home = Home(index[at].Id);
                if (((at - home) & mask) >= ((at - hole) & mask))
                {
                    index[hole] = index[at];
                    hole = at;
                }
            }

            index[hole].Id = 0;
        }
    }

    private void Grow()
    {
        int capacity = _orders.Length;
        Array.Resize(ref _orders, capacity * 2);
        Array.Resize(ref _details, capacity * 2);
        Adopt(capacity, capacity * 2);
        Entry[] old = _index;
        _index = new Entry[old.Length * 2];
        _shift--;
        uint mask = (uint)_index.Length - 1;
        foreach (Entry entry in old)
        {
            if (entry.Id == 0)
                continue;
            uint at = Home(entry.Id);
            while (_index[at].Id != 0)
                at = (at + 1) & mask;
            _index[at] = entry;
        }
    }

    private void Adopt(int from, int to)
    {
        for (int slot = to - 1; slot >= from; slot--)
        {
            _orders[slot].Next = _freeHead;
            _freeHead = slot;
        }
    }

    private struct Entry
    {
        public ulong Id;
        public int Slot;
    }
}
