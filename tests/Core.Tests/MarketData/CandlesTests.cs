using System.Globalization;
using System.Text.Json;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Marks;
using Exchange.Core.Units;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.MarketData;

public sealed class CandlesTests
{
    private const long Minute = 60_000;
    private const long Day = 1_440 * Minute;
    private const long TickE8 = 10_000_000;
    private const long LotE8 = 10_000_000;
    private const long UnitE8 = 1_000_000;

    [Fact]
    public void Candles_follow_the_worked_example()
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find("s-kline");
        var candles = new Candles(UnitE8);
        foreach (JsonElement trade in input.GetProperty("trades").EnumerateArray())
            candles.Trade(trade.GetProperty("t").GetInt64(), Steps(trade, "price", TickE8), Steps(trade, "qty", LotE8), TakerSide(trade));
        candles.Advance(input.GetProperty("to").GetInt64());

        var read = new Candle[100];
        int count = candles.Read(CandleInterval.OneMinute, input.GetProperty("from").GetInt64(), input.GetProperty("to").GetInt64() - 1, read);

        string[] expected = [.. expect.GetProperty("klines").EnumerateArray().Select(kline => string.Join(' ', kline.EnumerateObject().Select(field => field.Value.ToString())))];
        Assert.Equal(expected, read[..count].Select(Text));
        Assert.All(read[..count], candle => Assert.True(candles.IsFinal(CandleInterval.OneMinute, candle)));
    }

    [Theory]
    [InlineData("1s", "2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z")]
    [InlineData("1m", "2024-02-29T23:59:59.999Z", "2024-02-29T23:59:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("15m", "2024-02-29T23:59:59.999Z", "2024-02-29T23:45:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("8h", "2024-02-29T07:59:59.999Z", "2024-02-29T00:00:00Z", "2024-02-29T08:00:00Z")]
    [InlineData("3d", "1970-01-03T23:59:59.999Z", "1970-01-01T00:00:00Z", "1970-01-04T00:00:00Z")]
    [InlineData("1w", "2024-02-29T12:00:00Z", "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z")]
    [InlineData("1w", "2024-02-26T00:00:00Z", "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z")]
    [InlineData("1M", "2024-02-29T23:59:59.999Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("1M", "2023-12-31T23:59:59.999Z", "2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z")]
    public void Intervals_begin_and_end_where_the_calendar_says(string text, string time, string open, string next)
    {
        Assert.True(CandleIntervals.TryParse(text, out CandleInterval interval));
        Assert.Equal(text, interval.Text());
        Assert.Equal(Ms(open), interval.OpenTimeMs(Ms(time)));
        Assert.Equal(Ms(next), interval.NextOpenTimeMs(Ms(open)));
        Assert.Equal(Ms(next) - 1, interval.CloseTimeMs(Ms(open)));
        Assert.Equal(Ms(open), interval.EarlierOpenTimeMs(Ms(next), 1));
    }

    [Fact]
    public void Months_agree_with_the_calendar_for_eight_thousand_years()
    {
        for (var month = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc); month.Year < 9_990; month = month.AddMonths(1))
        {
            long open = Ms(month);
            long next = Ms(month.AddMonths(1));
            Assert.Equal(open, CandleInterval.OneMonth.OpenTimeMs(open));
            Assert.Equal(open, CandleInterval.OneMonth.OpenTimeMs(next - 1));
            Assert.Equal(next, CandleInterval.OneMonth.NextOpenTimeMs(open));
        }
    }

    [Fact]
    public void Unknown_interval_texts_are_refused()
    {
        Assert.All(["", "1", "1mm", "1D", "7d", "2s", "m1"], text => Assert.False(CandleIntervals.TryParse(text, out _)));
        Assert.Equal(CandleIntervals.Count, Enum.GetValues<CandleInterval>().Length);
        Assert.Equal(
            "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M", string.Join(' ', CandleIntervals.All.Select(interval => interval.Text())));
    }

    [Fact]
    public void A_candle_is_final_only_when_time_reaches_the_next_one()
    {
        var candles = new Candles(UnitE8);
        candles.Trade(5 * Minute + 1, 100, 1, Side.Buy);
        var read = new Candle[1];

        candles.Advance(6 * Minute - 1);
        Assert.Equal(1, candles.ReadLatest(CandleInterval.OneMinute, read));
        Assert.False(candles.IsFinal(CandleInterval.OneMinute, read[0]));
        candles.Advance(6 * Minute);
        Assert.True(candles.IsFinal(CandleInterval.OneMinute, read[0]));
        Assert.Equal(1, candles.ReadLatest(CandleInterval.OneMinute, read));
        Assert.Equal((6 * Minute, 0, 100), (read[0].OpenTimeMs, read[0].Trades, read[0].CloseTicks));
    }

    [Fact]
    public void Only_the_last_candles_are_kept_and_quiet_months_cost_nothing()
    {
        var candles = new Candles(UnitE8, kept: 3);
        for (int i = 1; i <= 10; i++)
            candles.Trade(i * 5 * Minute, 100 + i, 1, Side.Buy);
        var read = new Candle[100];

        int count = candles.Read(CandleInterval.OneMinute, 0, long.MaxValue, read);
        Assert.Equal(35 * Minute, read[0].OpenTimeMs);   // three folded, the open one beside them
        Assert.Equal(50 * Minute, read[count - 1].OpenTimeMs);
        Assert.Equal(16, count);

        candles.Trade(10_000 * Day, 1, 1, Side.Sell);
        Assert.Equal(100, candles.ReadLatest(CandleInterval.OneMinute, read));
        Assert.Equal(110, read[98].CloseTicks);
        Assert.Equal(1, read[99].CloseTicks);
    }

    [Fact]
    public void All_intervals_agree_with_going_over_all_trades()
    {
        for (int seed = 0; seed < TestScale.Of(30, 1_000); seed++)
            RunAgainstNaive(new Random(seed));
    }

    private static void RunAgainstNaive(Random random)
    {
        var candles = new Candles(UnitE8, kept: 1_000_000);
        var trades = new List<(long Time, long Price, long Lots, Side Side)>();
        long time = random.NextInt64(0, 20_000 * Day);
        long pace = (long)Math.Pow(10, random.Next(3, 9));
        var read = new Candle[300];
        for (int step = 0; step < 300; step++)
        {
            time += random.NextInt64(0, pace);
            if (random.Next(4) == 0)
            {
                candles.Advance(time);
            }
            else
            {
                (long, long, long, Side) trade = (time, random.Next(1, 1_000), random.Next(1, 50), (Side)random.Next(2));
                trades.Add(trade);
                candles.Trade(trade.Item1, trade.Item2, trade.Item3, trade.Item4);
            }

            if (step % 30 == 29)
            {
                candles = Restored(candles);
                Compare(random, candles, trades, time, read);
            }
        }
    }

    private static void Compare(Random random, Candles candles, List<(long Time, long Price, long Lots, Side Side)> trades, long now, Candle[] read)
    {
        foreach (CandleInterval interval in Enum.GetValues<CandleInterval>())
        {
            if (interval == CandleInterval.OneSecond && trades.Count > 0 && now - trades[0].Time > 10_000_000)
                continue;   // Going over all seconds of years would take long.
            long from = random.Next(3) == 0 ? 0 : now - random.NextInt64(0, 3_000_000_000);
            long to = random.Next(3) == 0 ? long.MaxValue : now - random.NextInt64(0, 1_000_000_000);
            int count = candles.Read(interval, from, to, read);
            Candle[] expected = Naive(interval, trades, now, from, to, read.Length);
            Assert.Equal(expected.Select(Text), read[..count].Select(Text));

            count = candles.ReadLatest(interval, read.AsSpan(0, 7));
            expected = Naive(interval, trades, now, 0, now, int.MaxValue);
            Assert.Equal(expected.TakeLast(7).Select(Text), read[..count].Select(Text));
        }
    }

    private static Candle[] Naive(
        CandleInterval interval, List<(long Time, long Price, long Lots, Side Side)> trades, long now, long from, long to, int limit)
    {
        var made = new List<Candle>();
        if (trades.Count == 0)
            return [];
        int next = 0;
        long close = 0;
        for (long open = interval.OpenTimeMs(trades[0].Time); open <= Math.Min(now, to) && made.Count < limit; open = interval.NextOpenTimeMs(open))
        {
            Candle candle = Candle.Empty(open, close);
            for (; next < trades.Count && trades[next].Time < interval.NextOpenTimeMs(open); next++)
                candle.Add(trades[next].Price, trades[next].Lots, (Int128)trades[next].Price * trades[next].Lots * UnitE8, trades[next].Side);
            close = candle.CloseTicks;
            if (open >= from)
                made.Add(candle);
        }

        return [.. made];
    }

    private static Candles Restored(Candles candles)
    {
        var writer = new SnapshotWriter();
        candles.Write(writer);
        var restored = new Candles(UnitE8, kept: 1_000_000);
        restored.Read(new SnapshotReader(writer.Written));
        Assert.Equal(Hash(candles), Hash(restored));
        return restored;
    }

    private static ulong Hash(Candles candles)
    {
        StateHasher hasher = StateHasher.Create();
        candles.AddTo(ref hasher);
        return hasher.Value;
    }

    private static string Text(Candle candle) => string.Join(
        ' ', candle.OpenTimeMs, CandleInterval.OneMinute.CloseTimeMs(candle.OpenTimeMs), Price(candle.OpenTicks), Price(candle.HighTicks),
        Price(candle.LowTicks), Price(candle.CloseTicks), DecimalText.ToText(candle.Lots * LotE8), DecimalText.ToText(candle.QuoteE8),
        candle.Trades, DecimalText.ToText(candle.TakerBuyLots * LotE8));

    private static string Price(long ticks) => DecimalText.ToText((Int128)ticks * TickE8);

    private static Side TakerSide(JsonElement trade) => trade.GetProperty("takerSide").GetString() == "BUY" ? Side.Buy : Side.Sell;

    private static long Steps(JsonElement from, string name, long stepE8)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSteps(from.GetProperty(name).GetString(), stepE8, out long steps));
        return steps;
    }

    private static long Ms(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static long Ms(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();
}
