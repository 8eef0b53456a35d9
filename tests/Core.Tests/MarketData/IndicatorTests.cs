using System.Globalization;
using System.Text.Json;
using Exchange.Core.MarketData.Indicators;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.MarketData;

/// <summary>Indicators bar by bar against recorded reference series, against plain recomputation, and against themselves after a snapshot.</summary>
public sealed class IndicatorTests
{
    private const double Tolerance = 1e-9;
    private static readonly string[] All = [.. IndicatorCatalogue.All.Select(kind => kind.Name)];

    private static Indicator Create(string name, params double[] parameters)
    {
        Assert.Null(IndicatorCatalogue.Find(name)!.TryMake(parameters, out Indicator? made));
        return made!;
    }

    private static readonly string[] RecordedNames = ["sma", "ema", "wma", "rsi", "macd", "bb", "atr", "stoch", "obv", "vwap"];

    public static TheoryData<string> Recorded => [.. RecordedNames];

    public static TheoryData<string> RecordedPoints => [.. ReferencePoints().Keys];

    public static TheoryData<string> Names => [.. All];

    [SkippableTheory]
    [MemberData(nameof(Recorded))]
    public void It_is_the_reference_series_from_its_first_value_on_and_undefined_before(string name)
    {
        Bar[] bars = RecordedBars();
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(SharedData.File("indicators", $"{name}.standard.json")));
        Indicator indicator = Create(name);
        var series = new IndicatorSeries(indicator);
        int row = 0;
        foreach (JsonElement expected in reference.RootElement.EnumerateArray())
        {
            series.Close(bars[row]);
            for (int output = 0; output < indicator.Outputs.Length; output++)
            {
                JsonElement value = expected.GetProperty(indicator.Outputs[output]);
                string place = $"{indicator.Outputs[output]} of bar {row}";
                if (value.ValueKind == JsonValueKind.Null)
                    Assert.True(double.IsNaN(series.Values[output]), $"{place} is {series.Values[output]}, and should not be yet");
                else
                    AssertClose(value.GetDouble(), series.Values[output], place);
            }

            row++;
        }

