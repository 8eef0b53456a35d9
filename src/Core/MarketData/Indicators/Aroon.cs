namespace Exchange.Core.MarketData.Indicators;

/// <summary>Aroon: how lately the highest and the lowest price of the last bars came, 100 for this bar to 0 for a period ago, and their difference.</summary>
/// <remarks>State: the highest, the lowest (its sign turned), of one bar more than the period.</remarks>
public sealed class Aroon : Indicator
{
    private readonly int _period;
    private readonly int _length;

    public Aroon(int period)
        : base(2 * MovingExtreme.Length(period + 1), "aroonUp", "aroonDown", "oscillator")
    {
        CheckPeriod(period);
        _period = period;
        _length = MovingExtreme.Length(period + 1);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        values.Fill(double.NaN);
        double highest = MovingExtreme.Add(state[.._length], bar.High);
        MovingExtreme.Add(state[_length..], -bar.Low);
        if (double.IsNaN(highest))
            return;
        values[0] = 100 * (_period - MovingExtreme.Age(state[.._length])) / _period;
        values[1] = 100 * (_period - MovingExtreme.Age(state[_length..])) / _period;
        values[2] = values[0] - values[1];
    }
}
