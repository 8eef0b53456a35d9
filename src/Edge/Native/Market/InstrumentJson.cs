using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>Instruments as the API tells them.</summary>
internal static class InstrumentJson
{
    /// <summary>By <see cref="Exchange.Core.Orders.TradingState"/>; the last: it has no mark price yet.</summary>
    public static readonly WireNames States = new("trading", "reduce_only", "halted", "settled", "awaiting_mark");

    public const int AwaitingMark = 4;

    private static readonly AnswerShape BracketShape = new("LeverageBracket",
        new AnswerField("cap", AnswerKind.Decimal, "Largest notional of the bracket, in USDT."),
        new AnswerField("maxLeverage", AnswerKind.Integer, "Largest leverage of a position in it."),
        new AnswerField("maintenanceRate", AnswerKind.Decimal, "Part of the notional that equity must exceed."),
        new AnswerField("deduction", AnswerKind.Decimal, "Taken off the maintenance margin, so that brackets agree at their border."));

    public static readonly AnswerShape Shape = new("Instrument",
        new AnswerField("symbol", AnswerKind.Text, "Its name."),
        new AnswerField("status", AnswerKind.Text, "What it takes.", Values: States.All),
        new AnswerField("tickSize", AnswerKind.Decimal, "Prices are its multiples."),
        new AnswerField("lotSize", AnswerKind.Decimal, "Quantities are its multiples."),
        new AnswerField("minQty", AnswerKind.Decimal, "Smallest order."),
        new AnswerField("maxQty", AnswerKind.Decimal, "Largest order."),
        new AnswerField("minNotional", AnswerKind.Decimal, "Least price times quantity of an order that does not reduce."),
        new AnswerField("maxPrice", AnswerKind.Decimal, "Highest price an order may name."),
        new AnswerField("maxPosition", AnswerKind.Decimal, "Largest position."),
        new AnswerField("maxOrders", AnswerKind.Integer, "Open orders of an account, conditional ones included."),
        new AnswerField("bandUp", AnswerKind.Decimal, "A buy may name at most the mark price times this."),
        new AnswerField("bandDown", AnswerKind.Decimal, "A sell may name at least the mark price times this."),
        new AnswerField("marketBound", AnswerKind.Decimal, "How far from the mark a market order trades."),
        new AnswerField("triggerProtect", AnswerKind.Decimal, "Distance of mark and last beyond which protected stops wait; 0: none."),
        new AnswerField("makerFee", AnswerKind.Decimal, "Part of the notional; negative: a rebate."),
        new AnswerField("takerFee", AnswerKind.Decimal, "Part of the notional."),
        new AnswerField("liquidationFee", AnswerKind.Decimal, "Part of the notional, at most."),
        new AnswerField("fundingIntervalMs", AnswerKind.Integer, "Between two fundings."),
        new AnswerField("fundingCap", AnswerKind.Decimal, "Largest funding rate, either way."),
        new AnswerField("maxLeverage", AnswerKind.Integer, "Of the first bracket."),
        new AnswerField("brackets", AnswerKind.List, "Risk table, by rising cap.", Shape: BracketShape));

    public static void Write(Utf8JsonWriter json, Instrument instrument, int status)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("status"u8, States.Of(status));
        json.WriteE8("tickSize"u8, instrument.TickE8);
        json.WriteE8("lotSize"u8, instrument.LotE8);
        json.WriteSteps("minQty"u8, instrument.MinLots, instrument.LotE8);
        json.WriteSteps("maxQty"u8, instrument.MaxLots, instrument.LotE8);
        json.WriteE8("minNotional"u8, instrument.MinNotionalE8);
        json.WriteSteps("maxPrice"u8, instrument.MaxPriceTicks, instrument.TickE8);
        json.WriteSteps("maxPosition"u8, instrument.MaxPositionLots, instrument.LotE8);
        json.WriteNumber("maxOrders"u8, instrument.MaxOrders);
        json.WriteE8("bandUp"u8, instrument.BandUpE8);
        json.WriteE8("bandDown"u8, instrument.BandDownE8);
        json.WriteE8("marketBound"u8, instrument.MarketBoundE8);
        json.WriteE8("triggerProtect"u8, instrument.TriggerProtectE8);
        json.WriteE8("makerFee"u8, instrument.MakerRateE8);
        json.WriteE8("takerFee"u8, instrument.TakerRateE8);
        json.WriteE8("liquidationFee"u8, instrument.LiquidationFeeRateE8);
        json.WriteNumber("fundingIntervalMs"u8, instrument.FundingIntervalMs);
        json.WriteE8("fundingCap"u8, instrument.FundingCapE8);
        json.WriteNumber("maxLeverage"u8, instrument.MaxLeverage);
        json.WriteStartArray("brackets"u8);
        foreach (LeverageBracket bracket in instrument.Brackets)
            WriteBracket(json, bracket);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBracket(Utf8JsonWriter json, in LeverageBracket bracket)
    {
        json.WriteStartObject();
        json.WriteE8("cap"u8, bracket.CapE8);
        json.WriteNumber("maxLeverage"u8, bracket.MaxLeverage);
        json.WriteE8("maintenanceRate"u8, bracket.MaintenanceRateE8);
        json.WriteE8("deduction"u8, bracket.DeductionE8);
        json.WriteEndObject();
    }
}
