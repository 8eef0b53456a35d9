using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts.Links;

/// <summary>The account's copy of a book's ring of client order ids: the last orders placed with RETURN.</summary>
internal sealed class ClientIdMemory
{
    private readonly ClientKey[] _keys = new ClientKey[Limits.ClientIdsPerAccount];
    private readonly ulong[] _keyHighs = new ulong[Limits.ClientIdsPerAccount];
    private readonly ulong[] _hashes = new ulong[Limits.ClientIdsPerAccount];
    private readonly ulong[] _orders = new ulong[Limits.ClientIdsPerAccount];
    private int _next;
    private int _count;

    public void Add(ClientKey key, ulong contentHash, ulong orderId)
    {
        if (TryFind(key, out _, out _))
            return;
        _keys[_next] = key;
        _keyHighs[_next] = key.High;
        _hashes[_next] = contentHash;
        _orders[_next] = orderId;
        _count = Math.Max(_count, _next + 1);
        _next = (_next + 1) % Limits.ClientIdsPerAccount;
    }

    public void Add(in RememberedOrder order) => Add(order.Key, order.ContentHash, order.OrderId);

    public bool TryFind(ClientKey key, out ulong contentHash, out ulong orderId)
    {
        int from = 0;
        while (from < _count)
        {
            int found = _keyHighs.AsSpan(from, _count - from).IndexOf(key.High);
            if (found < 0)
                break;
            int at = from + found;
            if (_keys[at] == key)
            {
                contentHash = _hashes[at];
                orderId = _orders[at];
                return true;
            }

            from = at + 1;
        }

        contentHash = 0;
        orderId = 0;
        return false;
    }
}
