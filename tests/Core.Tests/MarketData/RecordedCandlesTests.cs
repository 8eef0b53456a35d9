using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Units;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.MarketData;

/// <summary>Candles made here against candles that others recorded of the same trades and quotes.</summary>
public sealed class RecordedCandlesTests
{
    private const long DayMs = 86_400_000;
    private static readonly CandleInterval[] SecondAndMinute = [CandleInterval.OneSecond, CandleInterval.OneMinute];

    /// <summary>Each second's four prices as four trades, the quantity with the last.</summary>
    [SkippableFact]
    public void Recorded_seconds_make_the_recorded_minutes_exactly()
    {
        var candles = new Candles(1, kept: 100_000);
        string[][] seconds = Rows("crypto-ohlcv", "btcusd_coinbase_second_20161007_trade.zip");
        foreach (string[] second in seconds)
        {
            long timeMs = Number(second[0]);
            foreach (int price in (int[])[1, 2, 3])
                candles.Trade(timeMs, E8(second[price]), 0, Side.Buy);
            candles.Trade(timeMs, E8(second[4]), E8(second[5]), Side.Buy);
        }

        candles.Advance(DayMs);
        Assert.Equal(seconds.Select(Text), Kept(candles, CandleInterval.OneSecond).Select(Text));
        Assert.Equal(
            Rows("crypto-ohlcv", "btcusd_coinbase_minute_20161007_trade.zip").Select(Text),
            Kept(candles, CandleInterval.OneMinute).Select(Text));
    }

    [SkippableFact]
    public void Recorded_trades_make_candles_that_add_up_to_sums_made_another_way()
    {
        const long TickE8 = 10_000_000;
        const long LotE8 = 100_000;
        var candles = new Candles(TickE8 * LotE8 / 100_000_000, kept: 100_000);
        var bySecond = new SortedDictionary<long, List<(decimal Price, decimal Quantity, bool IsBuy)>>();
        var byMinute = new SortedDictionary<long, List<(decimal Price, decimal Quantity, bool IsBuy)>>();
        int count = 0;
        foreach ((long timeMs, string price, string quantity, bool isBuy) in Trades())
        {
            candles.Trade(timeMs, E8(price) / TickE8, E8(quantity) / LotE8, isBuy ? Side.Buy : Side.Sell);
            var made = (decimal.Parse(price, CultureInfo.InvariantCulture), decimal.Parse(quantity, CultureInfo.InvariantCulture), isBuy);
            TradesOf(bySecond, timeMs / 1_000 * 1_000).Add(made);
            TradesOf(byMinute, timeMs / 60_000 * 60_000).Add(made);
            count++;
        }

        Assert.Equal(21_313, count);
        Assert.Equal(bySecond.Select(Sums), Kept(candles, CandleInterval.OneSecond).Select(Made));
        Assert.Equal(byMinute.Select(Sums), Kept(candles, CandleInterval.OneMinute).Select(Made));
        Assert.Equal(bySecond.Values.Sum(trades => trades.Sum(trade => trade.Quantity)), Kept(candles, CandleInterval.OneDay).Sum(candle => (decimal)candle.Lots / 1_000));

        static string Sums(KeyValuePair<long, List<(decimal Price, decimal Quantity, bool IsBuy)>> bar) => string.Create(
            CultureInfo.InvariantCulture,
            $"{bar.Key} {bar.Value[0].Price:0.0} {bar.Value.Max(trade => trade.Price):0.0} {bar.Value.Min(trade => trade.Price):0.0} {bar.Value[^1].Price:0.0} {bar.Value.Sum(trade => trade.Quantity):0.000} {bar.Value.Sum(trade => trade.Price * trade.Quantity):0.0000} {bar.Value.Where(trade => trade.IsBuy).Sum(trade => trade.Quantity):0.000} {bar.Value.Count}");

        static string Made(Candle candle) => string.Create(
            CultureInfo.InvariantCulture,
            $"{candle.OpenTimeMs} {candle.OpenTicks / 10m:0.0} {candle.HighTicks / 10m:0.0} {candle.LowTicks / 10m:0.0} {candle.CloseTicks / 10m:0.0} {(decimal)candle.Lots / 1_000:0.000} {(decimal)candle.QuoteE8 / 100_000_000:0.0000} {(decimal)candle.TakerBuyLots / 1_000:0.000} {candle.Trades}");
    }

