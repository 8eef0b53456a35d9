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
    private static readonly string[] All = ["sma", "ema", "wma", "rsi", "macd", "bb", "atr", "stoch", "obv", "vwap"];

    private static Indicator Create(string name) => name switch
    {
        "sma" => new SimpleMovingAverage(20),
        "ema" => new ExponentialMovingAverage(20),
        "wma" => new WeightedMovingAverage(14),
        "rsi" => new RelativeStrength(14),
        "macd" => new MovingAverageConvergence(12, 26, 9),
        "bb" => new BollingerBands(20, 2),
        "atr" => new AverageTrueRange(14),
        "stoch" => new Stochastic(14, 3, 3),
        "obv" => new OnBalanceVolume(),
        "vwap" => new VolumeWeightedPrice(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    public static TheoryData<string> Names => [.. All];

    [SkippableTheory]
    [MemberData(nameof(Names))]
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
        new IndicatorSeries(new SimpleMovingAverage(20)).Write(writer);
        byte[] other = writer.Written.ToArray();
        other[8] = 9;

        Assert.Throws<SnapshotException>(() => new IndicatorSeries(new SimpleMovingAverage(19)).Read(new SnapshotReader(writer.Written)));
        Assert.Throws<SnapshotException>(() => new IndicatorSeries(new SimpleMovingAverage(21)).Read(new SnapshotReader(writer.Written)));
        Assert.Contains(
            "format 9", Assert.Throws<SnapshotException>(() => new IndicatorSeries(new SimpleMovingAverage(20)).Read(new SnapshotReader(other))).Message,
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
        Assert.True(distance <= tolerance * Math.Max(Math.Abs(expected), tolerance), $"{place}: {actual:r} where {expected:r} was expected");
    }

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
