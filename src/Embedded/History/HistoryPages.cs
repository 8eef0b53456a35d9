using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.History;

/// <summary>Pages that go on in the database where the views end: their readers see no seam.</summary>
/// <remarks>
/// What is at hand is taken from there, and the database is asked only where something may be missing. What it answers counts if it
/// is as far as the views begin: a writer or a copy that is behind would leave a hole, and then nothing is answered instead.
/// </remarks>
internal sealed class HistoryPages(VenueViews views, HistoryReader database, ViewLimits limits)
{
    public async ValueTask<Page<TradeView>> Trades(int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        limit = Math.Clamp(limit, 1, limits.RowsPerPage);
        ulong seen = views.Sequence;
        Page<TradeView> page = views.GetTrades(symbol, before, limit);
        if (page.Next != 0 || views.TradesBeginMs(symbol) is not { } beginMs)
            return page;
        ulong below = page.Items.Length > 0 ? page.Items[^1].TradeId : before;
        if (below == 1)
            return page;
        HistoryRows<TradeView> older = await database.Trades(symbol, below, limit - page.Items.Length + 1, cancellation);
        Require(older.At, beginMs, seen);
        return Join(page.Items, older.Items, limit, trade => trade.TradeId);
    }

    public async ValueTask<Page<FundingView>> Funding(int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        limit = Math.Clamp(limit, 1, limits.RowsPerPage);
        ulong seen = views.Sequence;
        Page<FundingView> page = views.GetFunding(symbol, before, limit);
        if (page.Next != 0 || views.FundingsBeginMs(symbol) is not { } beginMs)
            return page;
        ulong below = page.Items.Length > 0 ? (ulong)page.Items[^1].SettlementMs : before;
        HistoryRows<FundingView> older = await database.Funding(symbol, below, limit - page.Items.Length + 1, cancellation);
        Require(older.At, beginMs, seen);
        return Join(page.Items, older.Items, limit, round => (ulong)round.SettlementMs);
    }

