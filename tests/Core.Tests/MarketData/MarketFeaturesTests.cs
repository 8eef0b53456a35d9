using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;
using Exchange.Core.MarketData.Indicators;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Views;

namespace Exchange.Core.Tests.MarketData;

public sealed class MarketFeaturesTests
{
    private const int Enough = 100_000;
    private static readonly Instrument Btc = ViewsFixture.Instrument(0);

    private readonly ViewsFixture _venue = new() { TimeMs = 86_400_000 };

    private long NowMs => _venue.TimeMs;

    [Fact]
    public void Indicators_are_those_of_the_closed_candles_whenever_it_is_looked_at()
    {
        MarketFeatures often = Make("sma(3);rsi(2);obv");
        MarketFeatures once = Make("sma(3);rsi(2);obv");
        var random = new Random(4);
        for (int i = 0; i < 1_500; i++)
        {
            _venue.TimeMs += random.Next(1, 700);
            _venue.Trade(100 + random.Next(20), 1 + random.Next(5));
            Advance(often);
        }

        Advance(once);
        foreach (string interval in (string[])["1s", "1m"])
        {
            Assert.True(CandleIntervals.TryParse(interval, out CandleInterval of));
            Candle[] candles = [.. _venue.Views.GetCandles(0, of, 0, NowMs, 1_500, CandlePrice.Trade).Items
                .Where(candle => of.NextOpenTimeMs(candle.OpenTimeMs) <= NowMs)];
            double mean = candles.TakeLast(3).Average(candle => candle.CloseTicks * (Btc.TickE8 / 1e8));
            Assert.Equal(mean, Value(often, $"indicator:{interval}:sma-3")!.Value, 1e-9);
            foreach (string name in (string[])["sma-3", "rsi-2", "obv"])
                Assert.Equal(Value(often, $"indicator:{interval}:{name}"), Value(once, $"indicator:{interval}:{name}"));
        }

        Assert.Null(Value(often, "indicator:1h:sma-3"));
        Assert.Null(Value(often, "indicator:1s:sma-4"));
    }

    [Fact]
    public void A_value_is_known_from_when_its_candle_ended_and_as_of_a_time_it_is_what_it_was_then()
    {
        MarketFeatures features = Make("sma(1)");
        _venue.Trade(100, 1);
        for (int second = 1; second <= 5; second++)
        {
            _venue.TimeMs += 1_000;
            _venue.Trade(100 + second, 1);
            Advance(features);
        }

        const long Begin = 86_400_000;
        const string Name = "indicator:1s:sma-1";
        Assert.Null(features.Find(Btc, Name, Begin + 999));
        Assert.Equal((Begin + 1_000, Text(100)), Known(features.Find(Btc, Name, Begin + 1_000)));
        Assert.Equal((Begin + 1_000, Text(100)), Known(features.Find(Btc, Name, Begin + 1_999)));
        Assert.Equal((Begin + 2_000, Text(101)), Known(features.Find(Btc, Name, Begin + 2_000)));
        Assert.Equal((Begin + 5_000, Text(104)), Known(features.Find(Btc, Name, Begin + 60_000)));
        Assert.Equal(Begin + 6_000 + 1_800_000, features.Find(Btc, Name, NowMs)!.ExpiresMs);
        Assert.Null(features.Find(Btc, Name, Begin + 6_000 + 1_800_000));

        static string Text(long ticks) => NumberText.Of((double)(ticks * Btc.TickE8 / 1e8m));
    }

    [Fact]
    public void Only_the_last_values_are_kept()
    {
        MarketFeatures features = Make("sma(1)", kept: 3);
        for (int second = 0; second < 20; second++)
        {
            _venue.Trade(100, 1);
            _venue.TimeMs += 1_000;
            Advance(features);
        }

        long lastMs = features.Find(Btc, "indicator:1s:sma-1", NowMs)!.KnownMs;
        Assert.NotNull(features.Find(Btc, "indicator:1s:sma-1", lastMs - 2_000));
        Assert.Null(features.Find(Btc, "indicator:1s:sma-1", lastMs - 2_001));
    }

    [Fact]
    public void What_fell_behind_by_more_than_is_kept_is_made_anew_of_what_is()
    {
        MarketFeatures behind = Make("sma(2);obv");
        _venue.Trade(100, 1);
        _venue.TimeMs += 5_000;
        _venue.Trade(200, 1);
        Advance(behind);
        _venue.TimeMs += 10_000_000;
        _venue.Trade(300, 1);
        _venue.TimeMs += 2_000;
        _venue.Trade(301, 1);

        MarketFeatures fresh = Make("sma(2);obv");
        Advance(behind);
        Advance(fresh);

        foreach (string name in (string[])["indicator:1s:sma-2", "indicator:1s:obv", "indicator:1m:sma-2", "tape:1s:rate"])
            Assert.Equal(Value(fresh, name), Value(behind, name));
        Assert.NotNull(Value(behind, "indicator:1s:sma-2"));
    }

