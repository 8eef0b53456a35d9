namespace Exchange.Core.Books;

/// <summary>A binary heap of slots ordered by (key, tie), from which any slot can be taken out in O(log n).</summary>
/// <remarks>Heaps that never hold the same slot at once may share their <see cref="SlotPositions"/>.</remarks>
internal sealed class SlotHeap(SlotPositions positions)
{
    private Node[] _nodes = [];

    public int Count { get; private set; }

    public int TopSlot => _nodes[0].Slot;

    public long TopKey => _nodes[0].Key;

    public ulong TopTie => _nodes[0].Tie;

    public void Add(int slot, long key, ulong tie)
    {
        if (Count == _nodes.Length)
            Array.Resize(ref _nodes, Math.Max(16, Count * 2));
        positions.Reserve(slot);
        _nodes[Count] = new Node { Key = key, Tie = tie, Slot = slot };
        Up(Count++);
    }

    public int Pop()
    {
        int slot = _nodes[0].Slot;
        Remove(slot);
        return slot;
    }

    public void Remove(int slot)
    {
        int at = positions[slot];
        Invariant.Holds(_nodes[at].Slot == slot);
        Count--;
        if (at == Count)
            return;
        _nodes[at] = _nodes[Count];
        positions[_nodes[at].Slot] = at;
        Up(at);
        Down(positions[_nodes[at].Slot]);
    }

    private void Up(int at)
    {
        Node node = _nodes[at];
        while (at > 0)
        {
            int parent = (at - 1) >> 1;
            if (!Before(node, _nodes[parent]))
                break;
            Put(at, _nodes[parent]);
            at = parent;
        }

        Put(at, node);
    }

    private void Down(int at)
    {
        Node node = _nodes[at];
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && Before(_nodes[child + 1], _nodes[child]))
                child++;
            if (!Before(_nodes[child], node))
                break;
            Put(at, _nodes[child]);
            at = child;
        }

        Put(at, node);
    }

    private void Put(int at, Node node)
    {
        _nodes[at] = node;
        positions[node.Slot] = at;
    }

    private static bool Before(in Node a, in Node b) => a.Key < b.Key || (a.Key == b.Key && a.Tie < b.Tie);

    private struct Node
    {
        public long Key;
        public ulong Tie;
        public int Slot;
    }
}

/// <summary>Where each slot stands in its heap.</summary>
internal sealed class SlotPositions
{
    private int[] _at = [];

    public int this[int slot]
    {
        get => _at[slot];
        set => _at[slot] = value;
    }

    public void Reserve(int slot)
    {
        if (slot >= _at.Length)
            Array.Resize(ref _at, Math.Max(slot + 1, Math.Max(64, _at.Length * 2)));
    }
}
