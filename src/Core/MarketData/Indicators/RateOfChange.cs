namespace Exchange.Core.MarketData.Indicators;

/// <summary>Rate of change: the close less the one a period ago, and that as a percentage of the latter.</summary>
/// <remarks>State: how many there were, the oldest's place, the window.</remarks>
public sealed class RateOfChange : Indicator
{
    private const int Head = 2;

    public RateOfChange(int period)
        : base(Head + period, "momentum", "roc") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double before = Window.Put(state, state[Head..], bar.Close, out bool wasFull);
        values[0] = wasFull ? bar.Close - before : double.NaN;
        values[1] = wasFull ? Share(100 * values[0], before) : double.NaN;
    }
}

/// <summary>Returns: the close against the one a period ago, less 1, and the logarithm of their ratio.</summary>
/// <remarks>State: as of <see cref="RateOfChange"/>. Not defined of prices that are not above 0.</remarks>
public sealed class Returns : Indicator
{
    private const int Head = 2;

    public Returns(int period)
        : base(Head + period, "simple", "log") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double before = Window.Put(state, state[Head..], bar.Close, out bool wasFull);
        values[0] = wasFull ? Share(bar.Close - before, before) : double.NaN;
        values[1] = wasFull ? Logarithm.OfRatio(bar.Close, before) : double.NaN;
    }
}

/// <summary>Realised volatility: the root of the sum of the last squared logarithmic returns, and that sum; of the window, not of a year.</summary>
/// <remarks>State: whether there was a bar, its close, the sum of squares. A price that is not above 0 counts as unmoved.</remarks>
public sealed class RealisedVolatility : Indicator
{
    private const int Head = 2;

    public RealisedVolatility(int period)
        : base(Head + MovingSum.Length(period), "volatility", "variance") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double before = state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = bar.Close;
        values.Fill(double.NaN);
        if (isFirst)
            return;
        double change = Logarithm.OfRatio(bar.Close, before);
        values[1] = MovingSum.Add(state[Head..], double.IsNaN(change) ? 0 : change * change);
        values[0] = Math.Sqrt(values[1]);
    }
}
