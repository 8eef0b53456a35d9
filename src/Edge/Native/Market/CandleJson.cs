using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>Candles as the API tells them.</summary>
internal static class CandleJson
{
    public static readonly IReadOnlyList<string> Intervals = [.. Enum.GetValues<CandleInterval>().Select(interval => interval.Text())];

    public static readonly AnswerShape Shape = new("Candle",
        new AnswerField("openMs", AnswerKind.Integer, "First millisecond of the interval."),
        new AnswerField("closeMs", AnswerKind.Integer, "Its last."),
        new AnswerField("open", AnswerKind.Decimal, "First price; without trades all four are the close before."),
        new AnswerField("high", AnswerKind.Decimal, "Highest."),
        new AnswerField("low", AnswerKind.Decimal, "Lowest."),
        new AnswerField("close", AnswerKind.Decimal, "Last."),
        new AnswerField("volume", AnswerKind.Decimal, "Quantity traded."),
        new AnswerField("quoteVolume", AnswerKind.Decimal, "The same in USDT."),
        new AnswerField("takerBuyVolume", AnswerKind.Decimal, "Of volume, what buyers took."),
        new AnswerField("trades", AnswerKind.Integer, "Number of trades."),
        new AnswerField("isFinal", AnswerKind.Flag, "The interval is over: it will not change."));

    /// <summary>One candle as an object.</summary>
    /// <param name="json">Written to.</param>
    /// <param name="candle">Of <paramref name="instrument"/>.</param>
    /// <param name="interval">Its length.</param>
    /// <param name="timeMs">As of when it is told.</param>
    /// <param name="instrument">Gives tick and lot.</param>
    public static void Write(Utf8JsonWriter json, in Candle candle, CandleInterval interval, long timeMs, Instrument instrument)
    {
        long closeMs = interval.CloseTimeMs(candle.OpenTimeMs);
        json.WriteStartObject();
        json.WriteNumber("openMs"u8, candle.OpenTimeMs);
        json.WriteNumber("closeMs"u8, closeMs);
        json.WriteSteps("open"u8, candle.OpenTicks, instrument.TickE8);
        json.WriteSteps("high"u8, candle.HighTicks, instrument.TickE8);
        json.WriteSteps("low"u8, candle.LowTicks, instrument.TickE8);
        json.WriteSteps("close"u8, candle.CloseTicks, instrument.TickE8);
        json.WriteE8("volume"u8, candle.Lots * instrument.LotE8);
        json.WriteE8("quoteVolume"u8, candle.QuoteE8);
        json.WriteE8("takerBuyVolume"u8, candle.TakerBuyLots * instrument.LotE8);
        json.WriteNumber("trades"u8, candle.Trades);
        json.WriteBoolean("isFinal"u8, closeMs < timeMs);
        json.WriteEndObject();
    }
}
