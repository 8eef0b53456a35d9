using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts.Links;

/// <summary>The account's copy of a book's ring of client order ids: the last orders placed with RETURN.</summary>
/// <remarks>It grows with what it holds: most accounts place few orders in most of their symbols.</remarks>
internal sealed class ClientIdMemory
{
    private const int FirstCapacity = 8;
    private ulong[] _keyHighs = new ulong[FirstCapacity];
    private Entry[] _entries = new Entry[FirstCapacity];
    private int _next;
    private int _count;

    public void Add(ClientKey key, ulong contentHash, ulong orderId)
    {
        if (TryFind(key, out _, out _))
            return;
        if (_next == _entries.Length && _next < Limits.ClientIdsPerAccount)
        {
            Array.Resize(ref _entries, _next * 2);
            Array.Resize(ref _keyHighs, _next * 2);
        }

        int at = _next % Limits.ClientIdsPerAccount;
        _keyHighs[at] = key.High;
        _entries[at] = new Entry(key.Low, contentHash, orderId);
        _next = at + 1;
        _count = Math.Max(_count, _next);
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
            if (_entries[at].KeyLow == key.Low)
            {
                contentHash = _entries[at].ContentHash;
                orderId = _entries[at].OrderId;
                return true;
            }

            from = at + 1;
        }

        contentHash = 0;
        orderId = 0;
        return false;
    }

    private readonly record struct Entry(ulong KeyLow, ulong ContentHash, ulong OrderId);
}
