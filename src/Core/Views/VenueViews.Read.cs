using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

// What any thread may ask.
public sealed partial class VenueViews
{
    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong, CancellationToken)"/>.</summary>
    public OrderView? FindOrder(uint account, ulong orderId) => StripeOf(account).FindOrder(account, orderId);

    /// <summary>See <see cref="IExchange.FindOrder(uint, int, string, CancellationToken)"/>.</summary>
    public OrderView? FindOrder(uint account, int symbol, string clientOrderId) =>
        StripeOf(account).FindOrder(account, symbol, clientOrderId, SymbolCount);

    /// <summary>See <see cref="IExchange.GetOrders"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<OrderView> GetOrders(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetOrders(account, symbol, before, limit);

    /// <summary>Open orders of an account by id; a <paramref name="symbol"/> below 0 is any.</summary>
    public OrderView[] GetOpenOrders(uint account, int symbol) => StripeOf(account).GetOpenOrders(account, symbol);

    /// <summary>See <see cref="IExchange.GetFills"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetFills(account, symbol, before, limit);

    /// <summary>See <see cref="IExchange.GetLedger"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public LedgerView GetLedger(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetLedger(account, symbol, before, limit);

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
    public DepthView GetWholeDepth(int symbol) => GetDepthOf(symbol, int.MaxValue);

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
        return symbol >= 0 && symbol < markets.Length ? markets[symbol] : null;
    }
}
