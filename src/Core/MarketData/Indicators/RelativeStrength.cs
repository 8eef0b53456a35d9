namespace Exchange.Core.MarketData.Indicators;

/// <summary>Wilder's relative strength index: rises of the close against its rises and falls together, 0 to 100.</summary>
/// <remarks>State: whether there was a bar, its close, the smoothed rises, the smoothed falls.</remarks>
public sealed class RelativeStrength : Indicator
{
    internal const int Length = Falls + Smoothed.Length;

    private const int Rises = 2;
    private const int Falls = Rises + Smoothed.Length;

    private readonly int _period;

    public RelativeStrength(int period)
        : base(Length, "rsi")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values) => values[0] = Add(state, _period, bar.Close);

    /// <returns>NaN until there were as many changes as the period.</returns>
    internal static double Add(Span<double> state, int period, double close)
    {
        double change = close - state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = close;
        if (isFirst)
            return double.NaN;
        double rise = Smoothed.Wilder(state[Rises..Falls], period, Math.Max(change, 0));
        double fall = Smoothed.Wilder(state[Falls..], period, Math.Max(-change, 0));
        if (double.IsNaN(rise))
            return double.NaN;
        return fall > 0 ? 100 - 100 / (1 + rise / fall) : 100;
    }
}