        Assert.Equal(bars.Length, row);
    }

    /// <summary>Points of the series that the library of the recorded ones makes of the same quotes (Stock.Indicators d5c66604, Apache-2.0).</summary>
    [SkippableTheory]
    [MemberData(nameof(RecordedPoints))]
    public void It_is_the_reference_at_points_of_its_series_and_defined_where_that_is(string name)
    {
        Bar[] bars = RecordedBars();
        Indicator indicator = Create(name);
        foreach ((string output, ReferencePoint expected) in ReferencePoints()[name])
        {
            int at = indicator.Outputs.IndexOf(IndicatorCatalogue.Find(name)!.Aliases.GetValueOrDefault(output, output));
            var series = new IndicatorSeries(indicator);
            double[] values = [.. bars.Select(bar =>
            {
                series.Close(bar);
                return series.Values[at];
            })];

            Assert.Equal((expected.First, expected.Defined), (Array.FindIndex(values, value => !double.IsNaN(value)), values.Count(value => !double.IsNaN(value))));
            foreach ((string row, double? value) in expected.Rows)
                AssertClose(value ?? double.NaN, values[int.Parse(row, CultureInfo.InvariantCulture)], $"{output} of bar {row}");
        }
    }

    [Fact]
    public void Each_indicator_of_the_catalogue_is_compared_with_a_recorded_series_or_recomputed_here() =>
        Assert.Equal(
            All.Order(StringComparer.Ordinal),
            ReferencePoints().Keys.Union(RecordedNames).Union(["returns", "realised-volatility"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Returns_and_realised_volatility_are_those_of_a_plain_computation()
    {
        var returns = new IndicatorSeries(Create("returns", 3));
        var volatility = new IndicatorSeries(Create("realised-volatility", 5));
        List<double> closes = [];
        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            double close = Math.Exp(random.NextDouble() * (i % 3 == 0 ? 20 : 0.001));
            closes.Add(close);
            var bar = new Bar(close, close, close, close, 1);
            returns.Close(bar);
            volatility.Close(bar);
            if (i >= 3)
            {
                AssertClose(close / closes[^4] - 1, returns.Values[0], $"return {i}", 1e-7);
                AssertClose(Math.Log(close / closes[^4]), returns.Values[1], $"logarithm {i}", 1e-7);
            }

            if (i >= 5)
                AssertClose(Math.Sqrt(Enumerable.Range(i - 4, 5).Sum(at => Math.Pow(Math.Log(closes[at] / closes[at - 1]), 2))), volatility.Values[0], $"volatility {i}");
        }
    }

    [Fact]
    public void What_has_left_a_window_leaves_no_rounding_behind()
    {
        string[] ofVolume = ["vwma", "cmf", "mfi"];
        foreach (string name in ofVolume)
        {
            var series = new IndicatorSeries(Create(name, 3));
            foreach (Bar bar in RandomBars(10, 100, 3))
                series.Close(bar with { Volume = 1e17 / 3 });
            for (int i = 0; i < 4; i++)
                series.Close(new Bar(99, 101, 98, 100, 0));
            Assert.Equal(name == "mfi" ? 100 : double.NaN, series.Values[^1]);
        }
    }

    [Fact]
    public void Parameters_out_of_their_range_make_none()
    {
        Assert.Equal("sma has 1 parameters, and 2 were given.", Problem("sma", 1, 2));
        Assert.Equal("period of sma is a whole number from 1 to 10000.", Problem("sma", 0));
        Assert.Equal("period of sma is a whole number from 1 to 10000.", Problem("sma", 2.5));
        Assert.Equal("period of sma is a whole number from 1 to 10000.", Problem("sma", double.NaN));
        Assert.Equal("deviations of bb is a number from 0.01 to 100.", Problem("bb", 20, 0));
        Assert.Equal("fast of macd is below slow.", Problem("macd", 26, 12));
        Assert.Null(IndicatorCatalogue.Find("nothing"));

        static string? Problem(string name, params double[] parameters) => IndicatorCatalogue.Find(name)!.TryMake(parameters, out _);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_running_bar_that_is_corrected_again_and_again_ends_as_if_it_had_come_once(string name)
    {
        var once = new IndicatorSeries(Create(name));
        var corrected = new IndicatorSeries(Create(name));
        var random = new Random(3);
        foreach (Bar bar in RandomBars(400, 50_000, 20))
        {
            for (int i = random.Next(4); i > 0; i--)
                corrected.Update(bar with { Close = bar.Close * 1.5, High = bar.High * 2, Low = bar.Low / 2, Volume = 1 });
            corrected.Update(bar);
            once.Close(bar);
            Assert.Equal(Bits(once), Bits(corrected));
            corrected.Close(bar);
            Assert.Equal(Bits(once), Bits(corrected));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gone_on_from_a_snapshot_it_is_the_same_to_the_bit(string name)
    {
        var whole = new IndicatorSeries(Create(name));
        var resumed = new IndicatorSeries(Create(name));
        foreach (Bar bar in RandomBars(120, 50_000, 20))
        {
            var writer = new SnapshotWriter();
            resumed.Write(writer);
            resumed = new IndicatorSeries(Create(name));
            resumed.Read(new SnapshotReader(writer.Written));
            whole.Close(bar);
            resumed.Close(bar);
            Assert.Equal(Bits(whole), Bits(resumed));
            Assert.Equal(Hash(whole), Hash(resumed));
        }
    }

    [Fact]
    public void A_snapshot_of_another_indicator_or_form_is_refused()
    {
        var writer = new SnapshotWriter();
        new IndicatorSeries(Create("sma")).Write(writer);
        byte[] other = writer.Written.ToArray();
        other[8] = 9;

        Assert.Throws<SnapshotException>(() => new IndicatorSeries(Create("sma", 19)).Read(new SnapshotReader(writer.Written)));
        Assert.Throws<SnapshotException>(() => new IndicatorSeries(Create("sma", 21)).Read(new SnapshotReader(writer.Written)));
        Assert.Contains(
            "format 9", Assert.Throws<SnapshotException>(() => new IndicatorSeries(Create("sma")).Read(new SnapshotReader(other))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Large prices that hardly move, for long: where running sums would have lost their last digits.</summary>
    [Fact]
    public void Rounding_does_not_add_up()
    {
        const int Period = 20;
        var average = new IndicatorSeries(new SimpleMovingAverage(Period));
        var weighted = new IndicatorSeries(new WeightedMovingAverage(Period));
        var bands = new IndicatorSeries(new BollingerBands(Period, 2));
        var window = new Queue<double>();
        int bar = 0;
        foreach (Bar next in RandomBars(200_000, 1_000_000, 0.5))
        {
            average.Close(next);
            weighted.Close(next);
            bands.Close(next);
            window.Enqueue(next.Close);
            if (window.Count > Period)
                window.Dequeue();
            if (++bar % 997 != 0)
                continue;
            double mean = window.Sum() / Period;
            AssertClose(mean, average.Values[0], $"mean of bar {bar}");
            AssertClose(window.Select((close, i) => (i + 1) * close).Sum() / 210, weighted.Values[0], $"weighted mean of bar {bar}");
            double deviation = Math.Sqrt(window.Sum(close => (close - mean) * (close - mean)) / Period);
            AssertClose(deviation, (bands.Values[1] - bands.Values[2]) / 4, $"deviation of bar {bar}", 1e-6);
        }
    }

    [Fact]
    public void The_highest_and_lowest_of_a_window_are_those_of_a_plain_search()
    {
        foreach (int period in (int[])[1, 2, 7])
        {
            Indicator indicator = new Stochastic(period, 1, 1);
            var series = new IndicatorSeries(indicator);
            var bars = new List<Bar>();
            foreach (Bar bar in RandomBars(2_000, 100, 3).Select(Rounded))
            {
                bars.Add(bar);
                series.Close(bar);
                if (bars.Count < period)
                {
                    Assert.True(double.IsNaN(series.Values[0]));
                    continue;
                }

                IEnumerable<Bar> window = bars.TakeLast(period);
                double highest = window.Max(one => one.High);
                double lowest = window.Min(one => one.Low);
                AssertClose(highest == lowest ? 0 : 100 * (bar.Close - lowest) / (highest - lowest), series.Values[0], $"{period} of bar {bars.Count}");
            }
        }

        // Many equal prices.
        static Bar Rounded(Bar bar) => new(Math.Round(bar.Open), Math.Round(bar.High), Math.Round(bar.Low), Math.Round(bar.Close), 1);
    }

    [Fact]
    public void Where_prices_stand_still_nothing_is_divided_by_nothing()
    {
        var still = new Bar(5, 5, 5, 5, 0);
        Dictionary<string, string> last = [];
        foreach (string name in All)
        {
            Indicator indicator = Create(name);
            var series = new IndicatorSeries(indicator);
            for (int i = 0; i < 60; i++)
                series.Close(still);
            last[name] = string.Join(' ', series.Values.ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Equal(("100", "0 0 0", "0 0 0"), (last["rsi"], last["stoch"], last["atr"]));
        Assert.Equal(("5 5 5 NaN NaN 0", "0", "NaN"), (last["bb"], last["obv"], last["vwap"]));
        Assert.Equal(("NaN", "-100", "100", "NaN"), (last["cci"], last["willr"], last["mfi"], last["vwma"]));
        Assert.Equal(("NaN NaN NaN NaN NaN", "0 5 NaN", "0 0 NaN", "0 0"), (last["adx"], last["stdev"], last["cmf"], last["realised-volatility"]));
    }

    [Fact]
    public void An_odd_price_that_stands_still_has_no_deviation()
    {
        double odd = 30_000.1;
        foreach (string name in (string[])["bb", "stdev", "cci"])
        {
            var series = new IndicatorSeries(Create(name, 7));
            foreach (Bar bar in RandomBars(10, 30_000, 3))
                series.Close(bar);
            for (int i = 0; i < 9; i++)
                series.Close(new Bar(odd, odd, odd, odd, 0));
            Assert.DoesNotContain(series.Values.ToArray(), value => value is > 0 and < 1);
        }
    }

    [Fact]
    public void A_bar_allocates_nothing()
    {
        IndicatorSeries[] all = [.. All.Select(name => new IndicatorSeries(Create(name)))];
        Bar[] bars = RandomBars(200, 50_000, 20);
        Allocations.AssertNone(() =>
        {
            foreach (Bar bar in bars)
            {
                foreach (IndicatorSeries series in all)
                {
                    series.Update(in bar);
                    series.Close(in bar);
                }
            }
        });
    }

    private static void AssertClose(double expected, double actual, string place, double tolerance = Tolerance)
    {
        double distance = Math.Abs(expected - actual);
        Assert.True((double.IsNaN(expected) && double.IsNaN(actual)) || distance <= tolerance * Math.Max(Math.Abs(expected), tolerance), $"{place}: {actual:r} where {expected:r} was expected");
    }

    private static Dictionary<string, Dictionary<string, ReferencePoint>> ReferencePoints() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, ReferencePoint>>>(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "MarketData", "reference-points.json")), JsonSerializerOptions.Web)!;

    private sealed record ReferencePoint(int First, int Defined, Dictionary<string, double?> Rows);

    private static long[] Bits(IndicatorSeries series) => [.. series.Values.ToArray().Select(BitConverter.DoubleToInt64Bits)];

    private static UInt128 Hash(IndicatorSeries series)
    {
        StateHasher hasher = StateHasher.Create();
        series.AddTo(ref hasher);
        return hasher.Value128;
    }

    private static Bar[] RecordedBars() =>
    [
        .. File.ReadLines(SharedData.File("indicators", "quotes_default.csv")).Skip(1).Select(line =>
        {
            double[] fields = [.. line.Split(',').Skip(1).Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            return new Bar(fields[0], fields[1], fields[2], fields[3], fields[4]);
        }),
    ];

    private static Bar[] RandomBars(int count, double price, double step)
    {
        var random = new Random(11);
        var bars = new Bar[count];
        double last = price;
        for (int i = 0; i < count; i++)
        {
            double close = price + (last - price) * 0.99 + (random.NextDouble() - 0.5) * step;
            bars[i] = new Bar(last, Math.Max(last, close) + random.NextDouble() * step, Math.Min(last, close) - random.NextDouble() * step, close, random.Next(1, 1_000));
            last = close;
        }

        return bars;
    }
}
