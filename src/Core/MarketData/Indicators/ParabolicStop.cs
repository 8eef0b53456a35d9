namespace Exchange.Core.MarketData.Indicators;

/// <summary>Wilder's parabolic stop and reverse: a stop that follows the trend ever faster; and whether this bar reversed it (1 or 0).</summary>
/// <remarks>
/// The first trend is a guess, so nothing is told before it was reversed once. State: bars up to two, whether a trend was reversed, whether it
/// rises, the factor, the trend's extreme price, the stop, and the last two bars' lows and highs.
/// </remarks>
public sealed class ParabolicStop : Indicator
{
    private readonly double _step;
    private readonly double _most;

    public ParabolicStop(double step, double most)
        : base(10, "sar", "isReversal")
    {
        Invariant.Holds(step > 0);
        Invariant.Holds(most >= step);
        (_step, _most) = (step, most);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        ref double hasReversed = ref state[1];
        values.Fill(double.NaN);
        if (state[0] == 0)
        {
            (state[2], state[3], state[4], state[5]) = (1, _step, bar.High, bar.Low);
        }
        else
        {
            bool isReversal = Move(state, in bar);
            if (hasReversed != 0)
            {
                values[0] = state[5];
                values[1] = isReversal ? 1 : 0;
            }

            if (isReversal)
                hasReversed = 1;
        }

        state[0] = Math.Min(state[0] + 1, 2);
        (state[6], state[7]) = (bar.Low, state[6]);
        (state[8], state[9]) = (bar.High, state[8]);
    }

    /// <returns>The trend is reversed.</returns>
    private bool Move(Span<double> state, in Bar bar)
    {
        bool hasTwo = state[0] == 2;
        bool isRising = state[2] != 0;
        ref double factor = ref state[3];
        ref double extreme = ref state[4];
        ref double stop = ref state[5];
        double next = stop + factor * (extreme - stop);
        if (hasTwo)
            next = isRising ? Math.Min(next, Math.Min(state[6], state[7])) : Math.Max(next, Math.Max(state[8], state[9]));
        if (isRising ? bar.Low < next : bar.High > next)
        {
            stop = extreme;
            state[2] = isRising ? 0 : 1;
            factor = _step;
            extreme = isRising ? bar.Low : bar.High;
            return true;
        }

        stop = next;
        if (isRising ? bar.High > extreme : bar.Low < extreme)
        {
            extreme = isRising ? bar.High : bar.Low;
            factor = Math.Min(factor + _step, _most);
        }

        return false;
    }
}
