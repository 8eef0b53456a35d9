namespace Exchange.Core.MarketData.Indicators;

/// <summary>Wilder's average true range: how far prices went within a bar or from the close before; also as a percentage of the close.</summary>
/// <remarks>State: whether there was a bar, its close, the smoothed ranges.</remarks>
public sealed class AverageTrueRange : Indicator
{
    private const int Ranges = 2;

    private readonly int _period;

    public AverageTrueRange(int period)
        : base(Ranges + Smoothed.Length, "tr", "atr", "atrp")
    {
        CheckPeriod(period);
        _period = period;
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double before = state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = bar.Close;
        values.Fill(double.NaN);
        if (isFirst)
            return;
        double range = Math.Max(bar.High - bar.Low, Math.Max(Math.Abs(bar.High - before), Math.Abs(bar.Low - before)));
        double mean = Smoothed.Add(state[Ranges..], _period, Smoothed.WilderShare(_period), range);
        values[0] = range;
        values[1] = mean;
        values[2] = bar.Close == 0 ? double.NaN : 100 * mean / bar.Close;
    }
}
