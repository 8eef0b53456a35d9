namespace Exchange.Core.MarketData.Indicators;

/// <summary>The true range of a bar: how far prices went within it or from the close before.</summary>
/// <remarks>State: whether there was a bar, its close.</remarks>
internal static class BarRange
{
    public const int Length = 2;

    /// <returns>NaN for the first bar: there is no close before.</returns>
    public static double Add(Span<double> state, in Bar bar)
    {
        double before = state[1];
        bool isFirst = state[0] == 0;
        state[0] = 1;
        state[1] = bar.Close;
        return isFirst ? double.NaN : Math.Max(bar.High - bar.Low, Math.Max(Math.Abs(bar.High - before), Math.Abs(bar.Low - before)));
    }
}
