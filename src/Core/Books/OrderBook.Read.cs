using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// What hosts, accounts coming up again and tests may see; nothing here changes the book.
public sealed partial class OrderBook
{
    /// <summary>The best price at which a post-only order would rest; 0: none.</summary>
    public long PostOnlyTicks(Side side) => side == Side.Buy ? Math.Max(0, BestAskTicks - 1) : BestBidTicks + 1;

    /// <summary>Net position of a leg (0: one-way or LONG, 1: SHORT), in lots, signed.</summary>
    public long Position(uint account, int leg)
    {
        int slot = _accounts.Find(account);
        return slot == BookAccounts.None ? 0 : _accounts[slot].Lots(leg);
    }

    /// <summary>Cost of a leg's position, 1e-8.</summary>
    public long PositionCostE8(uint account, int leg)
    {
        int slot = _accounts.Find(account);
        return slot == BookAccounts.None ? 0 : _accounts[slot].CostE8(leg);
    }

    /// <summary>Number of the account's last event here.</summary>
    public ulong LastNumber(uint account)
    {
        int slot = _accounts.Find(account);
        return slot == BookAccounts.None ? 0 : _accounts[slot].LastNumber;
    }

    public int OpenOrdersOf(uint account)
    {
        int slot = _accounts.Find(account);
        return slot == BookAccounts.None ? 0 : _accounts[slot].OpenOrders;
    }

    /// <summary>The account's open orders, by id.</summary>
    public void CopyOpenOrders(uint account, List<OpenOrder> list)
    {
        int accountSlot = _accounts.Find(account);
        if (accountSlot == BookAccounts.None)
            return;
        foreach (int slot in _accountOrders.SortedById(in _accounts[accountSlot], ref _orders))
            list.Add(View(slot));
    }

    /// <summary>The account's events after a number, as far as they are not acknowledged.</summary>
    public void CopyEvents(uint account, ulong after, List<BookEvent> list)
    {
        int slot = _accounts.Find(account);
        if (slot == BookAccounts.None)
            return;
        int first = list.Count;
        int handle = _outboxes.NewestOf(in _accounts[slot]);
        for (; handle != Outboxes.Nil && _outboxes[handle].Number > after; handle = _outboxes.PreviousOf(handle))
            list.Add(_outboxes[handle]);
        list.Reverse(first, list.Count - first);
    }

    /// <summary>The account's oldest unacknowledged events after a number, in order and at most so many.</summary>
    public BookEvent[] CopyEvents(uint account, ulong after, int most)
    {
        int slot = _accounts.Find(account);
        if (slot == BookAccounts.None)
            return [];
        ref readonly BookAccount entry = ref _accounts[slot];
        ulong first = Math.Max(after, entry.LastNumber - (ulong)_outboxes.CountOf(in entry)) + 1;
        if (first > entry.LastNumber)
            return [];
        var events = new BookEvent[Math.Min((ulong)most, entry.LastNumber - first + 1)];
        int handle = _outboxes.NewestOf(in entry);
        for (ulong number = entry.LastNumber; number >= first; number--, handle = _outboxes.PreviousOf(handle))
        {
            if (number - first < (ulong)events.Length)
                events[number - first] = _outboxes[handle];
        }

        return events;
    }

    /// <summary>Number of the account's oldest event that is not acknowledged; 0: none.</summary>
    public ulong OldestUnacknowledged(uint account)
    {
        int slot = _accounts.Find(account);
        if (slot == BookAccounts.None)
            return 0;
        int count = _outboxes.CountOf(in _accounts[slot]);
        return count == 0 ? 0 : _accounts[slot].LastNumber - (ulong)count + 1;
    }

    /// <summary>The last mark the book was told, 0: none.</summary>
    public ulong MarkNumber => _markNumber;

    /// <summary>The largest time of any input.</summary>
    public long TimeMs => _timeMs;

    /// <summary>What an open order has filled: an amend names the total, this included. 0 if it is not open.</summary>
    public long FilledLotsOf(ulong orderId)
    {
        int slot = _orders.Find(orderId);
        return slot == OrderTable.Nil ? 0 : _orders[slot].Filled;
    }

    /// <summary>Epoch and number of the account's next batch; false: it must register first.</summary>
    public bool TryGetNextBatch(uint account, out uint epoch, out uint batch)
    {
        int slot = _accounts.Find(account);
        if (slot == BookAccounts.None)
        {
            epoch = 1;
            batch = 1;
            return false;
        }

        ref readonly BookAccount entry = ref _accounts[slot];
        epoch = entry.Epoch;
        batch = unchecked(entry.Batch + 1);
        return entry.IsRegistered;
    }

