namespace Exchange.Core.MarketData.Indicators;

/// <summary>Bollinger bands: the mean of the last closes, so many standard deviations up and down, and where the last one stands among them.</summary>
public sealed class BollingerBands : Indicator
{
    private readonly double _deviations;

    public BollingerBands(int period, double deviations)
        : base(MovingDeviation.Length(period), "sma", "upperBand", "lowerBand", "percentB", "zScore", "width")
    {
        CheckPeriod(period);
        Invariant.Holds(deviations > 0);
        _deviations = deviations;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        (double mean, double deviation) = MovingDeviation.Add(state, bar.Close);
        double reach = _deviations * deviation;
        values[0] = mean;
        values[1] = mean + reach;
        values[2] = mean - reach;
        values[3] = Share(bar.Close - (mean - reach), 2 * reach);
        values[4] = Share(bar.Close - mean, deviation);
        values[5] = Share(2 * reach, mean);
    }
}
