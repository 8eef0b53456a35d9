namespace Exchange.Core.MarketData.Indicators;

/// <summary>The mean of the last values, as many as its window holds. Its state: how many there were, the oldest's place, their sum, the window.</summary>
internal static class MovingMean
{
    private const int Head = 3;

    public static int Length(int period) => Head + period;

    /// <returns>NaN until the window is full.</returns>
    public static double Add(Span<double> state, double value)
    {
        Span<double> window = state[Head..];
        ref double count = ref state[0];
        ref double sum = ref state[2];
        int place = (int)state[1];
        sum += value - window[place];
        window[place] = value;
        count = Math.Min(count + 1, window.Length);
        state[1] = place + 1 == window.Length ? 0 : place + 1;
        if (state[1] == 0)
            sum = SumOf(window);
        return count == window.Length ? sum / window.Length : double.NaN;
    }

    /// <summary>From the first to the last: the same order everywhere gives the same bits.</summary>
    public static double SumOf(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
