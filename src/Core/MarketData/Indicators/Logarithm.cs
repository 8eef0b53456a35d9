namespace Exchange.Core.MarketData.Indicators;

/// <summary>The natural logarithm by + − × ÷ alone: the library's is the platform's, whose last digit differs between machines.</summary>
internal static class Logarithm
{
    private const double OfTwo = 0.693147180559945309417;

    /// <summary>Terms of the series: the first that is left out is below 1e-17 of the sum for ratios up to the root of two.</summary>
    private const int Terms = 11;

    /// <summary>Of a ratio of two positive numbers; NaN of others.</summary>
    /// <remarks>By their difference: two prices that are nearly equal lose no digit.</remarks>
    public static double OfRatio(double upper, double lower)
    {
        if (!(upper > 0 && lower > 0 && double.IsFinite(upper) && double.IsFinite(lower)))
            return double.NaN;
        int twos = 0;
        for (; upper > lower * 1.4142135623730951; twos++)
            lower *= 2;
        for (; lower > upper * 1.4142135623730951; twos--)
            upper *= 2;

        // ln(u / l) = 2 artanh((u − l) / (u + l)) = 2 (s + s³/3 + s⁵/5 + …)
        double s = (upper - lower) / (upper + lower);
        double square = s * s;
        double sum = 0;
        for (int term = Terms - 1; term >= 0; term--)
            sum = sum * square + 1.0 / (2 * term + 1);
        return 2 * s * sum + twos * OfTwo;
    }
}
