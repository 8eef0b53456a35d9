namespace Exchange.Core.Marks;

/// <summary>A set of slots that is read by account id: cheap to add to and take from, sorted when it is looked at.</summary>
internal sealed class AccountList
{
    private const int Absent = -1;

    private uint[] _accounts = [];
    private int[] _slots = [];
    private int[] _places = [];
    private bool _isSorted = true;

    public int Count { get; private set; }

    public void EnsureSlots(int count)
    {
        int had = _places.Length;
        if (count <= had)
            return;
        Array.Resize(ref _accounts, count);
        Array.Resize(ref _slots, count);
        Array.Resize(ref _places, count);
        Array.Fill(_places, Absent, had, count - had);
    }

    public bool Contains(int slot) => _places[slot] != Absent;

    /// <summary>Adds a slot; nothing if it is in.</summary>
    public void Add(int slot, uint account)
    {
        if (_places[slot] != Absent)
            return;
        int place = Count++;
        _isSorted &= place == 0 || _accounts[place - 1] < account;
        Put(place, slot, account);
    }

    /// <summary>Takes a slot out; nothing if it is not in.</summary>
    public void Remove(int slot)
    {
        int place = _places[slot];
        if (place == Absent)
            return;
        _places[slot] = Absent;
        int last = --Count;
        if (place == last)
            return;
        Put(place, _slots[last], _accounts[last]);
        _isSorted = false;
    }

    /// <summary>The accounts as they stand.</summary>
    public ReadOnlySpan<uint> Unsorted => _accounts.AsSpan(0, Count);

    /// <summary>The accounts by id.</summary>
    public ReadOnlySpan<uint> Sorted()
    {
        Span<uint> accounts = _accounts.AsSpan(0, Count);
        if (!_isSorted)
        {
            Span<int> slots = _slots.AsSpan(0, Count);
            accounts.Sort(slots);
            for (int place = 0; place < slots.Length; place++)
                _places[slots[place]] = place;
            _isSorted = true;
        }

        return accounts;
    }

    private void Put(int place, int slot, uint account)
    {
        _accounts[place] = account;
        _slots[place] = slot;
        _places[slot] = place;
    }
}
