namespace Exchange.Core.MarketData.Indicators;

/// <summary>The sum of the last values, as many as its window holds, without ever subtracting: what has left leaves no rounding behind.</summary>
/// <remarks>
/// So a window of zeros is zero, however large what was in it before, and a ratio of two such sums is never one of remainders.
/// State: how many there were up to the window's length, the next place, the sum of what came since the window was last gone through, the
/// window: before the next place those values, from it on what the values there and all behind them add up to.
/// </remarks>
internal static class MovingSum
{
    private const int Head = 3;

    public static int Length(int period) => Head + period;

    /// <returns>NaN until the window is full.</returns>
    public static double Add(Span<double> state, double value)
    {
        Span<double> window = state[Head..];
        int place = (int)state[1];
        window[place++] = value;
        double since = state[2] += value;
        if (place < window.Length)
        {
            state[1] = place;
            return state[0] == window.Length ? window[place] + since : double.NaN;
        }

        double sum = 0;
        for (int i = window.Length - 1; i >= 0; i--)
            window[i] = sum += window[i];
        state[0] = window.Length;
        state[1] = 0;
        state[2] = 0;
        return sum;
    }
}
