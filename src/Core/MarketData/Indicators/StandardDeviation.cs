namespace Exchange.Core.MarketData.Indicators;

/// <summary>The standard deviation of the last closes (of the whole population), their mean, and how many deviations the last one is from it.</summary>
public sealed class StandardDeviation : Indicator
{
    public StandardDeviation(int period)
        : base(MovingDeviation.Length(period), "stdDev", "mean", "zScore") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        (double mean, double deviation) = MovingDeviation.Add(state, bar.Close);
        values[0] = deviation;
        values[1] = mean;
        values[2] = Share(bar.Close - mean, deviation);
    }
}
