using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>The open orders of a book: slots in two parallel arrays, and an index by id.</summary>
/// <remarks>
/// Slots are reused last in, first out, so that a busy book stays in the cache. Both arrays double when full. The index is a
/// list of orders a bucket, linked through the orders: an order that is looked up is read anyway, so a bucket is four bytes, and
/// neither entering nor leaving has to search for room.
/// </remarks>
internal partial struct OrderTable
{
    public const int Nil = -1;
    private const int BucketsPerSlot = 1;
    private LineArray<Order> _orders;
    private LineArray<int> _buckets;
    private OrderDetail[] _details;
    private int _freeHead = Nil;
    private int _shift;

    public OrderTable(int capacity)
    {
        _orders = new LineArray<Order>(capacity);
        _details = new OrderDetail[capacity];
        NewBuckets(capacity * BucketsPerSlot);
        Adopt(0, capacity);
    }

    public int Count { get; private set; }

    public readonly ref Order this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _orders[slot];
    }

    /// <summary>The detail of an order that <see cref="Order.IsDetailed"/>.</summary>
    public ref OrderDetail Detail(int slot)
    {
        Invariant.Holds(_orders[slot].IsDetailed);
        return ref _details[slot];
    }

    /// <summary>The detail of any order, as it would be.</summary>
    public OrderDetail DetailOrPlain(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        return order.IsDetailed
            ? _details[slot]
            : new OrderDetail { ReserveTicks = order.PriceTicks, WorstTicks = order.PriceTicks };
    }

    /// <summary>Gives an order a detail, the plain one if it had none.</summary>
    public ref OrderDetail MakeDetail(int slot)
    {
        _details[slot] = DetailOrPlain(slot);
        _orders[slot].Traits |= OrderTraits.Detailed;
        return ref _details[slot];
    }

    /// <summary>A free slot, entered in the index under <paramref name="id"/>; the rest of its contents is stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Order Add(ulong id, out int slot)
    {
        if (_freeHead == Nil)
            Grow();
        slot = _freeHead;
        ref Order order = ref _orders[slot];
        _freeHead = order.Next;
        order.Id = id;
        ref int bucket = ref BucketOf(id);
        order.BucketNext = bucket;
        bucket = slot;
        unchecked
        {
            Count++;
        }

        return ref order;
    }

    /// <summary>The slot of an open order, or <see cref="Nil"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong id)
    {
        int slot = BucketOf(id);
        while (slot != Nil)
        {
            ref readonly Order order = ref _orders[slot];
            if (order.Id == id)
                break;
            slot = order.BucketNext;
        }

        return slot;
    }

    /// <summary>Asks for the first order of the id's bucket; without one, for nothing of use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchFirst(ulong id) => _orders.Prefetch(BucketOf(id));

    /// <summary>An order's link, not to be used if the slot is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int NextOf(int slot) => ref _orders.At(slot).Next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int PreviousOf(int slot) => ref _orders.At(slot).Previous;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot) => _orders.Prefetch(slot);

    /// <summary>Asks for where the next order goes.</summary>
    public readonly void PrefetchFree() => _orders.Prefetch(_freeHead);

    public void PrefetchBucket(ulong id) => CacheLine.Fetch(in BucketOf(id));

    /// <summary>The first order of the id's bucket, most often the one.</summary>
    public int FirstOf(ulong id) => BucketOf(id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(ref Order order, int slot)
    {
        ref int link = ref BucketOf(order.Id);
        while (link != slot)
            link = ref _orders[link].BucketNext;
        link = order.BucketNext;
        order.Phase = OrderPhase.None;
        order.Next = _freeHead;
        _freeHead = slot;
        unchecked
        {
            Count--;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int BucketOf(ulong id) => ref _buckets[unchecked((int)((id * 0x9e3779b97f4a7c15UL) >> _shift))];

    private void NewBuckets(int count)
    {
        _buckets = new LineArray<int>(count);
        for (int bucket = 0; bucket < count; bucket++)
            _buckets[bucket] = Nil;
        _shift = 64 - BitOperations.Log2((uint)count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        int capacity = _orders.Length;
        _orders.Grow(capacity * 2);
        Array.Resize(ref _details, capacity * 2);
        NewBuckets(capacity * 2 * BucketsPerSlot);
        for (int slot = 0; slot < capacity; slot++) // None is free: that is why it grows.
        {
            ref int bucket = ref BucketOf(_orders[slot].Id);
            _orders[slot].BucketNext = bucket;
            bucket = slot;
        }

        Adopt(capacity, capacity * 2);
    }

    private void Adopt(int from, int to)
    {
        for (int slot = to - 1; slot >= from; slot--)
        {
            _orders[slot].Next = _freeHead;
            _freeHead = slot;
        }
    }
}
