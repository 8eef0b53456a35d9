using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Where an open order is linked: its level's queue, and its account's list of open orders.
public sealed partial class OrderBook
{
    /// <summary>Puts an order at the end of its price's queue.</summary>
    private void Rest(int slot)
    {
        ref Order order = ref _orders[slot];
        int handle = _levels.GetOrAdd(order.PriceTicks);
        ref Level level = ref _levels[handle];
        order.Level = handle;
        order.Phase = OrderPhase.Resting;
        order.Next = OrderTable.Nil;
        order.Previous = level.Tail;
        if (level.Tail == OrderTable.Nil)
        {
            level.Head = slot;
            _levels.Set(handle);
            if (order.Side == Side.Buy)
            {
                if (order.PriceTicks > _bestBidTicks)
                {
                    _bestBidTicks = order.PriceTicks;
                    _bestBid = handle;
                }
            }
            else if (order.PriceTicks < _bestAskTicks)
            {
                _bestAskTicks = order.PriceTicks;
                _bestAsk = handle;
            }
        }
        else
        {
            _orders[level.Tail].Next = slot;
        }

        unchecked
        {
            level.Tail = slot;
            level.Lots += order.Leaves;
        }

        if (order.IsReducing)
            _accounts[order.AccountSlot].RestingReducing++;
        _output.AddTouched(order.PriceTicks);
    }

    /// <summary>Takes an order out of its queue; the order itself goes on.</summary>
    private void Unrest(int slot)
    {
        ref Order order = ref _orders[slot];
        int handle = order.Level;
        ref Level level = ref _levels[handle];
        if (order.Previous == OrderTable.Nil)
            level.Head = order.Next;
        else
            _orders[order.Previous].Next = order.Next;
        if (order.Next == OrderTable.Nil)
            level.Tail = order.Previous;
        else
            _orders[order.Next].Previous = order.Previous;
        unchecked
        {
            level.Lots -= order.Leaves;
        }

        order.Level = LevelTable.None;
        if (order.IsReducing)
            _accounts[order.AccountSlot].RestingReducing--;
        _output.AddTouched(order.PriceTicks);
        if (level.Head == OrderTable.Nil)
            DropLevel(handle, order.Side);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void DropLevel(int handle, Side side)
    {
        _levels.Clear(handle);
        if (side == Side.Buy)
        {
            if (handle == _bestBid)
            {
                _bestBid = _levels.Below(handle);
                _bestBidTicks = _bestBid == LevelTable.None ? long.MinValue : _levels.PriceOf(_bestBid);
            }
        }
        else if (handle == _bestAsk)
        {
            _bestAsk = _levels.Above(handle);
            _bestAskTicks = _bestAsk == LevelTable.None ? long.MaxValue : _levels.PriceOf(_bestAsk);
        }

        _levels.Release(handle);
    }

    /// <summary>Changes what is left of a resting order, in place.</summary>
    private void SetLeaves(ref Order order, long leaves)
    {
        unchecked
        {
            _levels[order.Level].Lots += leaves - order.Leaves;
        }

        order.Leaves = leaves;
        _output.AddTouched(order.PriceTicks);
    }

    /// <summary>Opens an order: a slot, the index, the end of the account's list. It is not on the book yet.</summary>
    private int OpenOrder(ulong id, int accountSlot)
    {
        int slot = _orders.Add(id);
        ref Order order = ref _orders[slot];
        ref BookAccount account = ref _accounts[accountSlot];
        order.AccountSlot = accountSlot;
        order.Level = LevelTable.None;
        order.AccountNext = OrderTable.Nil;
        order.AccountPrevious = account.OrdersTail;
        if (account.OrdersTail == OrderTable.Nil)
            account.OrdersHead = slot;
        else
            _orders[account.OrdersTail].AccountNext = slot;
        account.OrdersTail = slot;
        unchecked
        {
            account.OpenOrders++;
        }

        return slot;
    }

    /// <summary>Closes an order that is in no queue any more.</summary>
    private void CloseOrder(int slot)
    {
        ref Order order = ref _orders[slot];
        ref BookAccount account = ref _accounts[order.AccountSlot];
        if (order.AccountPrevious == OrderTable.Nil)
            account.OrdersHead = order.AccountNext;
        else
            _orders[order.AccountPrevious].AccountNext = order.AccountNext;
        if (order.AccountNext == OrderTable.Nil)
            account.OrdersTail = order.AccountPrevious;
        else
            _orders[order.AccountNext].AccountPrevious = order.AccountPrevious;
        unchecked
        {
            account.OpenOrders--;
        }

        _orders.Remove(slot);
    }

    /// <summary>Ends an order wherever it is, with its event.</summary>
    private void End(int slot, EndReason reason)
    {
        ref Order order = ref _orders[slot];
        switch (order.Phase)
        {
            case OrderPhase.Resting: Unrest(slot); break;
            case OrderPhase.Waiting or OrderPhase.Inactive: _stops.Remove(slot); break;
            case OrderPhase.Met or OrderPhase.Taking: break;
        }

        if (order.TimeInForce == TimeInForce.Gtd)
            _gtds.Remove(slot);
        ref BookEvent e = ref EmitForOrder(
            ref _accounts[order.AccountSlot], reason.IsCanceled() ? BookEventKind.Canceled : BookEventKind.Expired, in order);
        e.Reason = reason;
        e.Lots = order.Leaves;
        e.LeavesLots = 0;
        SettleRing(slot, reason.IsCanceled() ? OrderStatus.Canceled : OrderStatus.Expired, reason);
        CloseOrder(slot);
    }
}
