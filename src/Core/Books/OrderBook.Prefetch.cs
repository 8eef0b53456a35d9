using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

// Asking for the book's memory ahead, a reference a step, each for many commands before the next (Engine.Prefetch). They
// change nothing, and may be called with anything or not at all. An order id of 0 is none.
public sealed partial class OrderBook
{
    /// <summary>Asks in one for the account and the order of one of the next commands: for a book whose tables are near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint account, ulong orderId)
    {
        _accounts.PrefetchHome(account);
        _orders.PrefetchFirst(orderId);
    }

    /// <summary>The first step: the account, where the order is to be found or entered, and the level of the price (0: none).</summary>
    /// <param name="orderId">Of a new order: the id it will probably get.</param>
    public void PrefetchEntries(uint account, ulong orderId, long priceTicks)
    {
        _accounts.PrefetchHome(account);
        _orders.PrefetchBucket(orderId);
        _orders.PrefetchFree();
        if (priceTicks > 0 && _levels.Find(priceTicks) is var level and not LevelTable.None)
            CacheLine.Fetch(in _levels[level]);
    }

    /// <summary>The second: the order, the account's list of orders, and whom an order of this price would follow.</summary>
    public void PrefetchOrders(uint account, ulong orderId, long priceTicks)
    {
        int slot = _accounts.Find(account);
        if (slot != BookAccounts.None)
            _accountOrders.PrefetchPlace(in _accounts[slot]);
        if (orderId != 0)
            PrefetchOrder(_orders.FirstOf(orderId));
        if (priceTicks > 0 && _levels.Find(priceTicks) is var level and not LevelTable.None)
            PrefetchOrder(_levels[level].Tail);
    }

    /// <summary>The third, where an order leaves: its neighbours and level, and the account's last order, which takes its place in the list.</summary>
    public void PrefetchNeighbours(uint account, ulong orderId)
    {
        if (orderId == 0 || _orders.FirstOf(orderId) is not (var first and not OrderTable.Nil))
            return;
        ref readonly Order order = ref _orders[first];
        PrefetchOrder(order.Next);
        PrefetchOrder(order.Previous);
        if (order.Level != LevelTable.None)
            CacheLine.Fetch(in _levels[order.Level]);
        int slot = _accounts.Find(account);
        if (slot != BookAccounts.None && _accounts[slot].OpenOrders > 0)
            PrefetchOrder(_accountOrders.At(in _accounts[slot], _accounts[slot].OpenOrders - 1));
    }

    private void PrefetchOrder(int slot)
    {
        if (slot != OrderTable.Nil)
            CacheLine.Fetch(in _orders[slot]);
    }
}
