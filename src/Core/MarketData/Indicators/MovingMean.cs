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
        ref double sum = ref state[2];
        sum += value - Window.Put(state, window, value, out _);
        if (Window.IsThrough(state))
            sum = Window.SumOf(window);
        return Window.IsFull(state, window) ? sum / window.Length : double.NaN;
    }
}
