using System.Numerics;

namespace Exchange.Core.Marks;

/// <summary>From account id to slot: open addressing, entries are never taken out, so a probe ends at the first empty place.</summary>
internal sealed class AccountSlots
{
    public const int None = -1;

    private (uint Account, int SlotPlusOne)[] _places;
    private int _count;

    public AccountSlots(int capacity) =>
        _places = new (uint, int)[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2))];

    /// <summary>The account's slot, or <see cref="None"/>.</summary>
    public int Find(uint account)
    {
        int mask = _places.Length - 1;
        for (int at = Home(account, mask); ; at = (at + 1) & mask)
        {
            (uint found, int slotPlusOne) = _places[at];
            if (slotPlusOne == 0 || found == account)
                return slotPlusOne - 1;
        }
    }

    /// <summary>Asks for where the account stands or would stand.</summary>
    public void Prefetch(uint account) => CacheLine.FetchElements(_places, Home(account, _places.Length - 1));

    /// <summary>Adds an account that has none.</summary>
    public void Add(uint account, int slot)
    {
        // Half full at most: probes stay short whatever the ids are.
        if (_count * 2 >= _places.Length)
            Grow();
        Insert((account, slot + 1));
        _count++;
    }

    private void Grow()
    {
        (uint Account, int SlotPlusOne)[] places = _places;
        _places = new (uint, int)[places.Length * 2];
        foreach ((uint Account, int SlotPlusOne) place in places)
        {
            if (place.SlotPlusOne != 0)
                Insert(place);
        }
    }

    private void Insert((uint Account, int SlotPlusOne) place)
    {
        int mask = _places.Length - 1;
        int at = Home(place.Account, mask);
        while (_places[at].SlotPlusOne != 0)
            at = (at + 1) & mask;
        _places[at] = place;
    }

    private static int Home(uint account, int mask) => (int)unchecked((account * 0x9e3779b97f4a7c15UL) >> 33) & mask;
}
