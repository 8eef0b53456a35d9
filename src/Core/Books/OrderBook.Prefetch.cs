namespace Exchange.Core.Books;

// Asking for the book's memory ahead, a reference a step, each for many commands before the next (Engine.Prefetch). They
// change nothing, and may be called with anything or not at all. An order id of 0 is none.
public sealed partial class OrderBook
{
    /// <summary>The first step: where account and order are to be found.</summary>
    public void PrefetchIndexes(uint account, ulong orderId)
    {
        _accounts.PrefetchIndex(account);
        if (orderId != 0)
            _orders.PrefetchBucket(orderId);
    }

    /// <summary>The second: account, order, and the level of the price.</summary>
    public void PrefetchEntries(uint account, ulong orderId, long priceTicks)
    {
        int accountSlot = _accounts.Find(account);
        if (accountSlot != BookAccounts.None)
            CacheLine.Fetch(in _accounts[accountSlot]);
        if (orderId != 0 && _orders.FirstOf(orderId) is var slot and not OrderTable.Nil)
            CacheLine.Fetch(in _orders[slot]);
        if (priceTicks > 0 && _levels.Find(priceTicks) is var level and not LevelTable.None)
            CacheLine.Fetch(in _levels[level]);
    }

    /// <summary>The third: what stands beside them.</summary>
    public void PrefetchNeighbours(uint account, ulong orderId, long priceTicks)
    {
        int accountSlot = _accounts.Find(account);
        if (accountSlot != BookAccounts.None)
            _accountOrders.PrefetchPlace(in _accounts[accountSlot]);
        if (priceTicks > 0 && _levels.Find(priceTicks) is var level and not LevelTable.None)
            PrefetchOrder(_levels[level].Tail);
        if (orderId == 0 || _orders.FirstOf(orderId) is not (var slot and not OrderTable.Nil))
            return;
        ref readonly Order order = ref _orders[slot];
        PrefetchOrder(order.Next);
        PrefetchOrder(order.Previous);
        if (order.Level != LevelTable.None)
            CacheLine.Fetch(in _levels[order.Level]);
    }

    /// <summary>The fourth, where an order leaves: taking it out moves the account's last one into its place.</summary>
    public void PrefetchLastOrder(uint account)
    {
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
