namespace Exchange.Core.MarketData.Indicators;

/// <summary>Mean and standard deviation (of the whole population) of the last values, by differences: no small one is taken of large sums.</summary>
/// <remarks>State: how many there were, the oldest's place, mean, sum of the squared distances from it, the window.</remarks>
internal static class MovingDeviation
{
    private const int Head = 4;

    public static int Length(int period) => Head + period;

    /// <returns>NaN until the window is full.</returns>
    public static (double Mean, double Deviation) Add(Span<double> state, double value)
    {
        Span<double> window = state[Head..];
        ref double mean = ref state[2];
        ref double squares = ref state[3];
        int place = (int)state[1];
        bool wasFull = state[0] == window.Length;
        double oldest = window[place];
        window[place] = value;
        state[0] = wasFull ? window.Length : state[0] + 1;
        state[1] = place + 1 == window.Length ? 0 : place + 1;
        if (state[1] == 0)
        {
            mean = MovingMean.SumOf(window) / window.Length;
            squares = SquaresAround(mean, window);
        }
        else if (wasFull)
        {
            double before = mean;
            mean += (value - oldest) / window.Length;
            squares = Math.Max(0, squares + (value - oldest) * (value - mean + oldest - before));
        }

        return state[0] == window.Length ? (mean, Math.Sqrt(squares / window.Length)) : (double.NaN, double.NaN);
    }

    private static double SquaresAround(double mean, ReadOnlySpan<double> values)
    {
        double squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return squares;
    }
}
