namespace Exchange.Core.MarketData.Indicators;

/// <summary>A value that each new one moves by a share of the distance; it begins with the mean of the first ones.</summary>
/// <remarks>State: how many there were until it began, their sum and then the value.</remarks>
internal static class Smoothed
{
    public const int Length = 2;

    /// <summary>The share of an exponential moving average.</summary>
    public static double ExponentialShare(int period) => 2.0 / (period + 1);

    /// <summary>The next value moves it by its share; before, it counts to the mean that it begins with.</summary>
    public static bool HasBegun(ReadOnlySpan<double> state, int period) => state[0] == period;

    /// <summary>An exponential average goes on.</summary>
    /// <param name="period">How many the first mean is of.</param>
    /// <returns>NaN until there were as many.</returns>
    public static double Exponential(Span<double> state, int period, double value) =>
        HasBegun(state, period) ? state[1] += (value - state[1]) * ExponentialShare(period) : Begin(state, period, value);

    /// <summary>Wilder's average goes on: the new value counts once, the average for all others.</summary>
    /// <remarks>In this order of operations, which is his and everybody's: where two averages are equal, theirs are too.</remarks>
    public static double Wilder(Span<double> state, int period, double value) =>
        HasBegun(state, period) ? state[1] = (state[1] * (period - 1) + value) / period : Begin(state, period, value);

    private static double Begin(Span<double> state, int period, double value)
    {
        state[0]++;
        state[1] += value;
        if (state[0] < period)
            return double.NaN;
        return state[1] /= period;
    }
}
