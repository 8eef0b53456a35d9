namespace Exchange.Core.MarketData;

/// <summary>Which prices candles are of.</summary>
public enum CandlePrice : byte
{
    /// <summary>Trades, in ticks.</summary>
    Trade = 0,

    /// <summary>The mark price, in ticks; no quantities.</summary>
    Mark = 1,

    /// <summary>The index price, in 1e-8; no quantities.</summary>
    Index = 2,
}
