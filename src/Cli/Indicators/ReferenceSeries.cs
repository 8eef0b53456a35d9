using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Exchange.Cli.Indicators;

/// <summary>A recorded series: a row a bar, by time.</summary>
/// <param name="Times">When each bar begins; null where the row does not say.</param>
/// <param name="Columns">Each named column's values; NaN: null, or not there.</param>
internal sealed record ReferenceSeries(DateTime?[] Times, IReadOnlyDictionary<string, double[]> Columns)
{
    private static readonly ImmutableArray<string> TimeNames = ["timestamp", "date", "time"];

    /// <exception cref="InvalidDataException">It is no such file; the message says where.</exception>
    public static ReferenceSeries Load(string path)
    {
        using JsonDocument document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"{path} is no array of rows.");
        int rows = document.RootElement.GetArrayLength();
        var times = new DateTime?[rows];
        var columns = new Dictionary<string, double[]>(StringComparer.Ordinal);
        int row = 0;
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"{path}, row {row}: it is no object.");
            foreach (JsonProperty field in element.EnumerateObject())
            {
                if (TimeNames.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
                {
                    times[row] = field.Value.ValueKind == JsonValueKind.String ? ToTime(field.Value.GetString()!) : null;
                    continue;
                }

                if (!columns.TryGetValue(field.Name, out double[]? column))
                    columns.Add(field.Name, column = Undefined(rows));
                column[row] = ToNumber(field.Value) ?? throw new InvalidDataException($"{path}, row {row}: its {field.Name} is no number.");
            }

            row++;
        }

        return new ReferenceSeries(times, columns);
    }

    /// <summary>Null: it is no time.</summary>
    public static DateTime? ToTime(string text) =>
        DateTime.TryParse(text.Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time) ? time : null;

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{path} is no JSON: {malformed.Message}", malformed);
        }
    }

    private static double[] Undefined(int rows)
    {
        double[] column = new double[rows];
        Array.Fill(column, double.NaN);
        return column;
    }

    /// <summary>A flag is 1 or 0; null: it is none of what a value may be.</summary>
    private static double? ToNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when value.ValueEquals("NaN"u8) => double.NaN,
        _ => null,
    };
}
