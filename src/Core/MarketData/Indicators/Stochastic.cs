namespace Exchange.Core.MarketData.Indicators;

/// <summary>The stochastic oscillator: where the close stands between the lowest and the highest price of the last bars, 0 to 100, smoothed; a signal; and 3k − 2d.</summary>
/// <remarks>State: the highest, the lowest (its sign turned), the sums of k and of d.</remarks>
public sealed class Stochastic : Indicator
{
    private readonly int _extremes;
    private readonly int _signal;
    private readonly int _smoothing;
    private readonly int _sum;

    /// <param name="period">Bars of the range.</param>
    /// <param name="signal">Values of k that d is the mean of.</param>
    /// <param name="smoothing">Raw values that k is the mean of.</param>
    public Stochastic(int period, int signal, int smoothing)
        : base(2 * MovingExtreme.Length(period) + MovingSum.Length(smoothing) + MovingSum.Length(signal), "k", "d", "j")
    {
        CheckPeriod(period);
        CheckPeriod(signal);
        CheckPeriod(smoothing);
        _extremes = MovingExtreme.Length(period);
        (_signal, _smoothing) = (signal, smoothing);
        _sum = MovingSum.Length(smoothing);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double place = Place(state[..(2 * _extremes)], in bar);
        values.Fill(double.NaN);
        if (double.IsNaN(place))
            return;
        double k = MovingSum.Add(state.Slice(2 * _extremes, _sum), place) / _smoothing;
        if (double.IsNaN(k))
            return;
        double d = MovingSum.Add(state[(2 * _extremes + _sum)..], k) / _signal;
        values[0] = k;
        values[1] = d;
        values[2] = 3 * k - 2 * d;
    }

    /// <summary>Where a bar's close stands, 0 to 100, 0 where prices stood still; NaN until there were bars enough.</summary>
    /// <param name="state">The highest's, then as long the lowest's.</param>
    internal static double Place(Span<double> state, in Bar bar)
    {
        int length = state.Length / 2;
        double highest = MovingExtreme.Add(state[..length], bar.High);
        double lowest = -MovingExtreme.Add(state[length..], -bar.Low);
        return highest == lowest ? 0 : 100 * (bar.Close - lowest) / (highest - lowest);
    }
}

/// <summary>Williams' %R: the same place counted from the highest price, −100 to 0.</summary>
public sealed class WilliamsRange : Indicator
{
    public WilliamsRange(int period)
        : base(2 * MovingExtreme.Length(period), "williamsR") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = Stochastic.Place(state, in bar) - 100;
}

/// <summary>The stochastic oscillator of the relative strength index.</summary>
/// <remarks>State: the index's, the oscillator's.</remarks>
public sealed class StochasticStrength : Indicator
{
    private readonly int _strength;
    private readonly Stochastic _stochastic;

    public StochasticStrength(int strengthPeriod, int period, int signal, int smoothing)
        : this(strengthPeriod, new Stochastic(period, signal, smoothing)) => CheckPeriod(strengthPeriod);

    private StochasticStrength(int strengthPeriod, Stochastic stochastic)
        : base(RelativeStrength.Length + stochastic.StateLength, "stochRsi", "signal") => (_strength, _stochastic) = (strengthPeriod, stochastic);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double strength = RelativeStrength.Add(state[..RelativeStrength.Length], _strength, bar.Close);
        values.Fill(double.NaN);
        if (double.IsNaN(strength))
            return;
        Span<double> of = stackalloc double[3];
        _stochastic.Add(state[RelativeStrength.Length..], new Bar(strength, strength, strength, strength, 0), of);
        values[0] = of[0];
        values[1] = of[1];
    }
}
