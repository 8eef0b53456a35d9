using System.Text.Json;
using Exchange.Core.MarketData;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>Candles as the API tells them.</summary>
internal static class CandleJson
{
    public static readonly IReadOnlyList<string> Intervals = [.. CandleIntervals.All.Select(interval => interval.Text())];

    public static readonly AnswerShape Shape = new("Candle",
        new AnswerField("openMs", AnswerKind.Integer, "First millisecond of the interval."),
        new AnswerField("closeMs", AnswerKind.Integer, "Its last."),
        new AnswerField("open", AnswerKind.Decimal, "First price; where there was none all four are the close before."),
        new AnswerField("high", AnswerKind.Decimal, "Highest."),
        new AnswerField("low", AnswerKind.Decimal, "Lowest."),
        new AnswerField("close", AnswerKind.Decimal, "Last."),
        new AnswerField("volume", AnswerKind.Decimal, "Quantity traded."),
        new AnswerField("quoteVolume", AnswerKind.Decimal, "The same in USDT."),
        new AnswerField("takerBuyVolume", AnswerKind.Decimal, "Of volume, what buyers took."),
        new AnswerField("trades", AnswerKind.Integer, "Number of trades; of mark and index of prices told, and their volumes are 0."),
        new AnswerField("isFinal", AnswerKind.Flag, "The interval is over: it will not change."));

    /// <summary>One candle as an object.</summary>
    /// <param name="json">Written to.</param>
    /// <param name="candle">Of a symbol.</param>
    /// <param name="interval">Its length.</param>
    /// <param name="timeMs">As of when it is told.</param>
    /// <param name="priceStepE8">What its prices are in.</param>
    /// <param name="lotE8">What its quantities are in.</param>
    public static void Write(Utf8JsonWriter json, in Candle candle, CandleInterval interval, long timeMs, long priceStepE8, long lotE8)
    {
        long closeMs = interval.CloseTimeMs(candle.OpenTimeMs);
        json.WriteStartObject();
        json.WriteNumber("openMs"u8, candle.OpenTimeMs);
        json.WriteNumber("closeMs"u8, closeMs);
        json.WriteSteps("open"u8, candle.OpenTicks, priceStepE8);
        json.WriteSteps("high"u8, candle.HighTicks, priceStepE8);
        json.WriteSteps("low"u8, candle.LowTicks, priceStepE8);
        json.WriteSteps("close"u8, candle.CloseTicks, priceStepE8);
        json.WriteE8("volume"u8, candle.Lots * lotE8);
        json.WriteE8("quoteVolume"u8, candle.QuoteE8);
        json.WriteE8("takerBuyVolume"u8, candle.TakerBuyLots * lotE8);
        json.WriteNumber("trades"u8, candle.Trades);
        json.WriteBoolean("isFinal"u8, closeMs < timeMs);
        json.WriteEndObject();
    }
}
