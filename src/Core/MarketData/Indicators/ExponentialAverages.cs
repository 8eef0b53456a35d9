namespace Exchange.Core.MarketData.Indicators;

/// <summary>Exponential moving average of the closes; it begins with the simple one.</summary>
public sealed class ExponentialMovingAverage : Indicator
{
    private readonly int _period;

    public ExponentialMovingAverage(int period)
        : base(Smoothed.Length, "ema")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values) =>
        values[0] = Smoothed.Exponential(state, _period, bar.Close);
}

/// <summary>Smoothed moving average: Wilder's, of the closes; it begins with the simple one.</summary>
public sealed class SmoothedMovingAverage : Indicator
{
    private readonly int _period;

    public SmoothedMovingAverage(int period)
        : base(Smoothed.Length, "smma")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values) =>
        values[0] = Smoothed.Wilder(state, _period, bar.Close);
}

/// <summary>Double exponential moving average: twice the average less the average of it; both begin with the simple one.</summary>
/// <remarks>State: the average's, then the average of it.</remarks>
public sealed class DoubleExponentialAverage : Indicator
{
    private readonly int _period;

    public DoubleExponentialAverage(int period)
        : base(Smoothed.Length + 1, "dema")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double share = Smoothed.ExponentialShare(_period);
        bool isFirst = !Smoothed.HasBegun(state, _period);
        double once = Smoothed.Exponential(state[..Smoothed.Length], _period, bar.Close);
        double twice = state[Smoothed.Length] = isFirst ? once : state[Smoothed.Length] + (once - state[Smoothed.Length]) * share;
        values[0] = 2 * once - twice;
    }
}

/// <summary>Triple exponential moving average: three times the average less the average of it, and the average of that; all begin with the simple one.</summary>
/// <remarks>State: the average's, then the average of it, then of that.</remarks>
public sealed class TripleExponentialAverage : Indicator
{
    private readonly int _period;

    public TripleExponentialAverage(int period)
        : base(Smoothed.Length + 2, "tema")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double share = Smoothed.ExponentialShare(_period);
        bool isFirst = !Smoothed.HasBegun(state, _period);
        ref double second = ref state[Smoothed.Length];
        ref double third = ref state[Smoothed.Length + 1];
        double first = Smoothed.Exponential(state[..Smoothed.Length], _period, bar.Close);
        second = isFirst ? first : second + (first - second) * share;
        third = isFirst ? first : third + (second - third) * share;
        values[0] = 3 * first - 3 * second + third;
    }
}
