namespace Exchange.Core.MarketData.Indicators;

/// <summary>A candle as indicators see it: prices and volume in whatever unit, as floating point.</summary>
public readonly record struct Bar(double Open, double High, double Low, double Close, double Volume)
{
    /// <summary>The mean of the highest, the lowest and the last price.</summary>
    public double Typical => (High + Low + Close) / 3;
}
