namespace Exchange.Core.MarketData.Indicators;

/// <summary>The true range: how far prices went within a bar or from the close before.</summary>
public sealed class TrueRange : Indicator
{
    public TrueRange()
        : base(BarRange.Length, "tr")
    {
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = BarRange.Add(state, in bar);
}

/// <summary>Wilder's average of the true range; also as a percentage of the close.</summary>
/// <remarks>State: the range's, the smoothed ranges.</remarks>
public sealed class AverageTrueRange : Indicator
{
    internal const int Length = BarRange.Length + Smoothed.Length;

    private readonly int _period;

    public AverageTrueRange(int period)
        : base(Length, "tr", "atr", "atrp")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double mean = Add(state, _period, in bar, out double range);
        values[0] = range;
        values[1] = mean;
        values[2] = Share(100 * mean, bar.Close);
    }

    /// <returns>NaN until there were as many ranges as the period.</returns>
    internal static double Add(Span<double> state, int period, in Bar bar, out double range)
    {
        range = BarRange.Add(state[..BarRange.Length], in bar);
        return double.IsNaN(range) ? double.NaN : Smoothed.Wilder(state[BarRange.Length..], period, range);
    }
}
