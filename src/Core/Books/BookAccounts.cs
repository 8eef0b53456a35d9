using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>The accounts of a book: slots that are never given back, found by account id.</summary>
/// <remarks>
/// The index is by the id's low bits: a venue numbers its accounts in a row, so a book's share of it stays in the nearest cache. What
/// it does not tell apart is linked through the accounts.
/// </remarks>
internal struct BookAccounts()
{
    public const int None = -1;
    private const int FirstCapacity = 256;
    private LineArray<BookAccount> _accounts = new(FirstCapacity);
    private LineArray<int> _index = NewIndex(FirstCapacity * 2);
    private CommandOutcome[]?[] _outcomes = new CommandOutcome[]?[FirstCapacity];

    public int Count { get; private set; }

    public readonly ref BookAccount this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _accounts[slot];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint account)
    {
        int slot = _index[Home(account)];
        while (slot != None)
        {
            ref readonly BookAccount entry = ref _accounts[slot];
            if (entry.Account == account)
                break;
            slot = entry.NextOfHome;
        }

        return slot;
    }

    /// <summary>Asks for the account that the index has first where this one would be: nearly always it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchHome(uint account) => _accounts.Prefetch(_index[Home(account)]);

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
    private int Home(uint account) => unchecked((int)account & (_index.Length - 1));

    private void Enter(uint account, int slot)
    {
        ref int first = ref _index[Home(account)];
        _accounts[slot].NextOfHome = first;
        first = slot;
    }

    private static LineArray<int> NewIndex(int length)
    {
        var index = new LineArray<int>(length);
        for (int home = 0; home < length; home++)
            index[home] = None;
        return index;
    }

    private void Grow()
    {
        int size = _accounts.Length * 2;
        _accounts.Grow(size);
        Array.Resize(ref _outcomes, size);
        _index = NewIndex(size * 2);
        for (int slot = 0; slot < Count; slot++)
            Enter(_accounts[slot].Account, slot);
    }
}
