using System.Globalization;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Marks;
using Exchange.Core.Orders;

namespace Exchange.Cli.Examples;

/// <summary>The examples that are one calculation: premium, funding rate, mark price, candles, ticker, maintenance margin.</summary>
internal static class ExampleCalculations
{
    // The inputs name no tick or lot: a step that every text of theirs is a multiple of.
    private const long StepE8 = 10_000;
    private const long UnitE8 = 1;

    public static void Check(string calculation, JsonElement example, List<string> differences)
    {
        JsonElement input = example.GetProperty("input");
        JsonElement expect = example.GetProperty("expect");
        switch (calculation)
        {
            case "premium": Premium(input, expect, differences); break;
            case "fundingRate": FundingRate(input, expect, differences); break;
            case "markPrice": MarkPrice(input, expect, differences); break;
            case "klines": Candles(input, expect, differences); break;
            case "ticker24h": Ticker(input, expect, differences); break;
            case "maintenance": Maintenance(input, expect, differences); break;
            default: differences.Add($"unknown calculation {calculation}"); break;
        }
    }

    private static void Premium(JsonElement input, JsonElement expect, List<string> differences)
    {
        long impactE8 = E8(input, "impactNotional");
        long premiumE8 = Core.Marks.Premium.OfE8(
            impactE8, StepE8, UnitE8, Walk(input.GetProperty("bids"), impactE8), Walk(input.GetProperty("asks"), impactE8), E8(input, "index"));
        Equal(expect, "premium", ExampleEvents.Money(premiumE8), differences);
    }

    private static ImpactDepth Walk(JsonElement levels, long impactE8)
    {
        var walk = new ImpactWalk(impactE8, UnitE8);
        foreach (JsonElement level in levels.EnumerateArray())
        {
            if (walk.Take(Steps(level[0]), Steps(level[1])))
                break;
        }

        return walk.Depth;
    }

    private static void FundingRate(JsonElement input, JsonElement expect, List<string> differences)
    {
        PremiumAverage average = default;
        foreach (JsonElement premium in input.GetProperty("premiums").EnumerateArray())
            average.Add(ExampleEngine.Money(premium.GetString()!));
        long rateE8 = Core.Marks.FundingRate.OfE8(
            average.ValueE8, E8(input, "interest8h"), E8(input, "clamp"),
            input.GetProperty("intervalHours").GetInt64() * InstrumentLimits.HourMs, E8(input, "cap"));
        Equal(expect, "averagePremium", ExampleEvents.Money(average.ValueE8), differences);
        Equal(expect, "fundingRate", ExampleEvents.Money(rateE8), differences);
    }

    private static void MarkPrice(JsonElement input, JsonElement expect, List<string> differences)
    {
        long tickE8 = E8(input, "tick");
        long indexE8 = E8(input, "index");
        var window = new BasisWindow();
        foreach (JsonElement sample in input.GetProperty("basis").EnumerateArray())
            window.Add(E8(sample[0]) / tickE8, E8(sample[1]) / tickE8, tickE8, E8(sample[2]));
        long first = Core.Marks.MarkPrice.FundedIndexTicks(
            indexE8, E8(input, "lastFundingRate"), input.GetProperty("msToFunding").GetInt64(), input.GetProperty("intervalMs").GetInt64(), tickE8);
        long second = Core.Marks.MarkPrice.BasisTicks(indexE8, window, tickE8);
        long mark = Core.Marks.MarkPrice.Median(first, second, E8(input, "last") / tickE8);
        Equal(expect, "price1", ExampleEvents.Decimal(first, tickE8), differences);
        Equal(expect, "price2", ExampleEvents.Decimal(second, tickE8), differences);
        Equal(expect, "mark", ExampleEvents.Decimal(mark, tickE8), differences);
    }

