using System.Text.Json;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Marks;
using Exchange.Core.Units;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.MarketData;

public sealed class TickerTests
{
    private const long Minute = 60_000;
    private const long UnitE8 = 1_000_000;
    private const long TickE8 = 10_000_000;
    private const long LotE8 = 10_000_000;

    [Fact]
    public void Statistics_follow_the_worked_example()
    {
        (JsonElement input, JsonElement expect) = CalcExamples.Find("s-ticker");
        var ticker = new Ticker(UnitE8);
        foreach (JsonElement trade in input.GetProperty("trades").EnumerateArray())
            ticker.Trade(trade.GetProperty("t").GetInt64(), Steps(trade, "price", TickE8), Steps(trade, "qty", LotE8), Side.Buy);
        ticker.Advance(input.GetProperty("now").GetInt64());

        TickerStatistics day = ticker.Statistics;
        string[] actual =
        [
            Price(day.OpenTicks), Price(day.HighTicks), Price(day.LowTicks), Price(day.LastTicks), Price(day.ChangeTicks),
            DecimalText.ToText((Int128)day.ChangePercentE2 * 1_000_000), DecimalText.ToText(day.Lots * LotE8),
            DecimalText.ToText(day.QuoteE8), $"{day.Trades}",
        ];
        Assert.Equal(expect.EnumerateObject().Select(field => field.Value.ToString()), actual);
        Assert.Equal((120_000, 86_519_999), (day.OpenTimeMs, day.CloseTimeMs));
    }

    [Fact]
    public void A_day_without_trades_keeps_the_last_price_and_nothing_else()
    {
        var ticker = new Ticker(UnitE8);
        Assert.Equal(0, ticker.Statistics.LastTicks);
        ticker.Trade(5 * Minute, 100, 3, Side.Sell);

        ticker.Advance((5 + 1_439) * Minute);
        Assert.Equal(1, ticker.Statistics.Trades);
        ticker.Advance((5 + 1_440) * Minute);
        TickerStatistics empty = ticker.Statistics;
        Assert.Equal((100, 100, 100, 100), (empty.LastTicks, empty.OpenTicks, empty.HighTicks, empty.LowTicks));
        Assert.Equal((0, 0, 0, 0), (empty.Trades, (long)empty.Lots, (long)empty.QuoteE8, empty.ChangePercentE2));
    }

    [Theory]
    [InlineData(1_001, 975, -259)]
    [InlineData(1_000, 1_000, 0)]
    [InlineData(3_000, 3_001, 3)]
    [InlineData(8, 9, 1_250)]
    [InlineData(20_000, 20_001, 1)]
    [InlineData(20_001, 20_002, 0)]
    public void Percent_is_in_hundredths(long open, long last, long expected) =>
        Assert.Equal(expected, new TickerStatistics { OpenTicks = open, LastTicks = last }.ChangePercentE2);

    [Fact]
    public void Ring_agrees_with_going_over_all_trades()
    {
        for (int seed = 0; seed < TestScale.Of(30, 1_000); seed++)
        {
            var random = new Random(seed);
            var ticker = new Ticker(UnitE8);
            var trades = new List<(long Time, long Price, long Lots)>();
            long time = random.NextInt64(0, 3_000 * Minute);
            long pace = (long)Math.Pow(10, random.Next(4, 9));
            for (int step = 0; step < 200; step++)
            {
                time += random.NextInt64(0, pace);
                if (random.Next(3) == 0)
                {
                    ticker.Advance(time);
                }
                else
                {
                    trades.Add((time, random.Next(1, 500), random.Next(1, 99)));
                    ticker.Trade(trades[^1].Time, trades[^1].Price, trades[^1].Lots, Side.Buy);
                }

                Assert.Equal(Naive(trades, time), ticker.Statistics);
                if (step % 50 == 0)
                    ticker = Restored(ticker);
            }
        }
    }

    private static TickerStatistics Naive(List<(long Time, long Price, long Lots)> trades, long now)
    {
        long end = (now / Minute + 1) * Minute;
        var day = trades.Where(trade => trade.Time >= end - 1_440 * Minute).ToList();
        long last = trades.Count == 0 ? 0 : trades[^1].Price;
        return new TickerStatistics
        {
            OpenTimeMs = Math.Max(0, end - 1_440 * Minute),
            CloseTimeMs = end - 1,
            LastTicks = last,
            OpenTicks = day.Count == 0 ? last : day[0].Price,
            HighTicks = day.Count == 0 ? last : day.Max(trade => trade.Price),
            LowTicks = day.Count == 0 ? last : day.Min(trade => trade.Price),
            Lots = day.Sum(trade => trade.Lots),
            QuoteE8 = day.Sum(trade => trade.Price * trade.Lots * UnitE8),
            Trades = day.Count,
        };
    }

    private static Ticker Restored(Ticker ticker)
    {
        var writer = new SnapshotWriter();
        ticker.Write(writer);
        var restored = new Ticker(UnitE8);
        restored.Read(new SnapshotReader(writer.Written));
        Assert.Equal(ticker.Statistics, restored.Statistics);
        return restored;
    }

    private static string Price(long ticks) => DecimalText.ToText((Int128)ticks * TickE8);

    private static long Steps(JsonElement from, string name, long stepE8)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSteps(from.GetProperty(name).GetString(), stepE8, out long steps));
        return steps;
    }
}
