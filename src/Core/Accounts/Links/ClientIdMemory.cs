using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts.Links;

/// <summary>The account's copy of a book's ring of client order ids: the last orders placed with RETURN.</summary>
/// <remarks>It grows with what it holds: most accounts place few orders in most of their symbols.</remarks>
internal sealed class ClientIdMemory
{
    private const int FirstCapacity = 8;
    private uint[] _hashes = new uint[FirstCapacity];
    private RememberedOrder[] _entries = new RememberedOrder[FirstCapacity];
    private int _next;
    private int _count;

    /// <param name="order">Its outcome is that of when the book told of it: of an order that ended since, the history knows more.</param>
    public void Add(in RememberedOrder order)
    {
        if (TryFind(order.Key, out _))
            return;
        if (_next == _entries.Length && _next < Limits.ClientIdsPerAccount)
        {
            Array.Resize(ref _entries, _next * 2);
            Array.Resize(ref _hashes, _next * 2);
        }

        int at = _next % Limits.ClientIdsPerAccount;
        _hashes[at] = HashOf(order.Key);
        _entries[at] = order;
        _next = at + 1;
        _count = Math.Max(_count, _next);
    }

    public bool TryFind(ClientKey key, out RememberedOrder order)
    {
        int from = 0;
        uint hash = HashOf(key);
        while (from < _count)
        {
            int found = _hashes.AsSpan(from, _count - from).IndexOf(hash);
            if (found < 0)
                break;
            int at = from + found;
            order = _entries[at];
            if (order.Key == key)
                return true;

            from = at + 1;
        }

        order = default;
        return false;
    }

    /// <summary>Of both halves: ids of one client often begin or end alike.</summary>
    private static uint HashOf(ClientKey key)
    {
        ulong mixed = unchecked((key.High ^ ulong.RotateLeft(key.Low, 32)) * 0x9E37_79B9_7F4A_7C15);
        return (uint)(mixed >> 32);
    }
}
