using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Grains.Port;

/// <content>What symbols show: the silo's copy of it.</content>
public sealed partial class GrainExchange
{
    public Page<TradeView> GetTrades(int symbol, ulong before, int limit) => _markets.GetTrades(symbol, before, limit);

    public Page<FundingView> GetFunding(int symbol, ulong before, int limit) => _markets.GetFunding(symbol, before, limit);

    public StatsView GetStats(int symbol, int liquidations) => _markets.GetStats(symbol, liquidations);

    public DepthView GetDepth(int symbol, int levels) => _markets.GetDepth(symbol, levels);

    public DepthView GetWholeDepth(int symbol) => _markets.GetWholeDepth(symbol);

    public TickerView GetTicker(int symbol) => _markets.GetTicker(symbol);

    public CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of) =>
        _markets.GetCandles(symbol, interval, fromMs, toMs, limit, of);

    public TradingState GetState(int symbol) => _markets.GetState(symbol);

    public IDisposable Subscribe(IFeedSubscriber subscriber) => _markets.Subscribe(subscriber);
}
