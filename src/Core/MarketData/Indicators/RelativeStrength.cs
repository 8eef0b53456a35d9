namespace Exchange.Core.MarketData.Indicators;

/// <summary>Wilder's relative strength index: rises of the close against its rises and falls together, 0 to 100.</summary>
/// <remarks>State: whether there was a bar, its close, the smoothed rises, the smoothed falls.</remarks>
public sealed class RelativeStrength : Indicator
{
    private const int Rises = 2;
    private const int Falls = Rises + Smoothed.Length;

    private readonly int _period;

    public RelativeStrength(int period)
        : base(Falls + Smoothed.Length, "rsi")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double change = bar.Close - state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = bar.Close;
        values[0] = double.NaN;
        if (isFirst)
            return;
        double share = Smoothed.WilderShare(_period);
        double rise = Smoothed.Add(state[Rises..Falls], _period, share, Math.Max(change, 0));
        double fall = Smoothed.Add(state[Falls..], _period, share, Math.Max(-change, 0));
        if (!double.IsNaN(rise))
            values[0] = fall > 0 ? 100 - 100 / (1 + rise / fall) : 100;
    }
}
