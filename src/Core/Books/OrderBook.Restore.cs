using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Books;

// The way back. The bytes may lie, and indexes into the book's tables are not checked in Release: so every place is found anew,
// and what names something must name what is there.
public sealed partial class OrderBook
{
    /// <summary>Takes the state of a snapshot; this book must be new.</summary>
    public void Restore(SnapshotReader reader)
    {
        Invariant.Holds(_accounts.Count == 0);
        reader.BeginSection(BookTag);
        Head head = reader.ReadStruct<Head>();
        _timeMs = head.TimeMs;
        _markTicks = head.MarkTicks;
        _lastTicks = head.LastTicks;
        _markNumber = head.MarkNumber;
        _lastOrderId = head.LastOrderId;
        _tradeCount = head.TradeCount;
        SetState((TradingState)head.State);
        _fundingRound = head.FundingRound;
        _fundingRateE8 = head.FundingRateE8;
        _fundingMarkTicks = head.FundingMarkTicks;
        _fundingRemainderE8 = head.FundingRemainderE8;
        _fundingStamp = (int)head.FundingStamp;
        _fundingIsOpen = head.FundingIsOpen != 0;
        _fundingAccounts = reader.ReadStructs<uint>(int.MaxValue);
        _fundingCount = _fundingAccounts.Length;
        reader.EndSection();
        RestoreAccounts(reader);
        foreach (uint account in _fundingAccounts)
            KnownAccount(account);
        RestoreOrders(reader);
        RestoreQueues(reader);
        RestoreRing(reader);
        CheckInvariants();
    }

    private void RestoreAccounts(SnapshotReader reader)
    {
        reader.BeginSection(AccountsTag);
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            BookAccount account = reader.ReadStruct<BookAccount>();
            ForgetPlaces(ref account); // Indexes are this book's own, whatever the bytes say.
            Invariant.Holds(_accounts.Find(account.Account) == BookAccounts.None);
            reader.ReadInt32();
            int slot = _accounts.Add(account.Account);
            for (int command = 0; command < account.Applied; command++)
            {
                CommandOutcome outcome = reader.ReadStruct<CommandOutcome>();
                _accounts.Remember(ref account, slot, command, account.Applied, outcome.Reason, outcome.OrderId);
            }

            ref BookAccount entry = ref _accounts[slot];
            account.NextOfHome = entry.NextOfHome;
            entry = account;
            if (entry.IsOverOutbox)
                _heldAccounts++;
            RestoreOutbox(reader, ref entry);
            if (entry.CountdownMs != 0)
                AddCountdown(slot, entry.CountdownMs, entry.Account);
        }

        reader.EndSection();
    }

    private void RestoreOutbox(SnapshotReader reader, ref BookAccount account)
    {
        int events = reader.ReadCount(int.MaxValue);
        for (int left = events - 1; left >= 0; left--)
        {
            BookEvent e = reader.ReadStruct<BookEvent>();
            Invariant.Holds(e.Account == account.Account && e.Number == account.LastNumber - (ulong)left);
            _outboxes.Append(ref account) = e;
        }
    }

    private void RestoreOrders(SnapshotReader reader)
    {
        reader.BeginSection(OrdersTag);
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            int accountSlot = KnownAccount(reader.ReadUInt32());
            Order saved = reader.ReadStruct<Order>();
            OrderDetail detail = reader.ReadStruct<OrderDetail>();
            ForgetPlaces(ref saved);
            detail.RingEntry = 0;
            Invariant.Holds(_orders.Find(saved.Id) == OrderTable.Nil);
            Invariant.Holds(saved.IsDetailed || saved.TimeInForce != TimeInForce.Gtd);
            ref Order order = ref OpenOrder(saved.Id, ref _accounts[accountSlot], accountSlot, out int slot);
            saved.AccountSlot = accountSlot;
            saved.AccountPlace = order.AccountPlace;
            saved.BucketNext = order.BucketNext;
            order = saved;
            if (order.IsDetailed)
                _orders.Detail(slot) = detail;
            if (order.Phase is OrderPhase.Waiting or OrderPhase.Inactive)
                _stops.Add(ref _orders, slot);
            if (order.TimeInForce == TimeInForce.Gtd)
                AddGtd(slot, detail.GtdMs, order.Id);
        }

        reader.EndSection();
    }

    private void RestoreQueues(SnapshotReader reader)
    {
        var output = new BookOutput();
        _output = output;
        reader.BeginSection(QueuesTag);
        foreach (ulong id in reader.ReadStructs<ulong>(int.MaxValue))
        {
            int slot = KnownOrder(id, OrderPhase.Resting);
            ref Order order = ref _orders[slot];
            Rest(ref order, slot, ref _accounts[order.AccountSlot]);
        }

        foreach (ulong id in reader.ReadStructs<ulong>(int.MaxValue))
            Enqueue(KnownOrder(id, OrderPhase.Met));
        reader.EndSection();
    }

    private void RestoreRing(SnapshotReader reader)
    {
        reader.BeginSection(RingTag);
        int count = reader.ReadCount(int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            int accountSlot = KnownAccount(reader.ReadUInt32());
            RememberedOrder saved = reader.ReadStruct<RememberedOrder>();
            int entry = _ring.Add(accountSlot, saved.Key, saved.ContentHash, saved.OrderId, ForgetRingEntry);
            _ring.Settle(entry, saved.Status, saved.Reason, saved.FilledLots);
            int slot = _orders.Find(saved.OrderId);
            if (slot != OrderTable.Nil)
                _orders.Detail(slot).RingEntry = entry + 1;
        }

        reader.EndSection();
    }

    private int KnownAccount(uint account)
    {
        int slot = _accounts.Find(account);
        return slot != BookAccounts.None ? slot : throw new SnapshotException($"Account {account} is not in the snapshot's book.");
    }

    private int KnownOrder(ulong id, OrderPhase phase)
    {
        int slot = _orders.Find(id);
        return slot != OrderTable.Nil && _orders[slot].Phase == phase && _orders[slot].Level == LevelTable.None
            ? slot
            : throw new SnapshotException($"Order {id} is queued in the snapshot's book, and not there or not once.");
    }
}
