using System.Buffers;
using System.Text;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded.Views;

// What any thread may ask: rows are copied under a lock, and made into views outside of it.
public sealed partial class VenueViews
{
    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong)"/>.</summary>
    public OrderView? FindOrder(uint account, ulong orderId)
    {
        AccountStripe stripe = StripeOf(account);
        StoredOrder order;
        lock (stripe.Gate)
        {
            int row = stripe.Accounts.TryGetValue(account, out AccountHistory? history) ? history.Orders.Find(orderId) : -1;
            if (row < 0)
                return null;
            order = _orders[row];
        }

        return order.ToView();
    }

    /// <summary>See <see cref="IExchange.FindOrder(uint, int, string)"/>.</summary>
    public OrderView? FindOrder(uint account, int symbol, string clientOrderId)
    {
        Span<byte> ascii = stackalloc byte[ClientOrderId.Capacity];
        if (clientOrderId.Length is 0 or > ClientOrderId.Capacity || !Ascii.IsValid(clientOrderId))
            return null;
        ascii = ascii[..Encoding.ASCII.GetBytes(clientOrderId, ascii)];
        AccountStripe stripe = StripeOf(account);
        StoredOrder order;
        lock (stripe.Gate)
        {
            if (!stripe.ClientIds.TryGetValue(new ClientSlot(account, symbol, ClientKey.From(ascii)), out int row))
                return null;
            order = _orders[row];
        }

        OrderView view = order.ToView();
        return string.Equals(view.ClientOrderId, clientOrderId, StringComparison.Ordinal) ? view : null;
    }

    /// <summary>See <see cref="IExchange.GetOrders"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<OrderView> GetOrders(uint account, int symbol, ulong before, int limit)
    {
        limit = Math.Clamp(limit, 1, _limits.RowsPerPage);
        StoredOrder[] rows = ArrayPool<StoredOrder>.Shared.Rent(limit);
        AccountStripe stripe = StripeOf(account);
        int count = 0;
        bool hasMore = false;
        lock (stripe.Gate)
        {
            if (stripe.Accounts.TryGetValue(account, out AccountHistory? history))
            {
                int at = history.Orders.Start(before);
                while (history.Orders.MoveToOlder(ref at, symbol, out RowKey key) && !(hasMore = count == limit))
                    rows[count++] = _orders[key.Row];
            }
        }

        var views = new OrderView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ArrayPool<StoredOrder>.Shared.Return(rows);
        return new Page<OrderView>(views, hasMore ? views[^1].OrderId : 0);
    }

    /// <summary>Open orders of an account by id; a <paramref name="symbol"/> below 0 is any.</summary>
    public OrderView[] GetOpenOrders(uint account, int symbol)
    {
        AccountStripe stripe = StripeOf(account);
        StoredOrder[] rows;
        int count = 0;
        lock (stripe.Gate)
        {
            if (!stripe.Accounts.TryGetValue(account, out AccountHistory? history))
                return [];
            rows = ArrayPool<StoredOrder>.Shared.Rent(history.OpenOrders.Count);
            int at = history.OpenOrders.Start(0);
            while (history.OpenOrders.MoveToOlder(ref at, symbol, out RowKey key))
                rows[count++] = _orders[key.Row];
        }

        var views = new OrderView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[count - 1 - i].ToView();
        ArrayPool<StoredOrder>.Shared.Return(rows);
        return views;
    }

    /// <summary>See <see cref="IExchange.GetFills"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit)
    {
        limit = Math.Clamp(limit, 1, _limits.RowsPerPage);
        StoredFill[] rows = ArrayPool<StoredFill>.Shared.Rent(limit);
        AccountStripe stripe = StripeOf(account);
        int count = 0;
        bool hasMore = false;
        lock (stripe.Gate)
        {
            if (stripe.Accounts.TryGetValue(account, out AccountHistory? history))
            {
                int at = history.Fills.Start(before);
                while (history.Fills.MoveToOlder(ref at, symbol, out RowKey key) && !(hasMore = count == limit))
                    rows[count++] = _fills[key.Row];
            }
        }

        var views = new FillView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ulong next = hasMore ? rows[count - 1].Number : 0;
        ArrayPool<StoredFill>.Shared.Return(rows);
        return new Page<FillView>(views, next);
    }

    /// <summary>See <see cref="IExchange.GetTrades"/>.</summary>
    public Page<TradeView> GetTrades(int symbol, ulong before, int limit)
    {
        if (MarketOf(symbol) is not { } market)
            return new Page<TradeView>([], 0);
        lock (market.Gate)
            return market.Trades(before, Math.Clamp(limit, 1, _limits.RowsPerPage));
    }

    /// <summary>See <see cref="IExchange.GetFunding"/>.</summary>
    public Page<FundingView> GetFunding(int symbol, ulong before, int limit)
    {
        if (MarketOf(symbol) is not { } market)
            return new Page<FundingView>([], 0);
        lock (market.Gate)
            return market.Fundings(before, Math.Clamp(limit, 1, _limits.RowsPerPage));
    }

    /// <summary>See <see cref="IExchange.GetStats"/>.</summary>
    public StatsView GetStats(int symbol, int liquidations)
    {
        if (MarketOf(symbol) is not { } market)
            return new StatsView(symbol, 0, FundE8, []);
        lock (market.Gate)
            return new StatsView(symbol, market.OpenInterestLots, FundE8, market.Liquidations(Math.Clamp(liquidations, 1, _limits.RowsPerPage)));
    }

    /// <summary>See <see cref="IExchange.GetDepth"/>; empty for a symbol that is not listed.</summary>
    public DepthView GetDepth(int symbol, int levels) => GetDepthOf(symbol, Math.Clamp(levels, 0, _limits.DepthLevels));

    /// <summary>All levels, however many: for who goes on numbering them.</summary>
    internal DepthView GetWholeDepth(int symbol) => GetDepthOf(symbol, int.MaxValue);

    private DepthView GetDepthOf(int symbol, int levels)
    {
        if (MarketOf(symbol) is not { } market)
            return new DepthView(symbol, 0, 0, [], []);
        lock (market.Gate)
            return market.Depth(levels);
    }

    /// <summary>See <see cref="IExchange.GetTicker"/>; all zero for a symbol that is not listed.</summary>
    public TickerView GetTicker(int symbol)
    {
        if (MarketOf(symbol) is not { } market)
            return new TickerView(symbol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        lock (market.Gate)
            return market.TickerAt(Volatile.Read(ref _timeMs));
    }

    /// <summary>See <see cref="IExchange.GetCandles"/>; the present one is the last there can be.</summary>
    public CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit)
    {
        if (MarketOf(symbol) is not { } market)
            return new CandlesView([], 0);
        var candles = new Candle[Math.Clamp(limit, 1, Core.Limits.CandlesPerInterval)];
        int count;
        long timeMs;
        lock (market.Gate)
        {
            count = market.ReadCandles(interval, fromMs, toMs, candles);
            timeMs = Volatile.Read(ref _timeMs);
        }

        return new CandlesView(count == candles.Length ? candles : candles[..count], timeMs);
    }

    /// <summary>See <see cref="IExchange.GetState"/>; a symbol that is not listed takes nothing.</summary>
    public TradingState GetState(int symbol)
    {
        if (MarketOf(symbol) is not { } market)
            return TradingState.Halted;
        lock (market.Gate)
            return market.State;
    }

    /// <summary>The last funding round that readers were told of; 0: none.</summary>
    internal ulong LastFundingRoundOf(int symbol) => _markets[symbol].LastFundingRound;

    private SymbolMarket? MarketOf(int symbol)
    {
        SymbolMarket[] markets = Volatile.Read(ref _markets);
        return (uint)symbol < (uint)markets.Length ? markets[symbol] : null;
    }
}
