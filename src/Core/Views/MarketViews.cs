using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>What any thread may ask of symbols: the same answers in every host, wherever it has its markets from.</summary>
public abstract class MarketViews(ViewLimits limits) : IMarketViews
{
    /// <summary>The insurance fund, 1e-8.</summary>
    public long FundE8 { get; protected set; }

    /// <summary>See <see cref="IExchange.GetTrades"/>.</summary>
    public Page<TradeView> GetTrades(int symbol, ulong before, int limit)
    {
        if (MarketOf(symbol) is not { } market)
            return new Page<TradeView>([], 0);
        lock (market.Gate)
            return market.Trades(before, Math.Clamp(limit, 1, limits.RowsPerPage));
    }

    /// <summary>See <see cref="IExchange.GetFunding"/>.</summary>
    public Page<FundingView> GetFunding(int symbol, ulong before, int limit)
    {
        if (MarketOf(symbol) is not { } market)
            return new Page<FundingView>([], 0);
        lock (market.Gate)
            return market.Fundings(before, Math.Clamp(limit, 1, limits.RowsPerPage));
    }

    /// <summary>When the oldest trade kept was; null: none is missing.</summary>
    public long? TradesBeginMs(int symbol) => Ask(symbol, market => market.TradesBeginMs);

    /// <summary>When the oldest funding round kept was; null: none is missing.</summary>
    public long? FundingsBeginMs(int symbol) => Ask(symbol, market => market.Marks.FundingsBeginMs);

    /// <summary>When the oldest candle kept opened; null: none is missing.</summary>
    public long? CandlesBeginMs(int symbol, CandlePrice of, CandleInterval interval) => Ask(symbol, market => market.CandlesBeginMs(of, interval));

    private long? Ask(int symbol, Func<SymbolMarket, long?> ask)
    {
        if (MarketOf(symbol) is not { } market)
            return null;
        lock (market.Gate)
            return ask(market);
    }

    /// <summary>See <see cref="IExchange.GetStats"/>.</summary>
    public StatsView GetStats(int symbol, int liquidations)
    {
        if (MarketOf(symbol) is not { } market)
            return new StatsView(symbol, 0, FundE8, []);
        lock (market.Gate)
            return new StatsView(symbol, market.OpenInterestLots, FundE8, market.Liquidations(Math.Clamp(liquidations, 1, limits.RowsPerPage)));
    }

    /// <summary>See <see cref="IMarketViews.GetDepth"/>; empty for a symbol that is not listed.</summary>
    public DepthView GetDepth(int symbol, int levels) => GetDepthOf(symbol, Math.Clamp(levels, 0, limits.DepthLevels));

    /// <summary>All levels, however many: for who goes on numbering them.</summary>
    public DepthView GetWholeDepth(int symbol) => GetDepthOf(symbol, int.MaxValue);

    private DepthView GetDepthOf(int symbol, int levels)
    {
        if (MarketOf(symbol) is not { } market)
            return new DepthView(symbol, 0, 0, [], []);
        lock (market.Gate)
            return market.Depth(levels);
    }

    /// <summary>See <see cref="IMarketViews.GetTicker"/>; all zero for a symbol that is not listed.</summary>
    public TickerView GetTicker(int symbol)
    {
        if (MarketOf(symbol) is not { } market)
            return new TickerView(symbol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        lock (market.Gate)
            return market.TickerAt(TimeMsOf(symbol));
    }

    /// <summary>See <see cref="IMarketViews.GetCandles"/>; the present one is the last there can be.</summary>
    public CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of)
    {
        if (MarketOf(symbol) is not { } market)
            return new CandlesView([], 0);
        var candles = new Candle[Math.Clamp(limit, 1, Core.Limits.CandlesPerInterval)];
        int count;
        long timeMs;
        lock (market.Gate)
        {
            count = market.ReadCandles(of, interval, fromMs, toMs, candles);
            timeMs = TimeMsOf(symbol);
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

    /// <summary>Null: not listed.</summary>
    protected abstract SymbolMarket? MarketOf(int symbol);

    /// <summary>How far the symbol's events are known, Unix ms; asked under its lock.</summary>
    protected abstract long TimeMsOf(int symbol);
}