    private static void Candles(JsonElement input, JsonElement expect, List<string> differences)
    {
        var candles = new Candles(UnitE8);
        foreach (JsonElement trade in input.GetProperty("trades").EnumerateArray())
            candles.Trade(trade.GetProperty("t").GetInt64(), Steps(trade.GetProperty("price")), Steps(trade.GetProperty("qty")), TakerSide(trade));
        long to = input.GetProperty("to").GetInt64();
        candles.Advance(to);
        var read = new Candle[1_000];
        int count = candles.Read(CandleInterval.OneMinute, input.GetProperty("from").GetInt64(), to - 1, read);
        string actual = string.Join(" | ", read.Take(count).Select(candle => string.Create(
            CultureInfo.InvariantCulture,
            $"close={Text(candle.CloseTicks)} closeTime={CandleInterval.OneMinute.CloseTimeMs(candle.OpenTimeMs)} high={Text(candle.HighTicks)} low={Text(candle.LowTicks)} open={Text(candle.OpenTicks)} openTime={candle.OpenTimeMs} quoteVolume={ExampleEvents.Money(candle.QuoteE8)} takerBuyVolume={Text(candle.TakerBuyLots)} trades={candle.Trades} volume={Text(candle.Lots)}")));
        string expected = string.Join(" | ", expect.GetProperty("klines").EnumerateArray().Select(ExampleEvents.Expected));
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
            differences.Add($"klines: expected {expected}; got {actual}");
    }

    private static void Ticker(JsonElement input, JsonElement expect, List<string> differences)
    {
        var ticker = new Ticker(UnitE8);
        foreach (JsonElement trade in input.GetProperty("trades").EnumerateArray())
            ticker.Trade(trade.GetProperty("t").GetInt64(), Steps(trade.GetProperty("price")), Steps(trade.GetProperty("qty")), Side.Buy);
        ticker.Advance(input.GetProperty("now").GetInt64());
        TickerStatistics day = ticker.Statistics;
        Equal(expect, "open", Text(day.OpenTicks), differences);
        Equal(expect, "high", Text(day.HighTicks), differences);
        Equal(expect, "low", Text(day.LowTicks), differences);
        Equal(expect, "last", Text(day.LastTicks), differences);
        Equal(expect, "change", Text(day.ChangeTicks), differences);
        Equal(expect, "changePercent", ExampleEvents.Decimal(day.ChangePercentE2, 1_000_000), differences);
        Equal(expect, "volume", Text(day.Lots), differences);
        Equal(expect, "quoteVolume", ExampleEvents.Money(day.QuoteE8), differences);
        Equal(expect, "trades", day.Trades.ToString(CultureInfo.InvariantCulture), differences);
    }

    private static void Maintenance(JsonElement input, JsonElement expect, List<string> differences)
    {
        Instrument instrument = ExampleEngine.Parse(0, input.GetProperty("spec"), 1_000_000);
        long notionalE8 = E8(input, "notional");
        int bracket = instrument.BracketOf(notionalE8);
        Equal(expect, "bracket", (bracket + 1).ToString(CultureInfo.InvariantCulture), differences);
        Equal(expect, "maxLeverage", instrument.Brackets[bracket].MaxLeverage.ToString(CultureInfo.InvariantCulture), differences);
        Equal(expect, "maintAmount", ExampleEvents.Money(instrument.Brackets[bracket].DeductionE8), differences);
        Equal(expect, "maintMargin", ExampleEvents.Money(instrument.MaintenanceMarginE8(notionalE8)), differences);
    }

    private static Side TakerSide(JsonElement trade) => trade.GetProperty("takerSide").GetString() == "SELL" ? Side.Sell : Side.Buy;

    private static string Text(Int128 steps) => ExampleEvents.Decimal(steps, StepE8);

    private static long Steps(JsonElement text) => E8(text) / StepE8;

    private static long E8(JsonElement from, string name) => E8(from.GetProperty(name));

    private static long E8(JsonElement text) => ExampleEngine.Money(text.GetString()!);

    private static void Equal(JsonElement expect, string name, string actual, List<string> differences)
    {
        string expected = expect.GetProperty(name).ToString();
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
            differences.Add($"{name}: expected {expected}; got {actual}");
    }
}
