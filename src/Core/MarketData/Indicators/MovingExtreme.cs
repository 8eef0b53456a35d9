namespace Exchange.Core.MarketData.Indicators;

/// <summary>The largest of the last values, of equal ones the first. It keeps those that may still become it: none is smaller than one behind it.</summary>
/// <remarks>State: how many values there were, where the kept ones begin, how many they are, and for each kept one its number and value.</remarks>
internal static class MovingExtreme
{
    private const int Head = 3;

    public static int Length(int period) => Head + 2 * period;

    /// <returns>NaN until there were as many values as the window holds.</returns>
    public static double Add(Span<double> state, double value)
    {
        int period = (state.Length - Head) / 2;
        Span<double> numbers = state.Slice(Head, period);
        Span<double> values = state[(Head + period)..];
        double number = ++state[0];
        int first = (int)state[1];
        int kept = (int)state[2];
        if (kept != 0 && numbers[first] <= number - period)
        {
            first = first + 1 == period ? 0 : first + 1;
            kept--;
        }

        while (kept != 0 && values[Place(first + kept - 1, period)] < value)
            kept--;
        int place = Place(first + kept, period);
        numbers[place] = number;
        values[place] = value;
        state[1] = first;
        state[2] = kept + 1;
        return number >= period ? values[first] : double.NaN;
    }

    /// <summary>What the last addition returned.</summary>
    public static double Current(ReadOnlySpan<double> state)
    {
        int period = (state.Length - Head) / 2;
        return state[0] >= period ? state[Head + period + (int)state[1]] : double.NaN;
    }

    /// <summary>How many values ago the largest one came; 0: it is the last.</summary>
    public static double Age(ReadOnlySpan<double> state) => state[0] - state[Head + (int)state[1]];

    private static int Place(int place, int period) => place >= period ? place - period : place;
}