    public async ValueTask<Page<FillView>> Fills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        limit = Math.Clamp(limit, 1, limits.RowsPerPage);
        ulong seen = views.Sequence;
        Page<FillView> page = views.GetFills(account, symbol, before, limit, out ulong last);
        if (page.Next != 0 || !views.GetCut(account).Fills)
            return page;
        HistoryRows<FillRow> older = await database.Fills(account, symbol, Below(page.Items.Length > 0 ? last : before), limit - page.Items.Length + 1, cancellation);
        Require(older.At, views.DroppedMs, seen);
        int room = limit - page.Items.Length;
        ulong next = older.Items.Length <= room ? 0 : room > 0 ? older.Items[room - 1].Number : last;
        return new Page<FillView>([.. page.Items, .. older.Items.Take(room).Select(row => row.Fill)], next);
    }

    public async ValueTask<LedgerView> Ledger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        limit = Math.Clamp(limit, 1, limits.RowsPerPage);
        ulong seen = views.Sequence;
        LedgerView ledger = views.GetLedger(account, symbol, before, limit);
        if (ledger.Next != 0 || !views.GetCut(account).Movements)
            return ledger;
        ulong below = ledger.Items.Length > 0 ? ledger.Items[^1].Number : before;
        HistoryRows<MovementView> older = await database.Ledger(account, symbol, Below(below), limit - ledger.Items.Length + 1, cancellation);
        Require(older.At, views.DroppedMs, seen);
        Page<MovementView> page = Join(ledger.Items, older.Items, limit, movement => movement.Number);
        bool isWhole = page.Items.Length > 0 && page.Items[^1].Number == 1;
        return new LedgerView(page.Items, page.Next, isWhole ? 0 : ledger.BeginsMs);
    }

    /// <remarks>Of what an account placed early the views may hold what is still open, and have dropped what ended before it.</remarks>
    public async ValueTask<Page<OrderView>> Orders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        limit = Math.Clamp(limit, 1, limits.RowsPerPage);
        ulong seen = views.Sequence;
        Page<OrderView> page = views.GetOrders(account, symbol, before, limit);
        ulong whole = views.GetCut(account).OrdersThrough;
        if (whole == 0 || (page.Next != 0 && page.Next > whole))
            return page;
        HistoryRows<OrderView> ended = await database.Orders(account, symbol, Below(before), limit + 1, cancellation);
        Require(ended.At, views.DroppedMs, seen);
        HashSet<ulong> atHand = [.. page.Items.Select(order => order.OrderId)];
        OrderView[] all = [.. page.Items.Concat(ended.Items.Where(order => !atHand.Contains(order.OrderId) && order.OrderId > page.Next))
            .OrderByDescending(order => order.OrderId)];
        if (all.Length > limit)
            return new Page<OrderView>(all[..limit], all[limit - 1].OrderId);
        return new Page<OrderView>(all, page.Next);
    }

    public async ValueTask<OrderView?> Find(uint account, ulong orderId, CancellationToken cancellation)
    {
        ulong seen = views.Sequence;
        if (views.FindOrder(account, orderId) is { } order)
            return order;
        if (orderId > views.GetCut(account).OrdersThrough)
            return null;
        HistoryRows<OrderView> found = await database.Order(account, orderId, cancellation);
        return Single(found, seen);
    }

    public async ValueTask<OrderView?> Find(uint account, int symbol, string clientOrderId, CancellationToken cancellation)
    {
        ulong seen = views.Sequence;
        if (views.FindOrder(account, symbol, clientOrderId) is { } order)
            return order;
        if (views.GetCut(account).OrdersThrough == 0)
            return null;
        HistoryRows<OrderView> found = await database.Order(account, symbol, clientOrderId, cancellation);
        return Single(found, seen);
    }

    /// <summary>Candles of the database up to where those kept begin, then those; those without trades in between are made up as there.</summary>
    public async ValueTask<CandlesView> Candles(
        int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of, CancellationToken cancellation)
    {
        ulong seen = views.Sequence;
        CandlesView kept = views.GetCandles(symbol, interval, fromMs, toMs, limit, of);
        if (views.CandlesBeginMs(symbol, of, interval) is not { } beginMs || fromMs >= beginMs)
            return kept;
        long lastMs = Math.Min(toMs, beginMs - 1);
        HistoryRows<Candle> older = await database.Candles(symbol, of, interval, fromMs, lastMs, limit, cancellation);
        Require(older.At, beginMs, seen);
        HistoryRows<Candle> before = await database.CandleBefore(symbol, of, interval, fromMs, cancellation);
        List<Candle> all = Fill(interval, fromMs, lastMs, before.Items, older.Items, limit);
        if (all.Count < limit && toMs >= beginMs)
            all.AddRange(views.GetCandles(symbol, interval, beginMs, toMs, limit - all.Count, of).Items);
        return new CandlesView([.. all], kept.TimeMs);
    }

    private static List<Candle> Fill(CandleInterval interval, long fromMs, long lastMs, Candle[] before, Candle[] older, int limit)
    {
        var all = new List<Candle>();
        if (before.Length == 0 && older.Length == 0)
            return all;
        long closeTicks = before.Length > 0 ? before[0].CloseTicks : 0;
        long openMs = interval.OpenTimeMs(fromMs);
        if (openMs < fromMs)
            openMs = interval.NextOpenTimeMs(openMs);
        if (before.Length == 0)
            openMs = older[0].OpenTimeMs;   // The first there ever was.
        for (int next = 0; openMs <= lastMs && all.Count < limit; openMs = interval.NextOpenTimeMs(openMs))
        {
            bool hasTrades = next < older.Length && older[next].OpenTimeMs == openMs;
            all.Add(hasTrades ? older[next++] : Candle.Empty(openMs, closeTicks));
            closeTicks = all[^1].CloseTicks;
        }

        return all;
    }

    private OrderView? Single(HistoryRows<OrderView> found, ulong seen)
    {
        if (found.Items.Length > 0)
            return found.Items[0];
        Require(found.At, views.DroppedMs, seen);
        return null;
    }

    /// <summary>Two runs of rows, newest first, the second one asked for one more than there was room for.</summary>
    private static Page<T> Join<T>(T[] newer, T[] older, int limit, Func<T, ulong> numberOf)
    {
        T[] all = [.. newer, .. older];
        return all.Length > limit ? new Page<T>(all[..limit], numberOf(all[limit - 1])) : new Page<T>(all, 0);
    }

    private static ulong Below(ulong before) => before == 0 ? ulong.MaxValue : before;

    /// <exception cref="HistoryUnavailableException">What the views have dropped may not be in the database yet.</exception>
    private static void Require(HistoryPosition at, long droppedMs, ulong seen)
    {
        if (at.TimeMs <= droppedMs && at.Sequence < seen)
            throw new HistoryUnavailableException();
    }
}
