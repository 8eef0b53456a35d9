using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Recent client order ids: what makes a repeated place return the first order (docs/protocol.md 3).
public sealed partial class OrderBook
{
    private readonly ClientIdRing _ring = new();
    private Action<int>? _forgetRingEntry;

    /// <summary>The account's order with this client id among its last 1,024 here.</summary>
    public bool TryRecall(uint account, ClientKey key, out RememberedOrder order)
    {
        order = default;
        int slot = _accounts.Find(account);
        int entry = slot == BookAccounts.None ? -1 : _ring.Find(slot, key);
        if (entry < 0)
            return false;
        order = _ring[entry];
        return true;
    }

    /// <summary>All the account's remembered client ids, oldest first: an account's copy is made of these.</summary>
    public void CopyClientIds(uint account, List<RememberedOrder> list)
    {
        int slot = _accounts.Find(account);
        if (slot != BookAccounts.None)
            _ring.CopyTo(slot, list);
    }

    private int RememberClientId(int accountSlot, in OrderTerms terms, ulong orderId)
    {
        if (_ring.Find(accountSlot, terms.ClientKey) >= 0)
            return 0; // The account looks repeats up first; one that slips through is an order like any other.
        _forgetRingEntry ??= ForgetRingEntry;
        return _ring.Add(accountSlot, terms.ClientKey, terms.ContentHash(), orderId, _forgetRingEntry) + 1;
    }

    private void ForgetRingEntry(int entry)
    {
        int slot = _orders.Find(_ring[entry].OrderId);
        if (slot != OrderTable.Nil)
            _orders.Detail(slot).RingEntry = 0;
    }

    /// <summary>Notes the end of a detailed order, if its client id is remembered.</summary>
    private void SettleRing(int slot, OrderStatus status, EndReason reason)
    {
        int entry = _orders.Detail(slot).RingEntry;
        if (entry != 0)
            _ring.Settle(entry - 1, status, reason, _orders[slot].Filled);
    }
}