    [Fact]
    public void Many_candles_are_taken_in_passes_and_the_symbol_that_is_traded_most_first()
    {
        for (int second = 0; second < 100; second++)
        {
            _venue.Trade(100, 1);
            _venue.Trade(100, 50, symbol: 1);
            _venue.TimeMs += 1_000;
        }

        _venue.Trade(100, 1);
        MarketFeatures features = Make("sma(1)");
        Assert.False(features.Advance(_venue.Views, Listed, 150));
        Assert.True(KnownMsOf(1) > KnownMsOf(0));
        while (!features.Advance(_venue.Views, Listed, 150))
            Assert.True(KnownMsOf(1) >= KnownMsOf(0));
        Assert.Equal(KnownMsOf(1), KnownMsOf(0));

        long KnownMsOf(int symbol) => features.Find(ViewsFixture.Instrument(symbol), "indicator:1s:sma-1", NowMs)?.KnownMs ?? 0;
    }

    [Fact]
    public void The_tape_tells_who_took_and_how_often()
    {
        MarketFeatures features = Make("none");
        _venue.Trade(100, 3);
        _venue.Trade(100, 1);
        _venue.TimeMs += 1_000;
        _venue.Trade(100, 1);
        Advance(features);
        Assert.Equal((-1.0, 2.0), (Value(features, "tape:1s:sign")!.Value, Value(features, "tape:1s:rate")!.Value));

        _venue.TimeMs += 2_000;
        _venue.Trade(100, 1);
        Advance(features);
        Assert.Equal((null, 0.0), (Value(features, "tape:1s:sign"), Value(features, "tape:1s:rate")!.Value));
    }

    [Fact]
    public void The_book_tells_spread_mid_microprice_imbalance_and_the_flow_since_the_last_second()
    {
        MarketFeatures features = Make("none");
        double tick = Btc.TickE8 / 1e8;
        double lot = Btc.LotE8 / 1e8;
        Level(Side.Buy, 100, 4);
        Level(Side.Buy, 99, 2);
        Level(Side.Sell, 102, 1);
        Advance(features);
        Assert.Equal(2 * tick, Value(features, "book:1s:spread")!.Value, 1e-9);
        Assert.Equal(101 * tick, Value(features, "book:1s:mid")!.Value, 1e-9);
        Assert.Equal((100 * 1 + 102 * 4) / 5.0 * tick, Value(features, "book:1s:microprice")!.Value, 1e-9);
        Assert.Equal(5 / 7.0, Value(features, "book:1s:imbalance")!.Value, 1e-9);
        Assert.Null(Value(features, "book:1s:orderFlowImbalance"));

        // More at the best bid: +3. A better ask: −2. That ask gone: +2. The best bid gone: −7, and nothing for what is behind it.
        _venue.TimeMs += 1_000;
        Level(Side.Buy, 100, 7);
        Level(Side.Sell, 101, 2);
        Level(Side.Sell, 101, 0);
        Level(Side.Buy, 100, 0);
        Level(Side.Buy, 98, 50);
        Advance(features);
        Assert.Equal((3 - 2 + 2 - 7) * lot, Value(features, "book:1s:orderFlowImbalance")!.Value, 1e-12);

        _venue.TimeMs += 1_000;
        Level(Side.Sell, 102, 0);
        Advance(features);
        Assert.Null(Value(features, "book:1s:mid"));
    }

    [Fact]
    public void Features_are_listed_by_prefix_and_behind_a_name()
    {
        MarketFeatures features = Make("sma(1);ema(1)");
        _venue.Trade(100, 1);
        _venue.TimeMs += 1_000;
        _venue.Trade(100, 1);
        Advance(features);

        Assert.Equal(["indicator:1s:ema-1", "indicator:1s:sma-1"], Names("indicator", null));
        Assert.Equal(["indicator:1s:sma-1"], Names("indicator:1s", "indicator:1s:ema-1"));
        Assert.Equal(["tape:1s:rate"], Names("tape:1s:rate", null));
        Assert.Equal(["indicator:1s:ema-1", "indicator:1s:sma-1", "tape:1s:rate", "tape:1s:sign"], Names("", null));
        Assert.Empty(Names("indicator:1m", null));
        Assert.Empty(Names("tape", "tape:9"));

        string[] Names(string prefix, string? after) => [.. features.List(Btc, prefix, after, 99, NowMs).Select(feature => feature.Name)];
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-1.5e-7, "-0.00000015")]
    [InlineData(1.2345e20, "123450000000000000000")]
    [InlineData(123456.789e12, "123456789000000000")]
    [InlineData(-0.0, "-0")]
    public void A_number_is_told_without_an_exponent(double value, string text)
    {
        Assert.Equal(text, NumberText.Of(value));
        Assert.Equal(value, double.Parse(NumberText.Of(value), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static readonly Instrument[] Listed = [ViewsFixture.Instrument(0), ViewsFixture.Instrument(1)];

    private static MarketFeatures Make(string indicators, int kept = 240)
    {
        Assert.Null(IndicatorSet.TryMake(indicators == "none" ? [] : indicators.Split(';'), out IndicatorSet? set));
        return new MarketFeatures(new ComputedFeatures(set!), kept);
    }

    private void Advance(MarketFeatures features) => Assert.True(features.Advance(_venue.Views, Listed, Enough));

    private double? Value(MarketFeatures features, string name) =>
        features.Find(Btc, name, NowMs) is { } found ? double.Parse(found.Value, System.Globalization.CultureInfo.InvariantCulture) : null;

    private static (long, string) Known(Feature? feature) => (feature!.KnownMs, feature.Value);

    private void Level(Side side, long priceTicks, long lots)
    {
        _venue.AddLevel(side, priceTicks, lots);
        _venue.Apply(default);
    }
}
