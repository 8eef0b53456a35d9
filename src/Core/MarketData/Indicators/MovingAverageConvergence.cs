namespace Exchange.Core.MarketData.Indicators;

/// <summary>Moving average convergence and divergence: a fast exponential average of the closes less a slow one, and that smoothed as a signal.</summary>
/// <remarks>State: the fast one's, the slow one's, the signal's.</remarks>
public sealed class MovingAverageConvergence : Indicator
{
    private readonly int _fast;
    private readonly int _slow;
    private readonly int _signal;

    public MovingAverageConvergence(int fast, int slow, int signal)
        : base(3 * Smoothed.Length, "macd", "signal", "histogram", "fastEma", "slowEma")
    {
        CheckPeriod(fast);
        CheckPeriod(slow);
        CheckPeriod(signal);
        Invariant.Holds(fast < slow);
        (_fast, _slow, _signal) = (fast, slow, signal);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double fast = Smoothed.Exponential(state[..Smoothed.Length], _fast, bar.Close);
        double slow = Smoothed.Exponential(state.Slice(Smoothed.Length, Smoothed.Length), _slow, bar.Close);
        double difference = fast - slow;
        double signal = double.IsNaN(difference)
            ? double.NaN
            : Smoothed.Exponential(state[(2 * Smoothed.Length)..], _signal, difference);
        values[0] = difference;
        values[1] = signal;
        values[2] = difference - signal;
        values[3] = fast;
        values[4] = slow;
    }
}
