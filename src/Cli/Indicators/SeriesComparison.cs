using System.Globalization;
using System.Text;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Indicators;

/// <summary>What became of one column.</summary>
/// <param name="FirstRow">The first row with a value in the file; null: there is none.</param>
/// <param name="Values">How many values were compared.</param>
/// <param name="Worst">The largest distance as a share of the value.</param>
/// <param name="Different">How many rows are not equal; where one is defined and the other is not counts.</param>
/// <param name="Example">The first of them, in words.</param>
public sealed record ColumnComparison(string Column, int? FirstRow, int Values, double Worst, int Different, string? Example);

/// <summary>An indicator computed bar by bar beside a recorded series.</summary>
/// <param name="Ignored">Columns of the file that the indicator has not.</param>
public sealed record SeriesComparison(int Rows, IReadOnlyList<ColumnComparison> Columns, IReadOnlyList<string> Ignored)
{
    public bool IsEqual => Columns.All(column => column.Different == 0);

    /// <exception cref="InvalidDataException">The files are not of the same bars, or have no column in common.</exception>
    internal static SeriesComparison Of(Indicator indicator, IndicatorKind kind, QuotesFile quotes, ReferenceSeries reference, double tolerance)
    {
        CheckRows(quotes, reference);
        double[][] computed = Compute(indicator, quotes.Bars);
        var columns = new List<ColumnComparison>();
        var ignored = new List<string>();
        foreach ((string name, double[] expected) in reference.Columns)
        {
            int output = indicator.Outputs.IndexOf(kind.Aliases.GetValueOrDefault(name, name));
            if (output < 0)
                ignored.Add(name);
            else
                columns.Add(Compare(name, expected, computed[output], tolerance));
        }

        return columns.Count != 0
            ? new SeriesComparison(quotes.Bars.Length, columns, ignored)
            : throw new InvalidDataException($"The file has none of the outputs of {kind.Name}: {string.Join(", ", indicator.Outputs)}.");
    }

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (ColumnComparison column in Columns)
        {
            string verdict = column.Different == 0 ? "equal" : $"{column.Different} rows differ, first {column.Example}";
            text.AppendLine(CultureInfo.InvariantCulture, $"{column.Column,-20} {column.Values} values, worst {column.Worst:0.0e+0}: {verdict}");
        }

        if (Ignored.Count != 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"not compared: {string.Join(", ", Ignored)}");
        return text.Append(CultureInfo.InvariantCulture, $"{Rows} bars, {(IsEqual ? "equal" : "different")}").ToString();
    }

    private static void CheckRows(QuotesFile quotes, ReferenceSeries reference)
    {
        if (quotes.Bars.Length != reference.Times.Length)
            throw new InvalidDataException($"There are {quotes.Bars.Length} quotes and {reference.Times.Length} rows.");
        for (int row = 0; row < quotes.Bars.Length; row++)
        {
            if (quotes.Times[row] is { } bar && reference.Times[row] is { } time && bar != time)
                throw new InvalidDataException($"Row {row} is of {time:s}, and the quote there of {bar:s}.");
        }
    }

    private static double[][] Compute(Indicator indicator, Bar[] bars)
    {
        double[][] columns = [.. indicator.Outputs.Select(_ => new double[bars.Length])];
        var series = new IndicatorSeries(indicator);
        for (int row = 0; row < bars.Length; row++)
        {
            series.Close(in bars[row]);
            for (int output = 0; output < columns.Length; output++)
                columns[output][row] = series.Values[output];
        }

        return columns;
    }

    private static ColumnComparison Compare(string name, double[] expected, double[] computed, double tolerance)
    {
        int? first = null;
        int values = 0;
        double worst = 0;
        int different = 0;
        string? example = null;
        for (int row = 0; row < expected.Length; row++)
        {
            bool isExpected = !double.IsNaN(expected[row]);
            bool isComputed = !double.IsNaN(computed[row]);
            bool isEqual = isExpected == isComputed;
            if (isExpected)
                first ??= row;
            if (isExpected && isComputed)
            {
                double distance = Math.Abs(expected[row] - computed[row]);
                values++;
                worst = Math.Max(worst, distance == 0 ? 0 : distance / Math.Max(Math.Abs(expected[row]), tolerance));
                isEqual = distance <= tolerance * Math.Max(Math.Abs(expected[row]), tolerance);
            }

            if (isEqual)
                continue;
            different++;
            example ??= $"row {row}: {Text(computed[row])} where {Text(expected[row])} was recorded";
        }

        return new ColumnComparison(name, first, values, worst, different, example);
    }

    private static string Text(double value) => double.IsNaN(value) ? "nothing" : value.ToString("r", CultureInfo.InvariantCulture);
}
