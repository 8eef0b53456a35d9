namespace Exchange.Core.MarketData.Indicators;

/// <summary>The last values, as many as there is room for, in a ring.</summary>
/// <remarks>An indicator's state begins with how many there were, up to the window's length, and the oldest's place.</remarks>
internal static class Window
{
    /// <summary>Puts a value in the oldest's place.</summary>
    /// <param name="wasFull">One was put out; else there was room, and it took none's place.</param>
    /// <returns>The one that is out; 0: none is.</returns>
    public static double Put(Span<double> state, Span<double> window, double value, out bool wasFull)
    {
        int place = (int)state[1];
        double oldest = window[place];
        window[place] = value;
        wasFull = IsFull(state, window);
        state[0] = wasFull ? window.Length : state[0] + 1;
        state[1] = place + 1 == window.Length ? 0 : place + 1;
        return oldest;
    }

    public static bool IsFull(ReadOnlySpan<double> state, ReadOnlySpan<double> window) => state[0] == window.Length;

    /// <summary>Where the value that was put last is, if there was one.</summary>
    public static int LastPlace(ReadOnlySpan<double> state, ReadOnlySpan<double> window) => state[1] == 0 ? window.Length - 1 : (int)state[1] - 1;

    /// <summary>It has been gone through: what is kept of it can be made anew, so that rounding does not add up.</summary>
    public static bool IsThrough(ReadOnlySpan<double> state) => state[1] == 0;

    /// <summary>From the first to the last: the same order everywhere gives the same bits.</summary>
    public static double SumOf(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
