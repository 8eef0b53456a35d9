using System.Buffers;
using System.Text;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

// What any thread may ask: rows are copied under the lock, and made into views outside of it.
public sealed partial class AccountViews
{
    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong, CancellationToken)"/>.</summary>
    public OrderView? FindOrder(uint account, ulong orderId)
    {
        StoredOrder order;
        lock (Gate)
        {
            int row = _accounts.TryGetValue(account, out AccountHistory? history) ? history.Orders.Find(history.KeyOf(orderId)) : -1;
            if (row < 0)
                return null;
            order = store.Orders[row];
        }

        return order.ToView();
    }

    /// <summary>See <see cref="IExchange.FindOrder(uint, int, string, CancellationToken)"/>.</summary>
    /// <param name="symbol">-1: any.</param>
    /// <param name="symbols">How many there are.</param>
    public OrderView? FindOrder(uint account, int symbol, string clientOrderId, int symbols)
    {
        Span<byte> ascii = stackalloc byte[ClientOrderId.Capacity];
        if (clientOrderId.Length is 0 or > ClientOrderId.Capacity || !Ascii.IsValid(clientOrderId))
            return null;
        ascii = ascii[..Encoding.ASCII.GetBytes(clientOrderId, ascii)];
        ClientKey key = ClientKey.From(ascii);
        StoredOrder order = default;
        lock (Gate)
        {
            for (int at = Math.Max(0, symbol); at < (symbol < 0 ? symbols : symbol + 1); at++)
            {
                if (_clientIds.TryGetValue(new ClientSlot(account, at, key), out int row) && store.Orders[row].CreatedMs >= order.CreatedMs)
                    order = store.Orders[row];
            }
        }

        if (order.OrderId == 0)
            return null;
        OrderView view = order.ToView();
        if (order.ClientId.IsKeyOnly)
            return view with { ClientOrderId = clientOrderId };
        return string.Equals(view.ClientOrderId, clientOrderId, StringComparison.Ordinal) ? view : null;
    }

    /// <summary>See <see cref="IExchange.GetOrders"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<OrderView> GetOrders(uint account, int symbol, ulong before, int limit)
    {
        limit = Math.Clamp(limit, 1, Limits.RowsPerPage);
        StoredOrder[] rows = ArrayPool<StoredOrder>.Shared.Rent(limit);
        int count = 0;
        ulong next = 0;
        lock (Gate)
        {
            if (_accounts.TryGetValue(account, out AccountHistory? history))
                count = Copy(history.Orders, store.Orders, symbol, before, rows.AsSpan(0, limit), out next);
        }

        var views = new OrderView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ArrayPool<StoredOrder>.Shared.Return(rows);
        return new Page<OrderView>(views, next);
    }

    /// <summary>Open orders of an account by id; a <paramref name="symbol"/> below 0 is any.</summary>
    public OrderView[] GetOpenOrders(uint account, int symbol)
    {
        StoredOrder[] rows;
        int count;
        lock (Gate)
        {
            if (!_accounts.TryGetValue(account, out AccountHistory? history))
                return [];
            rows = ArrayPool<StoredOrder>.Shared.Rent(history.OpenOrders.Count);
            count = Copy(history.OpenOrders, store.Orders, symbol, 0, rows, out _);
        }

        var views = new OrderView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[count - 1 - i].ToView();
        ArrayPool<StoredOrder>.Shared.Return(rows);
        return views;
    }

    /// <summary>See <see cref="IExchange.GetFills"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit) => GetFills(account, symbol, before, limit, out _);

    /// <summary>The same.</summary>
    /// <param name="last">Number of the last one of the page; 0: it has none.</param>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit, out ulong last)
    {
        limit = Math.Clamp(limit, 1, Limits.RowsPerPage);
        StoredFill[] rows = ArrayPool<StoredFill>.Shared.Rent(limit);
        int count = 0;
        ulong next = 0;
        lock (Gate)
        {
            if (_accounts.TryGetValue(account, out AccountHistory? history))
                count = Copy(history.Fills, store.Fills, symbol, before, rows.AsSpan(0, limit), out next);
        }

        last = count == 0 ? 0 : rows[count - 1].Number;
        var views = new FillView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ArrayPool<StoredFill>.Shared.Return(rows);
        return new Page<FillView>(views, next);
    }

    /// <summary>What an order's placing is answered with when it is asked again: what it traded at once, oldest first.</summary>
    /// <remarks>Of the newest page of the account's fills in the symbol: what is further back is left out.</remarks>
    public FillView[] FillsAtEntry(OrderView order) =>
        order.FilledLots == 0 ? [] : [.. GetFills(order.Account, order.Symbol, 0, int.MaxValue).Items
            .Where(fill => fill.OrderId == order.OrderId && !fill.IsMaker && fill.TimeMs == order.CreatedMs).Reverse()];

    /// <summary>See <see cref="IExchange.GetLedger"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public LedgerView GetLedger(uint account, int symbol, ulong before, int limit)
    {
        limit = Math.Clamp(limit, 1, Limits.RowsPerPage);
        StoredMovement[] rows = ArrayPool<StoredMovement>.Shared.Rent(limit);
        int count = 0;
        ulong next = 0;
        long beginsMs = store.LedgerBeginsMs;
        lock (Gate)
        {
            if (_accounts.TryGetValue(account, out AccountHistory? history))
            {
                count = Copy(history.Movements, store.Movements, symbol, before, rows.AsSpan(0, limit), out next);
                if (history.OldMovements.Count > 0 && store.Movements[history.OldMovements.Oldest] is { Number: > 1 } oldest)
                    beginsMs = Math.Max(beginsMs, oldest.TimeMs);
            }
        }

        var views = new MovementView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ArrayPool<StoredMovement>.Shared.Return(rows);
        return new LedgerView(views, next, beginsMs);
    }

    /// <summary>What is missing among what is kept of an account.</summary>
    public HistoryCut GetCut(uint account)
    {
        HistoryCut cut = store.RestoredCut;
        lock (Gate)
        {
            if (!_accounts.TryGetValue(account, out AccountHistory? history))
                return cut;
            return new HistoryCut(Math.Max(cut.OrdersThrough, history.Cut.OrdersThrough), cut.Fills || history.Cut.Fills, history.Cut.Movements);
        }
    }

    /// <summary>Copies rows, newest first, as many as there is room for.</summary>
    /// <param name="next">Key of the last one if there are more; else 0.</param>
    private static int Copy<T>(RowIndex index, RowStore<T> rows, int symbol, ulong before, Span<T> into, out ulong next)
        where T : unmanaged
    {
        int count = 0;
        ulong last = 0;
        int at = index.Start(before);
        while (index.MoveToOlder(ref at, symbol, out RowKey key))
        {
            if (count == into.Length)
            {
                next = last;
                return count;
            }

            into[count++] = rows[key.Row];
            last = key.Key;
        }

        next = 0;
        return count;
    }
}
