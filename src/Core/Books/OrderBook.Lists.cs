using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Where an open order is linked: its level's queue, and its account's list of open orders.
public sealed partial class OrderBook
{
    /// <summary>Puts an order at the end of its price's queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Rest(ref Order order, int slot, ref BookAccount account)
    {
        order.Phase = OrderPhase.Resting;
        if (order.IsReducing)
            account.RestingReducing++;
        Link(ref order, slot, order.Side, order.PriceTicks, order.Leaves);
    }

    /// <summary>The link itself, of an order with these terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(ref Order order, int slot, Side side, long price, long lots)
    {
        int handle = _levels.GetOrAdd(price);
        ref Level level = ref _levels[handle];
        int tail = level.Tail;
        order.Level = handle;
        order.Next = OrderTable.Nil;
        order.Previous = tail;
        level.Tail = slot;
        unchecked
        {
            level.Lots += lots;
        }

        if (tail != OrderTable.Nil)
        {
            _orders[tail].Next = slot;
        }
        else
        {
            level.Head = slot;
            RaiseLevel(handle, side, price);
        }

        _output.AddTouched(price);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RaiseLevel(int handle, Side side, long price)
    {
        _levels.Set(handle);
        ref BestLevel best = ref _best[(int)side];
        if (best.IsWorseThan(side, price))
        {
            best.Ticks = price;
            best.Handle = handle;
        }
    }

    /// <summary>Takes an order out of its queue; the order itself goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unrest(ref Order order, ref BookAccount account)
    {
        if (order.IsReducing)
            account.RestingReducing--;
        Unlink(ref order);
        order.Level = LevelTable.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(ref Order order)
    {
        int handle = order.Level;
        int next = order.Next;
        int previous = order.Previous;
        ref Level level = ref _levels[handle];
        unchecked
        {
            level.Lots -= order.Leaves;
        }

        // The neighbour's link or the level's end, chosen without a branch: where in its queue an order stands nobody can foresee.
        Either(next, ref _orders.PreviousOf(next), ref level.Tail) = previous;
        Either(previous, ref _orders.NextOf(previous), ref level.Head) = next;
        if ((next & previous) == OrderTable.Nil)
            DropLevel(handle, order.Side);

        _output.AddTouched(order.PriceTicks);
    }

    /// <summary>The first reference if a slot is one, the second if it is <see cref="OrderTable.Nil"/>; both point to pinned memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ref int Either(int slot, ref int first, ref int second)
    {
        unchecked
        {
            nint ofSlot = (nint)Unsafe.AsPointer(ref first);
            nint ofNil = (nint)Unsafe.AsPointer(ref second);
            return ref *(int*)(ofSlot ^ ((ofSlot ^ ofNil) & (slot >> 31)));
        }
    }

    private void DropLevel(int handle, Side side)
    {
        _levels.Clear(handle);
        ref BestLevel best = ref _best[(int)side];
        if (handle == best.Handle)
        {
            int next = side == Side.Buy ? _levels.Below(handle) : _levels.Above(handle);
            best = next == LevelTable.None
                ? BestLevel.None(side)
                : new BestLevel { Ticks = _levels.PriceOf(next), Handle = next };
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

    /// <summary>Opens an order: a slot, the index, its account's orders. It is not on the book yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Order OpenOrder(ulong id, ref BookAccount account, int accountSlot, out int slot)
    {
        ref Order order = ref _orders.Add(id, out slot);
        order.AccountSlot = accountSlot;
        order.Level = LevelTable.None;
        _accountOrders.Add(ref account, ref order, slot);
        return ref order;
    }

    /// <summary>Closes an order that is in no queue any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CloseOrder(ref Order order, int slot, ref BookAccount account)
    {
        _accountOrders.Remove(ref account, in order, ref _orders);
        _orders.Remove(ref order, slot);
    }

    private void End(int slot, EndReason reason)
    {
        ref Order order = ref _orders[slot];
        End(ref order, slot, ref _accounts[order.AccountSlot], reason);
    }

    /// <summary>Ends an order wherever it is, with its event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(ref Order order, int slot, ref BookAccount account, EndReason reason)
    {
        if (order.IsPlainResting)
        {
            Unlink(ref order);
            EmitEnded(ref account, in order, reason);
            CloseOrder(ref order, slot, ref account);
        }
        else
        {
            EndRare(ref order, slot, ref account, reason);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndRare(ref Order order, int slot, ref BookAccount account, EndReason reason)
    {
        if (order.Phase == OrderPhase.Resting)
            Unrest(ref order, ref account);
        else if (order.Phase is OrderPhase.Waiting or OrderPhase.Inactive)
            _stops.Remove(ref _orders, slot);

        EmitEnded(ref account, in order, reason);
        if (order.IsDetailed)
            SettleDetail(in order, slot, reason.IsCanceled() ? OrderStatus.Canceled : OrderStatus.Expired, reason);
        CloseOrder(ref order, slot, ref account);
    }

    /// <summary>Ends all open orders of an account, waiting ones too, by id.</summary>
    private void EndAll(int accountSlot, EndReason reason)
    {
        foreach (int slot in _accountOrders.SortedById(in _accounts[accountSlot], ref _orders))
            End(slot, reason);
    }
}
