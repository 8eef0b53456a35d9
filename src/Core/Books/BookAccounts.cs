using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>The accounts of a book: slots that are never given back, found by account id.</summary>
internal sealed class BookAccounts
{
    public const int None = -1;
    private const int FirstCapacity = 256;
    private LineArray<BookAccount> _accounts = new(FirstCapacity);
    private LineArray<Entry> _index = new(FirstCapacity * 2);
    private CommandOutcome[]?[] _outcomes = new CommandOutcome[]?[FirstCapacity];
    private int _shift = 23;

    public int Count { get; private set; }

    public ref BookAccount this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _accounts[slot];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint account)
    {
        unchecked
        {
            int mask = _index.Length - 1;
            for (int at = Home(account); ; at = (at + 1) & mask)
            {
                Entry entry = _index[at];
                if (entry.SlotPlusOne == 0)
                    return None;
                if (entry.Account == account)
                    return entry.SlotPlusOne - 1;
            }
        }
    }

    public void PrefetchIndex(uint account) => CacheLine.Fetch(in _index[Home(account)]);

    public int Add(uint account)
    {
        if (Count == _accounts.Length)
            Grow();
        int slot = Count++;
        _accounts[slot] = new BookAccount { Account = account };
        Enter(account, slot);
        return slot;
    }

    /// <summary>Keeps the outcome of a command until the account's next batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remember(ref BookAccount account, int slot, int index, int count, RejectReason reason, ulong orderId)
    {
        if (index == 0)
        {
            account.FirstReason = reason;
            account.FirstOrderId = orderId;
        }
        else
        {
            RememberLater(slot, index, count, new CommandOutcome(reason, orderId));
        }
    }

    public CommandOutcome Remembered(int slot, int index) => index == 0
        ? new CommandOutcome(_accounts[slot].FirstReason, _accounts[slot].FirstOrderId)
        : _outcomes[slot]![index];

    private void RememberLater(int slot, int index, int count, CommandOutcome outcome)
    {
        ref CommandOutcome[]? more = ref _outcomes[slot];
        if (more is null || more.Length < count)
            Array.Resize(ref more, Math.Max(count, 16));
        more[index] = outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(uint account) => unchecked((int)((account * 0x9e3779b9U) >> _shift));

    private void Enter(uint account, int slot)
    {
        int mask = _index.Length - 1;
        int at = Home(account);
        while (_index[at].SlotPlusOne != 0)
            at = (at + 1) & mask;
        _index[at] = new Entry { Account = account, SlotPlusOne = slot + 1 };
    }

    private void Grow()
    {
        int size = _accounts.Length * 2;
        _accounts.Grow(size);
        Array.Resize(ref _outcomes, size);
        _index = new LineArray<Entry>(size * 2);
        _shift--;
        for (int slot = 0; slot < Count; slot++)
            Enter(_accounts[slot].Account, slot);
    }

    private struct Entry
    {
        public uint Account;
        public int SlotPlusOne;
    }
}
