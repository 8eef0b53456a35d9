namespace Exchange.Core.MarketData.Indicators;

/// <summary>Simple moving average: the mean of the last closes.</summary>
public sealed class SimpleMovingAverage : Indicator
{
    public SimpleMovingAverage(int period)
        : base(MovingMean.Length(period), "sma") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = MovingMean.Add(state, bar.Close);
}

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
        values[0] = Smoothed.Add(state, _period, Smoothed.ExponentialShare(_period), bar.Close);
}

/// <summary>Weighted moving average of the last closes: the newest counts as often as there are, the oldest once.</summary>
/// <remarks>State: how many there were, the oldest's place, their sum, their weighted sum, the window.</remarks>
public sealed class WeightedMovingAverage : Indicator
{
    private const int Head = 4;

    private readonly double _weights;

    public WeightedMovingAverage(int period)
        : base(Head + period, "wma")
    {
        CheckPeriod(period);
        _weights = period * (period + 1.0) / 2;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        Span<double> window = state[Head..];
        ref double sum = ref state[2];
        ref double weighted = ref state[3];
        double oldest = Window.Put(state, window, bar.Close, out bool wasFull);
        weighted += wasFull ? window.Length * bar.Close - sum : state[0] * bar.Close;
        sum += bar.Close - oldest;
        if (Window.IsThrough(state))
        {
            sum = Window.SumOf(window);
            weighted = 0;
            for (int i = 0; i < window.Length; i++)
                weighted += (i + 1) * window[i];
        }

        values[0] = Window.IsFull(state, window) ? weighted / _weights : double.NaN;
    }
}
