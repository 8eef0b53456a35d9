using System.Runtime.InteropServices;

namespace Exchange.Embedded;

/// <summary>The bounded queue in front of the engine: many threads put in, one takes out; nobody locks.</summary>
/// <remarks>
/// Each slot carries the turn it is free or full for, so a producer claims a slot with one compare-and-swap and publishes it with
/// one store (D. Vyukov's bounded queue, with a single consumer).
/// </remarks>
internal sealed class RequestQueue
{
    private readonly Slot[] _slots;
    private readonly int _mask;
    private PaddedLong _tail;
    private PaddedLong _head;

    public RequestQueue(int capacity)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity);
        _slots = new Slot[size];
        _mask = size - 1;
        for (int i = 0; i < size; i++)
            _slots[i].Turn = i;
    }

    public int Capacity => _slots.Length;

    /// <summary>How many wait; exact only when nobody is moving.</summary>
    public int Count => (int)Math.Max(0, Volatile.Read(ref _tail.Value) - Volatile.Read(ref _head.Value));

    public bool IsEmpty => Volatile.Read(ref _slots[(int)_head.Value & _mask].Turn) != _head.Value + 1;

    /// <summary>Puts a request at the end; false: full.</summary>
    /// <param name="kept">So many places are left free for others: full sooner.</param>
    public bool TryEnqueue(VenueRequest request, int kept = 0)
    {
        while (true)
        {
            long tail = Volatile.Read(ref _tail.Value);
            ref Slot slot = ref _slots[(int)tail & _mask];
            long turn = Volatile.Read(ref slot.Turn);
            if (turn < tail || (kept != 0 && !IsFree(tail + kept)))
                return false;
            if (turn == tail && Interlocked.CompareExchange(ref _tail.Value, tail + 1, tail) == tail)
            {
                slot.Request = request;
                Volatile.Write(ref slot.Turn, tail + 1);
                return true;
            }
        }
    }

    /// <summary>Places come free in order: if one ahead is, all before it are.</summary>
    private bool IsFree(long place) => Volatile.Read(ref _slots[(int)place & _mask].Turn) >= place;

    /// <summary>One thread only.</summary>
    public VenueRequest? TryDequeue()
    {
        long head = _head.Value;
        ref Slot slot = ref _slots[(int)head & _mask];
        if (Volatile.Read(ref slot.Turn) != head + 1)
            return null;
        VenueRequest? request = slot.Request;
        slot.Request = null;
        Volatile.Write(ref slot.Turn, head + _slots.Length);
        Volatile.Write(ref _head.Value, head + 1);
        return request;
    }

    private struct Slot
    {
        public long Turn;
        public VenueRequest? Request;
    }

    /// <summary>A counter on a cache line of its own: producers and consumer do not slow each other.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedLong
    {
        [FieldOffset(64)]
        public long Value;
    }
}
