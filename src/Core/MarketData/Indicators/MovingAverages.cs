namespace Exchange.Core.MarketData.Indicators;

/// <summary>Simple moving average: the mean of the last closes.</summary>
public sealed class SimpleMovingAverage : Indicator
{
    private readonly int _period;

    public SimpleMovingAverage(int period)
        : base(MovingSum.Length(period), "sma")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = MovingSum.Add(state, bar.Close) / _period;
}

/// <summary>Weighted moving average of the closes: the newest counts as often as there are, the oldest once.</summary>
public sealed class WeightedMovingAverage : Indicator
{
    public WeightedMovingAverage(int period)
        : base(MovingWeighted.Length(period), "wma") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = MovingWeighted.Add(state, bar.Close);
}

/// <summary>Moving average of the closes weighted by volume.</summary>
/// <remarks>State: the sum of close times volume, the sum of volume.</remarks>
public sealed class VolumeWeightedAverage : Indicator
{
    private readonly int _length;

    public VolumeWeightedAverage(int period)
        : base(2 * MovingSum.Length(period), "vwma")
    {
        CheckPeriod(period);
        _length = MovingSum.Length(period);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double paid = MovingSum.Add(state[.._length], bar.Close * bar.Volume);
        values[0] = Share(paid, MovingSum.Add(state[_length..], bar.Volume));
    }
}

/// <summary>Hull's moving average: twice the weighted average of half the period less that of the whole, weighted again over the period's root.</summary>
/// <remarks>State: the whole period's, the half's, the root's.</remarks>
public sealed class HullMovingAverage : Indicator
{
    private readonly int _whole;
    private readonly int _half;

    public HullMovingAverage(int period)
        : base(MovingWeighted.Length(period) + MovingWeighted.Length(period / 2) + MovingWeighted.Length((int)Math.Sqrt(period)), "hma")
    {
        CheckPeriod(period);
        Invariant.Holds(period >= 2);
        _whole = MovingWeighted.Length(period);
        _half = MovingWeighted.Length(period / 2);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double whole = MovingWeighted.Add(state[.._whole], bar.Close);
        double half = MovingWeighted.Add(state.Slice(_whole, _half), bar.Close);
        values[0] = double.IsNaN(whole) ? double.NaN : MovingWeighted.Add(state[(_whole + _half)..], 2 * half - whole);
    }
}
