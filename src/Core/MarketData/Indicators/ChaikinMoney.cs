namespace Exchange.Core.MarketData.Indicators;

/// <summary>Chaikin's money flow: where bars closed within their range, −1 to 1, times volume, against all volume of the last bars.</summary>
/// <remarks>State: the flow's sum, the volume's sum.</remarks>
public sealed class ChaikinMoneyFlow : Indicator
{
    private readonly int _length;

    public ChaikinMoneyFlow(int period)
        : base(2 * MovingSum.Length(period), "moneyFlowMultiplier", "moneyFlowVolume", "cmf")
    {
        CheckPeriod(period);
        _length = MovingSum.Length(period);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        values[0] = Multiplier(in bar);
        values[1] = values[0] * bar.Volume;
        double flow = MovingSum.Add(state[.._length], values[1]);
        values[2] = Share(flow, MovingSum.Add(state[_length..], bar.Volume));
    }

    /// <summary>1: closed at its highest, −1: at its lowest; 0 where prices stood still.</summary>
    internal static double Multiplier(in Bar bar) =>
        bar.High == bar.Low ? 0 : (bar.Close - bar.Low - (bar.High - bar.Close)) / (bar.High - bar.Low);
}

/// <summary>Chaikin's oscillator: the money flow added up since the first bar, a fast exponential average of that less a slow one.</summary>
/// <remarks>State: the sum, the fast average's, the slow one's.</remarks>
public sealed class ChaikinOscillator : Indicator
{
    private const int Fast = 1;
    private const int Slow = Fast + Smoothed.Length;

    private readonly int _fast;
    private readonly int _slow;

    public ChaikinOscillator(int fast, int slow)
        : base(Slow + Smoothed.Length, "moneyFlowMultiplier", "moneyFlowVolume", "adl", "oscillator", "fastEma", "slowEma")
    {
        CheckPeriod(fast);
        CheckPeriod(slow);
        Invariant.Holds(fast < slow);
        (_fast, _slow) = (fast, slow);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        values[0] = ChaikinMoneyFlow.Multiplier(in bar);
        values[1] = values[0] * bar.Volume;
        values[2] = state[0] += values[1];
        values[4] = Smoothed.Exponential(state[Fast..Slow], _fast, state[0]);
        values[5] = Smoothed.Exponential(state[Slow..], _slow, state[0]);
        values[3] = values[4] - values[5];
    }
}
