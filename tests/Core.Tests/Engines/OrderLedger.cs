using Exchange.Core.Books;

namespace Exchange.Core.Tests.Engines;

/// <summary>Every order as its events tell it: filled is the sum of its trades, never above the total, and an end is the end.</summary>
internal sealed class OrderLedger
{
    private readonly Dictionary<ulong, Entry> _open = [];
    private readonly Dictionary<ulong, long> _ended = [];

    /// <summary>Not of a position, nor a liquidation's own side of a trade.</summary>
    public static bool IsOfOrder(in BookEvent e) => e.Kind is >= BookEventKind.Accepted and <= BookEventKind.Expired && e.OrderId != 0;

    public long TotalLots(ulong orderId) => _open.TryGetValue(orderId, out Entry order) ? order.TotalLots : _ended[orderId];

    public void Follow(in BookEvent e)
    {
        if (!IsOfOrder(in e))
            return;
        Invariant.Holds(!_ended.ContainsKey(e.OrderId));
        if (e.Kind == BookEventKind.Accepted)
        {
            _open.Add(e.OrderId, new Entry(e.Account, e.Lots, 0));
            return;
        }

        Entry order = _open[e.OrderId];
        Invariant.Holds(order.Account == e.Account);
        switch (e.Kind)
        {
            case BookEventKind.Triggered or BookEventKind.Trimmed or BookEventKind.Amended:
                // A close-position order has no quantity of its own until it is triggered.
                Invariant.Holds(e.Kind != BookEventKind.Triggered || order.TotalLots == 0 || order.TotalLots == e.Lots);
                order = order with { TotalLots = e.Lots };
                break;
            case BookEventKind.Fill:
                Invariant.Holds(e.Lots > 0);
                order = order with { FilledLots = order.FilledLots + e.Lots };
                break;
            default:
                Invariant.Holds(e.LeavesLots == 0);
                Close(e.OrderId, order, e.Lots);
                return;
        }

        Invariant.Holds(order.FilledLots <= order.TotalLots);
        _open[e.OrderId] = order;
        if (e.Kind == BookEventKind.Fill && e.LeavesLots == 0)
            Close(e.OrderId, order, leftLots: 0);
    }

    /// <summary>The books know the same orders as open, with the same figures.</summary>
    public void Compare(Engine engine)
    {
        int open = 0;
        foreach (OrderBook book in engine.Books)
            open += book.OpenOrderCount;
        Invariant.Holds(open == _open.Count);
        foreach ((ulong id, Entry order) in _open)
        {
            OpenOrder found = default;
            uint account = 0;
            foreach (OrderBook book in engine.Books)
            {
                if (book.TryGetOrder(id, out account, out found))
                    break;
            }

            Invariant.Holds(account == order.Account);
            Invariant.Holds(found.TotalLots == order.TotalLots);
            Invariant.Holds(found.FilledLots == order.FilledLots);
        }
    }

    private void Close(ulong id, Entry order, long leftLots)
    {
        Invariant.Holds(order.FilledLots + leftLots == order.TotalLots);
        _open.Remove(id);
        _ended.Add(id, order.TotalLots);
    }

    private readonly record struct Entry(uint Account, long TotalLots, long FilledLots);
}
