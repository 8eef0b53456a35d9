using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Marks;

/// <summary>The worked calculations of premium, rate, mark and maintenance margin.</summary>
public sealed class MarkCalculationTests
{
    [Theory]
    [InlineData("s-premium")]
    [InlineData("s-premium-neg")]
    public void Premium_follows_the_worked_example(string id)
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find(id);
        Instrument btc = TestInstruments.Btc();
        Assert.Equal(E8(input, "impactNotional"), btc.ImpactNotionalE8);

        long premium = Premium.OfE8(btc, Walk(input.GetProperty("bids"), btc), Walk(input.GetProperty("asks"), btc), E8(input, "index"));

        Assert.Equal(expect.GetProperty("premium").GetString(), DecimalText.ToText(premium));
    }

    [Theory]
    [InlineData("s-rate-clamp")]
    [InlineData("s-rate-high")]
    [InlineData("s-rate-cap")]
    public void Funding_rate_follows_the_worked_example(string id)
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find(id);
        var average = default(PremiumAverage);
        foreach (JsonElement premium in input.GetProperty("premiums").EnumerateArray())
            average.Add(E8(premium));

        long rate = FundingRate.OfE8(
            average.ValueE8, E8(input, "interest8h"), E8(input, "clamp"),
            input.GetProperty("intervalHours").GetInt64() * InstrumentLimits.HourMs, E8(input, "cap"));

        Assert.Equal(expect.GetProperty("averagePremium").GetString(), DecimalText.ToText(average.ValueE8));
        Assert.Equal(expect.GetProperty("fundingRate").GetString(), DecimalText.ToText(rate));
    }

    [Theory]
    [InlineData("s-mark")]
    [InlineData("s-mark-neg")]
    public void Mark_price_follows_the_worked_example(string id)
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find(id);
        long tickE8 = E8(input, "tick");
        long indexE8 = E8(input, "index");
        var window = new BasisWindow();
        foreach (JsonElement sample in input.GetProperty("basis").EnumerateArray())
            window.Add(Ticks(sample[0], tickE8), Ticks(sample[1], tickE8), tickE8, E8(sample[2]));

        long price1 = MarkPrice.FundedIndexTicks(
            indexE8, E8(input, "lastFundingRate"), input.GetProperty("msToFunding").GetInt64(),
            input.GetProperty("intervalMs").GetInt64(), tickE8);
        long price2 = MarkPrice.BasisTicks(indexE8, window, tickE8);
        long mark = MarkPrice.Median(price1, price2, Ticks(input.GetProperty("last"), tickE8));

        Assert.Equal(expect.GetProperty("price1").GetString(), DecimalText.ToText((Int128)price1 * tickE8));
        Assert.Equal(expect.GetProperty("price2").GetString(), DecimalText.ToText((Int128)price2 * tickE8));
        Assert.Equal(expect.GetProperty("mark").GetString(), DecimalText.ToText((Int128)mark * tickE8));
    }

    [Theory]
    [InlineData("s-maint")]
    [InlineData("s-maint-edge")]
    public void Maintenance_margin_follows_the_worked_example(string id)
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find(id);
        Instrument btc = TestInstruments.Btc();
        long notionalE8 = E8(input, "notional");

        int bracket = btc.BracketOf(notionalE8);

        Assert.Equal(expect.GetProperty("bracket").GetInt32(), bracket + 1);
        Assert.Equal(expect.GetProperty("maxLeverage").GetInt32(), btc.Brackets[bracket].MaxLeverage);
        Assert.Equal(expect.GetProperty("maintAmount").GetString(), DecimalText.ToText(btc.Brackets[bracket].DeductionE8));
        Assert.Equal(expect.GetProperty("maintMargin").GetString(), DecimalText.ToText(btc.MaintenanceMarginE8(notionalE8)));
    }

    [Fact]
    public void Premium_is_zero_where_a_side_is_too_thin_and_exact_where_it_just_reaches()
    {
        Instrument btc = TestInstruments.Btc();
        var thin = new ImpactWalk(btc.ImpactNotionalE8, btc.UnitE8);
        Assert.False(thin.Take(500_000, 499));
        var exact = new ImpactWalk(btc.ImpactNotionalE8, btc.UnitE8);
        Assert.True(exact.Take(500_000, 500));

        Assert.Equal(0, Premium.OfE8(btc, thin.Depth, exact.Depth, 1));
        Assert.Equal(25_000_000, Premium.OfE8(btc, exact.Depth, exact.Depth, 40_000 * Rounding.OneE8));
        Assert.Equal(-16_666_666, Premium.OfE8(btc, exact.Depth, exact.Depth, 60_000 * Rounding.OneE8));
    }

    [Fact]
    public void Prices_at_both_ends_of_the_range_do_not_stop_the_premium()
    {
        Instrument btc = TestInstruments.Create(TestInstruments.BtcSettings() with { MaxPriceTicks = InstrumentLimits.MaxPriceTicks });
        var asks = new ImpactWalk(btc.ImpactNotionalE8, btc.UnitE8);
        Assert.False(asks.Take(1, 1_000_000));
        Assert.True(asks.Take(InstrumentLimits.MaxPriceTicks, 1_000_000));
        var bids = new ImpactWalk(btc.ImpactNotionalE8, btc.UnitE8);
        Assert.True(bids.Take(InstrumentLimits.MaxPriceTicks, 1_000_000));

        Assert.InRange(Premium.OfE8(btc, bids.Depth, asks.Depth, long.MaxValue), -Premium.MaxE8, 0);
        Assert.Equal(Premium.MaxE8, Premium.OfE8(btc, bids.Depth, asks.Depth, 1));
    }

    [Fact]
    public void Basis_window_forgets_all_but_the_last_thirty()
    {
        var window = new BasisWindow();
        for (int i = 0; i < 100; i++)
            window.Add(1_000 + i, 1_001 + i, tickE8: 2, indexE8: 2_000);

        Assert.Equal(30, window.Count);
        Assert.Equal(Enumerable.Range(70, 30).Sum(i => (2_001 + 2 * i) * 2 - 4_000), (long)window.DoubledSumE8);
    }

    [Theory]
    [InlineData(1, 2, 3, 2)]
    [InlineData(3, 1, 2, 2)]
    [InlineData(2, 3, 1, 2)]
    [InlineData(2, 2, 9, 2)]
    [InlineData(9, 2, 9, 9)]
    public void Median_is_the_middle_one(long a, long b, long c, long median) => Assert.Equal(median, MarkPrice.Median(a, b, c));

    private static ImpactDepth Walk(JsonElement levels, Instrument instrument)
    {
        var walk = new ImpactWalk(instrument.ImpactNotionalE8, instrument.UnitE8);
        foreach (JsonElement level in levels.EnumerateArray())
        {
            if (walk.Take(Ticks(level[0], instrument.TickE8), Ticks(level[1], instrument.LotE8)))
                break;
        }

        return walk.Depth;
    }

    private static long E8(JsonElement from, string name) => E8(from.GetProperty(name));

    private static long E8(JsonElement text)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSignedE8(text.GetString(), out long value));
        return value;
    }

    private static long Ticks(JsonElement text, long stepE8)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSteps(text.GetString(), stepE8, out long steps));
        return steps;
    }
}
