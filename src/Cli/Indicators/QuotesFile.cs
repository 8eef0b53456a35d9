using System.Collections.Immutable;
using System.Globalization;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Indicators;

/// <summary>Bars in a CSV file with a heading, by time.</summary>
/// <param name="Times">When each begins; null where the file has no column of times.</param>
internal sealed record QuotesFile(Bar[] Bars, DateTime?[] Times)
{
    private static readonly ImmutableArray<string> Columns = ["open", "high", "low", "close", "volume"];
    private static readonly ImmutableArray<string> TimeColumns = ["date", "timestamp", "datetime", "time"];

    /// <exception cref="InvalidDataException">It is no such file; the message says where.</exception>
    public static QuotesFile Load(string path)
    {
        string[] lines = [.. File.ReadLines(path)];
        if (lines.Length == 0)
            throw new InvalidDataException($"{path} is empty.");
        string[] heading = [.. lines[0].Split(',').Select(name => name.Trim().Trim('"').ToLowerInvariant())];
        int[] places = [.. Columns.Select(name => Array.IndexOf(heading, name))];
        int missing = Array.IndexOf(places, -1);
        if (missing >= 0)
            throw new InvalidDataException($"{path} has no column '{Columns[missing]}' in its heading '{lines[0]}'.");
        int time = Array.FindIndex(heading, name => TimeColumns.Contains(name));

        var bars = new List<Bar>(lines.Length);
        var times = new List<DateTime?>(lines.Length);
        for (int line = 1; line < lines.Length; line++)
        {
            if (lines[line].Length == 0)
                continue;
            string[] fields = lines[line].Split(',');
            double[] numbers = new double[places.Length];
            for (int i = 0; i < places.Length; i++)
            {
                if (places[i] >= fields.Length || !double.TryParse(fields[places[i]], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                    throw new InvalidDataException($"{path}, line {line + 1}: its {Columns[i]} is no number.");
            }

            bars.Add(new Bar(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]));
            times.Add(time >= 0 && time < fields.Length ? ReferenceSeries.ToTime(fields[time]) : null);
        }

        return bars.Count == 0 ? throw new InvalidDataException($"{path} has no bars.") : new QuotesFile([.. bars], [.. times]);
    }
}