    [SkippableTheory]
    [InlineData("20140501", 51_053, 17_421, 1_426)]
    [InlineData("20140502", 96_406, 20_305, 958)]
    [InlineData("20140505", 58_143, 17_495, 1_410)]
    public void Recorded_quotes_make_the_recorded_seconds_and_minutes_exactly(string day, int ticks, int seconds, int minutes)
    {
        var bids = new Candles(1, kept: 100_000);
        var asks = new Candles(1, kept: 100_000);
        string[][] quotes = Rows("fx", $"eurusd_fxcm_tick_{day}_quote.zip");
        foreach (string[] quote in quotes)
        {
            bids.Trade(Number(quote[0]), E8(quote[1]), 0, Side.Buy);
            asks.Trade(Number(quote[0]), E8(quote[2]), 0, Side.Sell);
        }

        Assert.Equal(ticks, quotes.Length);
        foreach ((CandleInterval interval, string name, int count) in SecondAndMinute.Zip(["second", "minute"], [seconds, minutes]))
        {
            IEnumerable<string> made = Kept(bids, interval).Zip(Kept(asks, interval), (bid, ask) => $"{bid.OpenTimeMs} {Prices(bid)} {ask.OpenTimeMs} {Prices(ask)}");
            string[] recorded = [.. Rows("fx", $"eurusd_fxcm_{name}_{day}_quote.zip")
                .Select(row => $"{row[0]} {string.Join(' ', row[1..5].Select(E8))} {row[0]} {string.Join(' ', row[6..10].Select(E8))}")];
            Assert.Equal(count, recorded.Length);
            Assert.Equal(recorded, made);
        }
    }

    private static List<(decimal Price, decimal Quantity, bool IsBuy)> TradesOf(
        SortedDictionary<long, List<(decimal Price, decimal Quantity, bool IsBuy)>> bars, long openMs)
    {
        if (!bars.TryGetValue(openMs, out List<(decimal Price, decimal Quantity, bool IsBuy)>? trades))
            bars.Add(openMs, trades = []);
        return trades;
    }

    /// <summary>Those of an interval that something was told in.</summary>
    private static Candle[] Kept(Candles candles, CandleInterval interval)
    {
        var read = new Candle[100_000];
        int count = candles.Read(interval, 0, long.MaxValue, read);
        return [.. read[..count].Where(candle => candle.Trades > 0)];
    }

    private static string Text(string[] row) => $"{row[0]} {string.Join(' ', row[1..6].Select(E8))}";

    private static string Text(Candle candle) => $"{candle.OpenTimeMs} {Prices(candle)} {candle.Lots}";

    private static string Prices(Candle candle) => $"{candle.OpenTicks} {candle.HighTicks} {candle.LowTicks} {candle.CloseTicks}";

    private static string[][] Rows(params string[] file)
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedData.File(file));
        using var reader = new StreamReader(Assert.Single(archive.Entries).Open());
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(','))];
    }

    private static IEnumerable<(long TimeMs, string Price, string Quantity, bool IsBuy)> Trades()
    {
        using var reader = new StreamReader(new GZipStream(
            File.OpenRead(SharedData.File("binance-usdm", "btcusdt_20240808_raw_ws.jsonl.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            if (!line.Contains("\"btcusdt@trade\"", StringComparison.Ordinal))
                continue;
            using JsonDocument document = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]);
            JsonElement trade = document.RootElement.GetProperty("data");
            yield return (trade.GetProperty("T").GetInt64(), trade.GetProperty("p").GetString()!, trade.GetProperty("q").GetString()!, !trade.GetProperty("m").GetBoolean());
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long E8(string text)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseSteps(text, 1, out long steps));
        return steps;
    }
}
