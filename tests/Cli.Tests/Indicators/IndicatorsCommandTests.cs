using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Indicators;
using Exchange.Tests.Shared;

namespace Exchange.Cli.Tests.Indicators;

public sealed class IndicatorsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indicators-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_series_that_is_equal_passes_and_columns_that_the_indicator_has_not_are_named()
    {
        string series = Series((0, "null"), (1, "null"), (2, "20"), (3, "30"));

        (int code, string output, string error) = Run("check", "--quotes", Quotes(10, 20, 30, 40), "--indicator", "sma", "--parameters", "3", series);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("2 values, worst 0.0e+0: equal", output, StringComparison.Ordinal);
        Assert.Contains("not compared: other", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "30.00000004", "row 3: 30 where 30.00000004 was recorded")]
    [InlineData("20", "30", "row 1: nothing where 20 was recorded")]
    public void A_value_that_is_off_or_defined_elsewhere_is_told_with_its_row(string second, string fourth, string example)
    {
        string series = Series((0, "null"), (1, second), (2, "20"), (3, fourth));

        (int code, string output, _) = Run("check", "--quotes", Quotes(10, 20, 30, 40), "--indicator", "sma", "--parameters", "3", "--json", series);

        JsonElement column = JsonDocument.Parse(output).RootElement.GetProperty("columns")[0];
        Assert.Equal((1, 1, example), (code, column.GetProperty("different").GetInt32(), column.GetProperty("example").GetString()));
    }

    [Fact]
    public void A_wider_tolerance_is_taken()
    {
        string series = Series((0, "null"), (1, "null"), (2, "20"), (3, "30.00000004"));

        Assert.Equal(0, Run("check", "--quotes", Quotes(10, 20, 30, 40), "--indicator", "sma", "--parameters", "3", "--tolerance", "1e-6", series).Code);
    }

    [Fact]
    public void What_cannot_be_compared_says_why()
    {
        string quotes = Quotes(10, 20, 30);
        string series = Series((0, "null"), (1, "null"), (2, "20"));
        AssertNotCompared("There is no indicator 'smaa'.", quotes, "smaa", "3", series);
        AssertNotCompared("period of sma is a whole number from 1 to 10000.", quotes, "sma", "0", series);
        AssertNotCompared("'x' of --parameters is no number.", quotes, "sma", "x", series);
        AssertNotCompared("sma has 1 parameters, and 2 were given.", quotes, "sma", "3,4", series);
        AssertNotCompared("There are 4 quotes and 3 rows.", Quotes(1, 2, 3, 4), "sma", "3", series);
        AssertNotCompared("The file has none of the outputs of rsi: rsi.", quotes, "rsi", "", series);
        AssertNotCompared("has no column 'volume'", Write("bad.csv", "date,open,high,low,close\n2020-01-01,1,1,1,1\n"), "sma", "3", series);
        AssertNotCompared("line 2: its close is no number.", Write("bad.csv", "open,high,low,close,volume\n1,1,1,,1\n"), "sma", "3", series);
        AssertNotCompared("is no JSON", quotes, "sma", "3", Write("bad.json", "[{"));
        AssertNotCompared("is no array of rows", quotes, "sma", "3", Write("bad.json", "{}"));
        AssertNotCompared("row 1: its sma is no number.", quotes, "sma", "3", Write("bad.json", """[{"sma":null},{"sma":"high"},{"sma":20}]"""));
        AssertNotCompared("Row 1 is of 2020-01-05", quotes, "sma", "3",
            Write("bad.json", """[{"sma":null},{"timestamp":"2020-01-05T00:00:00","sma":null},{"sma":20}]"""));
        AssertNotCompared("absent.csv", Path.Combine(_folder, "absent.csv"), "sma", "3", series);
    }

    [Fact]
    public void The_list_has_every_name()
    {
        string output = Run("list").Output;

        Assert.Contains("stoch-rsi            rsiPeriod=14 period=14 signal=3 smoothing=1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_of_indicators_is_current()
    {
        string path = RepositoryRoot.Combine("docs", "indicators.md");
        if (Environment.GetEnvironmentVariable("EXCHANGE_UPDATE_DOCS") == "1")
            File.WriteAllText(path, IndicatorsDocument.Markdown());

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == IndicatorsDocument.Markdown(),
            "docs/indicators.md is stale. Make it anew: EXCHANGE_UPDATE_DOCS=1 dotnet test tests/Cli.Tests --filter The_document_of_indicators_is_current");
    }

    private void AssertNotCompared(string message, string quotes, string indicator, string parameters, string series)
    {
        (int code, _, string error) = Run("check", "--quotes", quotes, "--indicator", indicator, "--parameters", parameters, series);
        Assert.Equal(IndicatorsCommand.NotCompared, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = ExchangeCommandLine.Create().Parse(["indicators", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private string Quotes(params int[] closes) => Write(
        $"quotes{closes.Length}.csv",
        "date,open,high,low,close,volume\n" + string.Concat(closes.Select((close, day) => $"2020-01-0{day + 1},{close},{close},{close},{close},5\n")));

    private string Series(params (int Day, string Value)[] rows) => Write(
        "series.json", $"[{string.Join(",", rows.Select(row => $$"""{"timestamp":"2020-01-0{{row.Day + 1}}T00:00:00","sma":{{row.Value}},"other":1}"""))}]");

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
