namespace Exchange.Core.MarketData.Indicators;

/// <summary>Commodity channel index: the typical price's distance from its mean, in 0.015 of the mean distance of the last ones.</summary>
/// <remarks>
/// A mean distance is one of each value from a mean that moves with every bar, so a bar costs a walk through the window.
/// State: how many there were, the oldest's place, how many of the last ones are equal, the window.
/// </remarks>
public sealed class CommodityChannel : Indicator
{
    private const int Head = 3;

    public CommodityChannel(int period)
        : base(Head + period, "cci") => CheckPeriod(period);

    public override void Add(Span<double> state, in Bar bar, Span<double> values)
    {
        Span<double> window = state[Head..];
        double price = bar.Typical;
        ref double equal = ref state[2];
        equal = equal != 0 && window[Window.LastPlace(state, window)] == price ? Math.Min(equal + 1, window.Length) : 1;
        Window.Put(state, window, price, out _);
        values[0] = double.NaN;
        if (!Window.IsFull(state, window) || equal == window.Length)
            return;
        double mean = Window.SumOf(window) / window.Length;
        double distances = 0;
        foreach (double one in window)
            distances += Math.Abs(mean - one);
        values[0] = Share(price - mean, 0.015 * (distances / window.Length));
    }
}
