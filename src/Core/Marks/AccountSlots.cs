using System.Numerics;

namespace Exchange.Core.Marks;

/// <summary>From account id to slot: open addressing, entries are never taken out, so a probe ends at the first empty place.</summary>
internal sealed class AccountSlots
{
    public const int None = -1;

    private uint[] _accounts;
    private int[] _slotsPlusOne;
    private int _count;

    public AccountSlots(int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity * 2));
        _accounts = new uint[size];
        _slotsPlusOne = new int[size];
    }

    /// <summary>The account's slot, or <see cref="None"/>.</summary>
    public int Find(uint account)
    {
        int mask = _accounts.Length - 1;
        for (int place = Home(account, mask); ; place = (place + 1) & mask)
        {
            int slotPlusOne = _slotsPlusOne[place];
            if (slotPlusOne == 0 || _accounts[place] == account)
                return slotPlusOne - 1;
        }
    }

    /// <summary>Adds an account that has none.</summary>
    public void Add(uint account, int slot)
    {
        // Half full at most: probes stay short whatever the ids are.
        if (_count * 2 >= _accounts.Length)
            Grow();
        Insert(account, slot + 1);
        _count++;
    }

    private void Grow()
    {
        uint[] accounts = _accounts;
        int[] slotsPlusOne = _slotsPlusOne;
        _accounts = new uint[accounts.Length * 2];
        _slotsPlusOne = new int[accounts.Length * 2];
        for (int i = 0; i < accounts.Length; i++)
        {
            if (slotsPlusOne[i] != 0)
                Insert(accounts[i], slotsPlusOne[i]);
        }
    }

    private void Insert(uint account, int slotPlusOne)
    {
        int mask = _accounts.Length - 1;
        int place = Home(account, mask);
        while (_slotsPlusOne[place] != 0)
            place = (place + 1) & mask;
        _accounts[place] = account;
        _slotsPlusOne[place] = slotPlusOne;
    }

    private static int Home(uint account, int mask) => (int)unchecked((account * 0x9e3779b97f4a7c15UL) >> 33) & mask;
}
