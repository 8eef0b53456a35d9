using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Indicators;

/// <summary><c>exchange indicators list</c> and <c>exchange indicators check</c>: what there is, and whether it is equal to a recorded series.</summary>
public static class IndicatorsCommand
{
    /// <summary>A file or a parameter is bad, so that nothing was compared.</summary>
    public const int NotCompared = 2;

    private const double StandardTolerance = 1e-9;

    public static Command Create() => new("indicators", "Lists indicators, and checks them against recorded series.") { List(), Check() };

    private static Command List()
    {
        Command command = new("list", "Lists the indicators with their parameters and outputs.");
        command.SetAction(parsed =>
        {
            foreach (IndicatorKind kind in IndicatorCatalogue.All)
            {
                IEnumerable<string> parameters = kind.Parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}={parameter.Standard}"));
                parsed.InvocationConfiguration.Output.WriteLine($"{kind.Name,-20} {string.Join(' ', parameters),-48} {string.Join(' ', kind.Outputs)}");
            }

            return ExchangeCommandLine.Done;
        });
        return command;
    }

    private static Command Check()
    {
        Argument<FileInfo> file = new("FILE") { Description = "JSON: an array of a row a bar, each with a value or null for each output." };
        Option<FileInfo> quotes = new("--quotes") { Description = "CSV with a heading: open, high, low, close, volume, and date or timestamp.", Required = true };
        Option<string> indicator = new("--indicator") { Description = "Its name, as `exchange indicators list` has it.", Required = true };
        Option<string> parameters = new("--parameters") { Description = "Its first parameters, with commas between; those missing are standard.", DefaultValueFactory = _ => "" };
        Option<double> tolerance = new("--tolerance") { Description = "How far a value may be off, as a share of it.", DefaultValueFactory = _ => StandardTolerance };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        Command command = new("check", "Computes an indicator bar by bar and compares it with a recorded series: 0 it is equal, 1 it is not, 2 it could not be compared.")
        {
            file, quotes, indicator, parameters, tolerance, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file).FullName,
            parsed.GetRequiredValue(quotes).FullName,
            () => IndicatorText.Parse(parsed.GetRequiredValue(indicator), parsed.GetValue(parameters)!),
            parsed.GetValue(tolerance),
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(
        string file, string quotes, Func<(IndicatorKind Kind, Indicator Made)> parse, double tolerance, bool json, TextWriter output, TextWriter error)
    {
        SeriesComparison comparison;
        try
        {
            (IndicatorKind kind, Indicator made) = parse();
            comparison = SeriesComparison.Of(made, kind, QuotesFile.Load(quotes), ReferenceSeries.Load(file), tolerance);
        }
        catch (Exception bad) when (bad is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(bad.Message);
            return NotCompared;
        }

        output.WriteLine(json ? JsonSerializer.Serialize(comparison, JsonSerializerOptions.Web) : comparison.ToText());
        return comparison.IsEqual ? ExchangeCommandLine.Done : ExchangeCommandLine.Failed;
    }
}
