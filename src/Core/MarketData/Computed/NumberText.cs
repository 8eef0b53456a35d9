using System.Globalization;

namespace Exchange.Core.MarketData.Computed;

/// <summary>A number as decimal text that reads back to the same bits, without an exponent.</summary>
public static class NumberText
{
    public static string Of(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
            return text;
        int exponent = int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        ReadOnlySpan<char> sign = text[0] == '-' ? "-" : "";
        string digits = text[sign.Length..exponentAt].Replace(".", "", StringComparison.Ordinal);
        int point = 1 + exponent;
        if (point <= 0)
            return $"{sign}0.{new string('0', -point)}{digits}";
        return point >= digits.Length
            ? $"{sign}{digits}{new string('0', point - digits.Length)}"
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }
}
