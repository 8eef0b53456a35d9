using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Books;

// The whole state in one canonical order, whatever the slots: so the hash of a snapshot is the hash of the state.
public sealed partial class OrderBook
{
    private static readonly uint BookTag = SnapshotTag.Of("BOOK");
    private static readonly uint AccountsTag = SnapshotTag.Of("BACC");
    private static readonly uint OrdersTag = SnapshotTag.Of("BORD");
    private static readonly uint QueuesTag = SnapshotTag.Of("BQUE");
    private static readonly uint RingTag = SnapshotTag.Of("BRNG");

    /// <summary>Writes the state; two books with equal bytes behave alike for ever.</summary>
    public void Snapshot(SnapshotWriter writer)
    {
        Invariant.Holds(_overOutboxCount == 0);
        writer.BeginSection(BookTag);
        writer.WriteStruct(new Head
        {
            TimeMs = _timeMs,
            MarkTicks = _markTicks,
            LastTicks = _lastTicks,
            MarkNumber = _markNumber,
            LastOrderId = _lastOrderId,
            TradeCount = _tradeCount,
            State = (long)_state,
            FundingRound = _fundingRound,
            FundingRateE8 = _fundingRateE8,
            FundingMarkTicks = _fundingMarkTicks,
            FundingRemainderE8 = _fundingRemainderE8,
            FundingStamp = _fundingStamp,
            FundingIsOpen = _fundingIsOpen ? 1 : 0,
        });
        writer.WriteStructs<uint>(_fundingAccounts.AsSpan(_fundingIsOpen ? _fundingNext : 0, _fundingIsOpen ? _fundingCount - _fundingNext : 0));
        writer.EndSection();
        SnapshotAccounts(writer);
        SnapshotOrders(writer);
        SnapshotQueues(writer);
        SnapshotRing(writer);
    }

    public void AddTo(ref StateHasher hasher)
    {
        var writer = new SnapshotWriter();
        Snapshot(writer);
        hasher.Add(writer.Written.Span);
    }

    private void SnapshotAccounts(SnapshotWriter writer)
    {
        writer.BeginSection(AccountsTag);
        int[] slots = new int[_accounts.Count];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = i;
        Array.Sort(slots, (a, b) => _accounts[a].Account.CompareTo(_accounts[b].Account));
        writer.Write(slots.Length);
        var events = new List<BookEvent>();
        foreach (int slot in slots)
        {
            BookAccount account = _accounts[slot];
            int open = account.OpenOrders;
            ForgetPlaces(ref account);
            writer.WriteStruct(account);
            writer.Write(open);
            for (int i = 0; i < account.Applied; i++)
                writer.WriteStruct(_accounts.Remembered(slot, i));
            events.Clear();
            CopyEvents(account.Account, 0, events);
            writer.Write(events.Count);
            foreach (BookEvent e in events)
                writer.WriteStruct(e);
        }

        writer.EndSection();
    }

    /// <summary>Where an account's orders and events stand here means nothing in another book.</summary>
    private static void ForgetPlaces(ref BookAccount account)
    {
        account.OutboxGeneration = 0;
        account.OutboxNewest = account.OutboxCount = 0;
        account.OrdersStart = account.OrdersSize = 0;
        account.OpenOrders = account.RestingReducing = 0;
        account.NextOfHome = 0;
    }

    private static void ForgetPlaces(ref Order order)
    {
        order.AccountSlot = order.AccountPlace = 0;
        order.BucketNext = order.Next = order.Previous = OrderTable.Nil;
        order.Level = LevelTable.None;
    }

    private void SnapshotOrders(SnapshotWriter writer)
    {
        writer.BeginSection(OrdersTag);
        var ids = new List<ulong>(_orders.Count);
        for (int account = 0; account < _accounts.Count; account++)
        {
            for (int place = 0; place < _accounts[account].OpenOrders; place++)
                ids.Add(_orders[_accountOrders.At(in _accounts[account], place)].Id);
        }

        ids.Sort();
        writer.Write(ids.Count);
        foreach (ulong id in ids)
        {
            int slot = _orders.Find(id);
            Order order = _orders[slot];
            writer.Write(_accounts[order.AccountSlot].Account);
            ForgetPlaces(ref order);
            OrderDetail detail = _orders.DetailOrPlain(slot);
            detail.RingEntry = 0;
            writer.WriteStruct(order);
            writer.WriteStruct(detail);
        }

        writer.EndSection();
    }

    private void SnapshotQueues(SnapshotWriter writer)
    {
        writer.BeginSection(QueuesTag);
        var ids = new List<ulong>();
        CopyQueue(Side.Buy, ids);
        CopyQueue(Side.Sell, ids);
        writer.WriteStructs<ulong>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
        ids.Clear();
        for (int i = 0; i < _queueCount; i++)
        {
            if (IsQueued(i))
                ids.Add(_queue[(_queueHead + i) & (_queue.Length - 1)].OrderId);
        }

        writer.WriteStructs<ulong>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
        writer.EndSection();
    }

    private void SnapshotRing(SnapshotWriter writer)
    {
        writer.BeginSection(RingTag);
        var entries = new List<(int AccountSlot, RememberedOrder Order)>();
        _ring.CopyAllTo(entries);
        writer.Write(entries.Count);
        foreach ((int accountSlot, RememberedOrder order) in entries)
        {
            writer.Write(_accounts[accountSlot].Account);
            writer.WriteStruct(order);
        }

        writer.EndSection();
    }

    private struct Head
    {
        public long TimeMs;
        public long MarkTicks;
        public long LastTicks;
        public ulong MarkNumber;
        public ulong LastOrderId;
        public ulong TradeCount;
        public long State;
        public ulong FundingRound;
        public long FundingRateE8;
        public long FundingMarkTicks;
        public long FundingRemainderE8;
        public long FundingStamp;
        public long FundingIsOpen;
    }
}
