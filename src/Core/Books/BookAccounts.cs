using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Books;

/// <summary>What a book knows of one account: two cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct BookAccount
{
    // Net position (leg 0: one-way or LONG, leg 1: SHORT) and its cost.
    public long Lots0;
    public long Lots1;
    public long CostE8At0;
    public long CostE8At1;

    public ulong LastNumber;
    public int OutboxHead;
    public int OutboxTail;
    public int OutboxCount;
    public int OpenOrders;

    /// <summary>Resting reducing orders: while there is none, no position change needs a look at the orders.</summary>
    public int RestingReducing;
    public int OrdersHead;

    public int OrdersTail;
    public uint Account;
    public uint Epoch;
    public uint Batch;

    /// <summary>Commands of the current batch applied so far.</summary>
    public ushort Applied;
    public bool IsRegistered;
    public bool IsOverOutbox;

    /// <summary>Its orders name LONG or SHORT: leg 0 is the long leg of hedge mode.</summary>
    public bool IsHedge;

    /// <summary>The funding round that has settled this account last.</summary>
    public int FundingStamp;
    public long Equity0E8;
    public long Equity1E8;

    /// <summary>When the countdown cancels all; 0: off.</summary>
    public long CountdownMs;

    public readonly long Lots(int leg) => leg == 0 ? Lots0 : Lots1;

    public readonly long CostE8(int leg) => leg == 0 ? CostE8At0 : CostE8At1;

    public readonly long EquityE8(int leg) => leg == 0 ? Equity0E8 : Equity1E8;
}

/// <summary>The accounts of a book: slots that are never given back, found by account id.</summary>
internal sealed class BookAccounts
{
    public const int None = -1;
    private BookAccount[] _accounts = new BookAccount[256];
    private CommandOutcome[] _firstOutcomes = new CommandOutcome[256];
    private CommandOutcome[]?[] _outcomes = new CommandOutcome[]?[256];
    private Entry[] _index = new Entry[1024];
    private int _shift = 22;

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
            Entry[] index = _index;
            uint mask = (uint)index.Length - 1;
            for (uint at = Home(account) & mask; ; at = (at + 1) & mask)
            {
                ref readonly Entry entry = ref index[at];
                if (entry.SlotPlusOne == 0)
                    return None;
                if (entry.Account == account)
                    return entry.SlotPlusOne - 1;
            }
        }
    }

    public int Add(uint account)
    {
        if (Count == _accounts.Length)
            Grow();
        int slot = Count++;
        _accounts[slot] = new BookAccount
        {
            Account = account,
            OrdersHead = OrderTable.Nil,
            OrdersTail = OrderTable.Nil,
            OutboxHead = Outboxes.Nil,
            OutboxTail = Outboxes.Nil,
        };
        Enter(_index, account, slot);
        return slot;
    }

    /// <summary>Keeps the outcome of a command until the account's next batch.</summary>
    public void Remember(int slot, int index, int count, CommandOutcome outcome)
    {
        if (index == 0)
        {
            _firstOutcomes[slot] = outcome;
            return;
        }

        ref CommandOutcome[]? more = ref _outcomes[slot];
        if (more is null || more.Length < count)
            Array.Resize(ref more, Math.Max(count, 16));
        more[index] = outcome;
    }

    public CommandOutcome Remembered(int slot, int index) => index == 0 ? _firstOutcomes[slot] : _outcomes[slot]![index];

    private uint Home(uint account) => unchecked((account * 0x9e3779b9U) >> _shift);

    private void Enter(Entry[] index, uint account, int slot)
    {
        uint mask = (uint)index.Length - 1;
        uint at = Home(account) & mask;
        while (index[at].SlotPlusOne != 0)
            at = (at + 1) & mask;
        index[at] = new Entry { Account = account, SlotPlusOne = slot + 1 };
    }

    private void Grow()
    {
        int size = _accounts.Length * 2;
        Array.Resize(ref _accounts, size);
        Array.Resize(ref _firstOutcomes, size);
        Array.Resize(ref _outcomes, size);
        _index = new Entry[size * 4];
        _shift--;
        for (int slot = 0; slot < Count; slot++)
            Enter(_index, _accounts[slot].Account, slot);
    }

    private struct Entry
    {
        public uint Account;
        public int SlotPlusOne;
    }
}
