using Exchange.Core.MarketData;

namespace Exchange.Core.Port;

/// <summary>What readers are shown of a symbol's market: what has not been heard of is empty, and nothing waits.</summary>
public interface IMarketViews
{
    DepthView GetDepth(int symbol, int levels);

    TickerView GetTicker(int symbol);

    /// <summary>Candles that open from <paramref name="fromMs"/> to <paramref name="toMs"/>, by time, at most so many from the oldest kept on.</summary>
    CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of);
}