    /// <summary>An open order's side, price, and the price its margin is reserved at.</summary>
    public bool TryGetReserve(ulong orderId, out Side side, out long priceTicks, out long reserveTicks)
    {
        int slot = _orders.Find(orderId);
        if (slot == OrderTable.Nil)
        {
            (side, priceTicks, reserveTicks) = (default, 0, 0);
            return false;
        }

        ref readonly Order order = ref _orders[slot];
        (side, priceTicks, reserveTicks) = (order.Side, order.PriceTicks, _orders.DetailOrPlain(slot).ReserveTicks);
        return true;
    }

    public bool TryGetOrder(ulong orderId, out uint account, out OpenOrder order)
    {
        int slot = _orders.Find(orderId);
        if (slot == OrderTable.Nil)
        {
            account = 0;
            order = default;
            return false;
        }

        account = _accounts[_orders[slot].AccountSlot].Account;
        order = View(slot);
        return true;
    }

    /// <summary>Total and side of a price's level; 0: empty.</summary>
    public long LevelLots(long priceTicks, out Side side)
    {
        int handle = _levels.Find(priceTicks);
        side = priceTicks >= _best[1].Ticks ? Side.Sell : Side.Buy;
        return handle == LevelTable.None ? 0 : _levels[handle].Lots;
    }

    /// <summary>Copies the best levels of a side, best first; returns how many.</summary>
    public int CopyLevels(Side side, Span<(long PriceTicks, long Lots)> levels)
    {
        int count = 0;
        int handle = _best[(int)side].Handle;
        while (handle != LevelTable.None && count < levels.Length)
        {
            levels[count++] = (_levels.PriceOf(handle), _levels[handle].Lots);
            handle = side == Side.Buy ? _levels.Below(handle) : _levels.Above(handle);
        }

        return count;
    }

    /// <summary>Ids of a side's resting orders, best price first, then by arrival.</summary>
    public void CopyQueue(Side side, List<ulong> orderIds)
    {
        int handle = _best[(int)side].Handle;
        while (handle != LevelTable.None)
        {
            for (int slot = _levels[handle].Head; slot != OrderTable.Nil; slot = _orders[slot].Next)
                orderIds.Add(_orders[slot].Id);
            handle = side == Side.Buy ? _levels.Below(handle) : _levels.Above(handle);
        }
    }

    /// <summary>Accounts the book knows, in no particular order of meaning: by first registration.</summary>
    public void CopyAccounts(List<uint> accounts)
    {
        for (int slot = 0; slot < _accounts.Count; slot++)
            accounts.Add(_accounts[slot].Account);
    }

    /// <summary>How many accounts the book knows.</summary>
    internal int AccountCount => _accounts.Count;

    /// <summary>Lots that a close would find at its limit or better, counted until there are enough.</summary>
    internal long LotsWithin(Side closing, long limitTicks, long enough)
    {
        Side side = closing.Opposite();
        long lots = 0;
        int handle = _best[(int)side].Handle;
        while (handle != LevelTable.None && lots < enough
            && (side == Side.Buy ? _levels.PriceOf(handle) >= limitTicks : _levels.PriceOf(handle) <= limitTicks))
        {
            lots += _levels[handle].Lots;
            handle = side == Side.Buy ? _levels.Below(handle) : _levels.Above(handle);
        }

        return lots;
    }

    /// <summary>Equity that was reported last of a position's pool.</summary>
    public long ReportedEquityE8(uint account, int leg) => _accounts[_accounts.Find(account)].EquityE8(leg);

    private OpenOrder View(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        OrderDetail detail = _orders.DetailOrPlain(slot);
        return new OpenOrder
        {
            OrderId = order.Id,
            ClientKey = detail.ClientKey,
            PriceTicks = order.PriceTicks,
            StopTicks = detail.StopTicks,
            TotalLots = order.TotalLots,
            FilledLots = order.Filled,
            ReserveTicks = detail.ReserveTicks,
            WorstTicks = detail.WorstTicks,
            GtdMs = detail.GtdMs,
            Side = order.Side,
            Type = order.Type,
            TimeInForce = order.TimeInForce,
            Stp = order.Stp,
            PositionSide = order.PositionSide,
            Flags = order.Flags,
            IsWaiting = order.Phase is OrderPhase.Waiting or OrderPhase.Inactive or OrderPhase.Met,
        };
    }
}
