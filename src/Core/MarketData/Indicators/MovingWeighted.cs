namespace Exchange.Core.MarketData.Indicators;

/// <summary>The weighted mean of the last values: the newest counts as often as there are, the oldest once.</summary>
/// <remarks>State: how many there were, the oldest's place, their sum, their weighted sum, the window.</remarks>
internal static class MovingWeighted
{
    private const int Head = 4;

    public static int Length(int period) => Head + period;

    /// <returns>NaN until the window is full.</returns>
    public static double Add(Span<double> state, double value)
    {
        Span<double> window = state[Head..];
        ref double sum = ref state[2];
        ref double weighted = ref state[3];
        double oldest = Window.Put(state, window, value, out bool wasFull);
        weighted += wasFull ? window.Length * value - sum : state[0] * value;
        sum += value - oldest;
        if (Window.IsThrough(state))
        {
            sum = Window.SumOf(window);
            weighted = 0;
            for (int i = 0; i < window.Length; i++)
                weighted += (i + 1) * window[i];
        }

        return Window.IsFull(state, window) ? weighted / (window.Length * (window.Length + 1.0) / 2) : double.NaN;
    }
}
