using System.Numerics;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>What is remembered of an order placed with a client order id: 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct RememberedOrder(ClientKey Key, ulong ContentHash, ulong OrderId, ulong OutcomeBits)
{
    /// <summary>None while the order is open.</summary>
    public OrderStatus Status => (OrderStatus)(OutcomeBits & 0xff);

    public EndReason Reason => (EndReason)((OutcomeBits >> 8) & 0xff);

    public long FilledLots => (long)(OutcomeBits >> 16);
}

/// <summary>The recent client order ids of a book: per account the last 1,024 orders, from one bounded pool (docs/protocol.md 3).</summary>
internal sealed class ClientIdRing
{
    private const int Nil = -1;
    private const int PageBits = 8;
    private const int PageMask = (1 << PageBits) - 1;

    // In pages, so that none moves when there are more: a book that remembers millions must not stand still for that.
    private RememberedOrder[][] _entries = [];
    private Link[][] _links = [];
    private int _capacity;
    private int[] _index = [];
    private AccountRing[] _accounts = [];
    private int _freeHead = Nil;
    private int _oldest = Nil;
    private int _newest = Nil;

    public int Count { get; private set; }

    public RememberedOrder this[int entry] => Entry(entry);

    /// <summary>The entry of an account's client id, or -1.</summary>
    public int Find(int accountSlot, ClientKey key)
    {
        if (_index.Length == 0)
            return Nil;
        int mask = _index.Length - 1;
        for (int at = Home(accountSlot, key); _index[at] != 0; at = (at + 1) & mask)
        {
            int entry = _index[at] - 1;
            if (LinkOf(entry).AccountSlot == accountSlot && Entry(entry).Key == key)
                return entry;
        }

        return Nil;
    }

    public int Add(int accountSlot, ClientKey key, ulong contentHash, ulong orderId, Action<int> forget)
    {
        Invariant.Holds(Find(accountSlot, key) == Nil);
        if (accountSlot >= _accounts.Length)
            GrowAccounts(accountSlot);
        if (_accounts[accountSlot].Count >= Limits.ClientIdsPerAccount)
            Forget(_accounts[accountSlot].Oldest, forget);
        else if (Count >= Limits.ClientIdsPerBook)
            Forget(_oldest, forget);
        if (_freeHead == Nil)
            Grow();

        int entry = _freeHead;
        _freeHead = LinkOf(entry).NextOfAccount;
        Entry(entry) = new RememberedOrder(key, contentHash, orderId, 0);
        ref AccountRing ring = ref _accounts[accountSlot];
        LinkOf(entry) = new Link { AccountSlot = accountSlot, NextOfAccount = Nil, Previous = _newest, Next = Nil };
        if (ring.Count == 0)
            ring.Oldest = entry;
        else
            LinkOf(ring.Newest).NextOfAccount = entry;
        ring.Newest = entry;
        ring.Count++;
        if (_newest == Nil)
            _oldest = entry;
        else
            LinkOf(_newest).Next = entry;
        _newest = entry;
        Count++;
        Enter(entry);
        return entry;
    }

    /// <summary>Notes how an order ended.</summary>
    public void Settle(int entry, OrderStatus status, EndReason reason, long filledLots) =>
        Entry(entry) = Entry(entry) with { OutcomeBits = (ulong)status | (ulong)reason << 8 | (ulong)filledLots << 16 };

    /// <summary>An account's entries, oldest first.</summary>
    public void CopyTo(int accountSlot, List<RememberedOrder> list)
    {
        if (accountSlot >= _accounts.Length || _accounts[accountSlot].Count == 0)
            return;
        for (int entry = _accounts[accountSlot].Oldest; entry != Nil; entry = LinkOf(entry).NextOfAccount)
            list.Add(Entry(entry));
    }

    /// <summary>All entries with their account's slot, oldest first.</summary>
    public void CopyAllTo(List<(int AccountSlot, RememberedOrder Order)> list)
    {
        for (int entry = _oldest; entry != Nil; entry = LinkOf(entry).Next)
            list.Add((LinkOf(entry).AccountSlot, Entry(entry)));
    }

    // Entries leave oldest first within an account, so the oldest of all is the oldest of its account.
    private void Forget(int entry, Action<int> forget)
    {
        ref Link link = ref LinkOf(entry);
        ref AccountRing ring = ref _accounts[link.AccountSlot];
        Invariant.Holds(ring.Oldest == entry);
        forget(entry);
        RemoveFromIndex(entry);
        ring.Oldest = link.NextOfAccount;
        ring.Count--;
        if (link.Previous == Nil)
            _oldest = link.Next;
        else
            LinkOf(link.Previous).Next = link.Next;
        if (link.Next == Nil)
            _newest = link.Previous;
        else
            LinkOf(link.Next).Previous = link.Previous;
        link.NextOfAccount = _freeHead;
        _freeHead = entry;
        Count--;
    }

    private int Home(int accountSlot, ClientKey key)
    {
        unchecked
        {
            ulong h = (key.High ^ (key.Low * 0x9e3779b97f4a7c15UL) ^ ((ulong)accountSlot << 32)) * 0xbf58476d1ce4e5b9UL;
            return (int)(h >> 40) & (_index.Length - 1);
        }
    }

    private void Enter(int entry)
    {
        int mask = _index.Length - 1;
        int at = Home(LinkOf(entry).AccountSlot, Entry(entry).Key);
        while (_index[at] != 0)
            at = (at + 1) & mask;
        _index[at] = entry + 1;
    }

    private void RemoveFromIndex(int entry)
    {
        int mask = _index.Length - 1;
        int hole = Home(LinkOf(entry).AccountSlot, Entry(entry).Key);
        while (_index[hole] != entry + 1)
            hole = (hole + 1) & mask;
        for (int at = (hole + 1) & mask; _index[at] != 0; at = (at + 1) & mask)
        {
            int home = Home(LinkOf(_index[at] - 1).AccountSlot, Entry(_index[at] - 1).Key);
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                _index[hole] = _index[at];
                hole = at;
            }
        }

        _index[hole] = 0;
    }

    private ref RememberedOrder Entry(int entry) => ref _entries[entry >> PageBits][entry & PageMask];

    private ref Link LinkOf(int entry) => ref _links[entry >> PageBits][entry & PageMask];

    private void Grow()
    {
        int page = _capacity >> PageBits;
        if (page == _entries.Length)
        {
            int pages = Math.Max(4, page * 2);
            Array.Resize(ref _entries, pages);
            Array.Resize(ref _links, pages);
        }

        _entries[page] = new RememberedOrder[1 << PageBits];
        _links[page] = new Link[1 << PageBits];
        int from = _capacity;
        _capacity += 1 << PageBits;
        for (int entry = _capacity - 1; entry >= from; entry--)
        {
            LinkOf(entry).NextOfAccount = _freeHead;
            _freeHead = entry;
        }

        if (_capacity * 2 <= _index.Length)
            return;
        _index = new int[(int)BitOperations.RoundUpToPowerOf2((uint)_capacity * 2)];
        for (int entry = _oldest; entry != Nil; entry = LinkOf(entry).Next)
            Enter(entry);
    }

    private void GrowAccounts(int accountSlot) =>
        Array.Resize(ref _accounts, Math.Max(accountSlot + 1, Math.Max(64, _accounts.Length * 2)));

    private struct Link
    {
        public int AccountSlot;
        public int NextOfAccount;
        public int Previous;
        public int Next;
    }

    private struct AccountRing
    {
        public int Oldest;
        public int Newest;
        public int Count;
    }
}
