namespace Exchange.Core.MarketData.Indicators;

/// <summary>A value that each new one moves by a share of the distance; it begins with the mean of the first ones.</summary>
/// <remarks>State: how many there were until it began, their sum and then the value.</remarks>
internal static class Smoothed
{
    public const int Length = 2;

    /// <summary>The share of an exponential moving average.</summary>
    public static double ExponentialShare(int period) => 2.0 / (period + 1);

    /// <summary>The share of Wilder's smoothing.</summary>
    public static double WilderShare(int period) => 1.0 / period;

    /// <param name="period">How many the first mean is of.</param>
    /// <returns>NaN until there were as many.</returns>
    public static double Add(Span<double> state, int period, double share, double value)
    {
        if (state[0] == period)
            return state[1] += (value - state[1]) * share;
        state[0]++;
        state[1] += value;
        if (state[0] < period)
            return double.NaN;
        return state[1] /= period;
    }
}
