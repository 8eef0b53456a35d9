namespace Exchange.Core.MarketData.Indicators;

/// <summary>Mean and standard deviation (of the whole population) of the last values, by differences: no small one is taken of large sums.</summary>
/// <remarks>
/// State: how many there were, the oldest's place, mean, sum of the squared distances from it, how many of the last ones are equal, the window.
/// Where all are equal the deviation is none at all: a remainder of rounding would be taken for one, and be divided by.
/// </remarks>
internal static class MovingDeviation
{
    private const int Head = 5;

    public static int Length(int period) => Head + period;

    /// <returns>NaN until the window is full.</returns>
    public static (double Mean, double Deviation) Add(Span<double> state, double value)
    {
        Span<double> window = state[Head..];
        ref double mean = ref state[2];
        ref double squares = ref state[3];
        ref double equal = ref state[4];
        equal = equal != 0 && window[Window.LastPlace(state, window)] == value ? Math.Min(equal + 1, window.Length) : 1;
        double oldest = Window.Put(state, window, value, out bool wasFull);
        if (equal == window.Length)
        {
            mean = value;
            squares = 0;
        }
        else if (Window.IsThrough(state))
        {
            mean = Window.SumOf(window) / window.Length;
            squares = SquaresAround(mean, window);
        }
        else if (wasFull)
        {
            double before = mean;
            mean += (value - oldest) / window.Length;
            squares = Math.Max(0, squares + (value - oldest) * (value - mean + oldest - before));
        }

        return Window.IsFull(state, window) ? (mean, Math.Sqrt(squares / window.Length)) : (double.NaN, double.NaN);
    }

    private static double SquaresAround(double mean, ReadOnlySpan<double> values)
    {
        double squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return squares;
    }
}
