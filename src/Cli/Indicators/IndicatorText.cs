using System.Globalization;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Indicators;

/// <summary>An indicator as it is written on the command line: a name, and numbers with commas between.</summary>
internal static class IndicatorText
{
    /// <exception cref="InvalidDataException">There is none of that name, or a parameter is none of its.</exception>
    public static (IndicatorKind Kind, Indicator Made) Parse(string name, string parameters)
    {
        IndicatorKind kind = IndicatorCatalogue.Find(name)
            ?? throw new InvalidDataException($"There is no indicator '{name}'. There are: {string.Join(", ", IndicatorCatalogue.All.Select(one => one.Name))}.");
        string[] texts = parameters.Split(',', StringSplitOptions.TrimEntries);
        double[] numbers = parameters.Trim().Length == 0 ? [] : [.. texts.Select(ToNumber)];
        string? problem = kind.TryMake(numbers, out Indicator? made);
        return problem is null ? (kind, made!) : throw new InvalidDataException(problem);
    }

    private static double ToNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new InvalidDataException($"'{text}' of --parameters is no number.");
}
