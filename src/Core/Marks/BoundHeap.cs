namespace Exchange.Core.Marks;

/// <summary>Slots ordered by a bound each, the smallest on top; a slot's bound can be changed or taken out where it stands.</summary>
/// <remarks>
/// Four children a node: half the depth of two, and the four lie in one cache line. All changes cost O(log n); nothing is
/// allocated but by <see cref="EnsureSlots"/>.
/// </remarks>
internal sealed class BoundHeap
{
    private const int Arity = 4;
    private const int Absent = -1;

    private Node[] _nodes = [];
    private int[] _places = [];

    public int Count { get; private set; }

    /// <summary>Smallest bound; only if not empty.</summary>
    public long TopBound => _nodes[0].Bound;

    public int TopSlot => _nodes[0].Slot;

    /// <summary>Makes room for slots below <paramref name="count"/>.</summary>
    public void EnsureSlots(int count)
    {
        int had = _places.Length;
        if (count <= had)
            return;
        Array.Resize(ref _places, count);
        Array.Resize(ref _nodes, count);
        Array.Fill(_places, Absent, had, count - had);
    }

    public bool Contains(int slot) => _places[slot] != Absent;

    /// <summary>Puts a slot in, or moves it to its new bound.</summary>
    public void Set(int slot, long bound)
    {
        int place = _places[slot];
        if (place == Absent)
        {
            place = Count++;
            Rise(place, new Node(bound, slot));
        }
        else if (bound < _nodes[place].Bound)
        {
            Rise(place, new Node(bound, slot));
        }
        else
        {
            Sink(place, new Node(bound, slot));
        }
    }

    /// <summary>Takes a slot out; nothing if it is not in.</summary>
    public void Remove(int slot)
    {
        int place = _places[slot];
        if (place == Absent)
            return;

        _places[slot] = Absent;
        Node last = _nodes[--Count];
        if (place == Count)
            return;
        if (place > 0 && last.Bound < _nodes[(place - 1) / Arity].Bound)
            Rise(place, last);
        else
            Sink(place, last);
    }

    /// <summary>Every node is placed where it says, and none is below its parent.</summary>
    public void CheckInvariants()
    {
        for (int place = 0; place < Count; place++)
        {
            Invariant.Holds(_places[_nodes[place].Slot] == place);
            Invariant.Holds(place == 0 || _nodes[(place - 1) / Arity].Bound <= _nodes[place].Bound);
        }
    }

    private void Rise(int place, Node node)
    {
        while (place > 0)
        {
            int parent = (place - 1) / Arity;
            if (_nodes[parent].Bound <= node.Bound)
                break;
            Put(place, _nodes[parent]);
            place = parent;
        }

        Put(place, node);
    }

    private void Sink(int place, Node node)
    {
        while (true)
        {
            int first = place * Arity + 1;
            if (first >= Count)
                break;

            int least = first;
            int end = Math.Min(first + Arity, Count);
            for (int child = first + 1; child < end; child++)
            {
                if (_nodes[child].Bound < _nodes[least].Bound)
                    least = child;
            }

            if (_nodes[least].Bound >= node.Bound)
                break;
            Put(place, _nodes[least]);
            place = least;
        }

        Put(place, node);
    }

    private void Put(int place, Node node)
    {
        _nodes[place] = node;
        _places[node.Slot] = place;
    }

    private readonly record struct Node(long Bound, int Slot);
}
