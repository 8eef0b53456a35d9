namespace Exchange.Core.MarketData.Indicators;

/// <summary>The stochastic oscillator: where the close stands between the lowest and the highest price of the last bars, 0 to 100, smoothed; a signal; and 3k − 2d.</summary>
/// <remarks>State: the highest, the lowest (its sign turned), the means of k and of d.</remarks>
public sealed class Stochastic : Indicator
{
    private readonly int _extremes;
    private readonly int _smoothing;

    /// <param name="period">Bars of the range.</param>
    /// <param name="signal">Values of k that d is the mean of.</param>
    /// <param name="smoothing">Raw values that k is the mean of.</param>
    public Stochastic(int period, int signal, int smoothing)
        : base(2 * MovingExtreme.Length(period) + MovingMean.Length(smoothing) + MovingMean.Length(signal), "k", "d", "j")
    {
        CheckPeriod(period);
        CheckPeriod(signal);
        CheckPeriod(smoothing);
        _extremes = MovingExtreme.Length(period);
        _smoothing = MovingMean.Length(smoothing);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double highest = MovingExtreme.Add(state[.._extremes], bar.High);
        double lowest = -MovingExtreme.Add(state.Slice(_extremes, _extremes), -bar.Low);
        values.Fill(double.NaN);
        if (double.IsNaN(highest))
            return;
        double place = highest == lowest ? 0 : 100 * (bar.Close - lowest) / (highest - lowest);
        double k = MovingMean.Add(state.Slice(2 * _extremes, _smoothing), place);
        if (double.IsNaN(k))
            return;
        double d = MovingMean.Add(state[(2 * _extremes + _smoothing)..], k);
        values[0] = k;
        values[1] = d;
        values[2] = 3 * k - 2 * d;
    }
}
