namespace Exchange.Core.Books;

// Rules that end or start several orders at once do it by order id.
internal partial struct OrderTable
{
    public readonly void SortById(Span<int> slots)
    {
        // Few at a time nearly always; a heap sort keeps the worst case in bounds without allocating a comparer.
        for (int i = 1; i < slots.Length && slots.Length <= 32; i++)
        {
            int slot = slots[i];
            int j = i - 1;
            for (; j >= 0 && _orders[slots[j]].Id > _orders[slot].Id; j--)
                slots[j + 1] = slots[j];
            slots[j + 1] = slot;
        }

        if (slots.Length > 32)
            SortManyById(slots);
    }

    private readonly void SortManyById(Span<int> slots)
    {
        for (int start = slots.Length / 2 - 1; start >= 0; start--)
            SiftDown(slots, start, slots.Length);
        for (int end = slots.Length - 1; end > 0; end--)
        {
            (slots[0], slots[end]) = (slots[end], slots[0]);
            SiftDown(slots, 0, end);
        }
    }

    private readonly void SiftDown(Span<int> slots, int at, int end)
    {
        while (2 * at + 1 < end)
        {
            int child = 2 * at + 1;
            if (child + 1 < end && _orders[slots[child]].Id < _orders[slots[child + 1]].Id)
                child++;
            if (_orders[slots[at]].Id >= _orders[slots[child]].Id)
                return;
            (slots[at], slots[child]) = (slots[child], slots[at]);
            at = child;
        }
    }
}
