namespace Exchange.Core.MarketData.Indicators;

/// <summary>SuperTrend: a band so many average true ranges from the bar's middle, below while the trend rises and above while it falls, which only closes in.</summary>
/// <remarks>State: the range's, whether the bands have begun, whether the trend rises, the upper band, the lower one.</remarks>
public sealed class SuperTrend : Indicator
{
    private const int Bands = AverageTrueRange.Length;

    private readonly int _period;
    private readonly double _ranges;

    public SuperTrend(int period, double ranges)
        : base(Bands + 4, "superTrend", "upperBand", "lowerBand")
    {
        CheckPeriod(period);
        Invariant.Holds(ranges > 0);
        (_period, _ranges) = (period, ranges);
    }

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        double close = state[1];
        double reach = _ranges * AverageTrueRange.Add(state[..Bands], _period, in bar, out _);
        values.Fill(double.NaN);
        if (double.IsNaN(reach))
            return;
        ref double rises = ref state[Bands + 1];
        ref double upper = ref state[Bands + 2];
        ref double lower = ref state[Bands + 3];
        double middle = (bar.High + bar.Low) / 2;
        bool isFirst = state[Bands] == 0;
        state[Bands] = 1;
        if (isFirst)
            rises = bar.Close >= middle ? 1 : 0;
        if (isFirst || middle + reach < upper || close > upper)
            upper = middle + reach;
        if (isFirst || middle - reach > lower || close < lower)
            lower = middle - reach;
        rises = bar.Close <= (rises != 0 ? lower : upper) ? 0 : 1;
        values[0] = rises != 0 ? lower : upper;
        values[rises != 0 ? 2 : 1] = values[0];
    }
}
