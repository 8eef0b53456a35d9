using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>Orders and fills as the API tells them.</summary>
internal static class OrderJson
{
    public static readonly AnswerShape FillShape = new("Fill",
        new AnswerField("tradeId", AnswerKind.Text, "Counts 1, 2, 3 … per symbol."),
        new AnswerField("orderId", AnswerKind.Text, "Your order."),
        new AnswerField("symbol", AnswerKind.Text, "What was traded."),
        new AnswerField("side", AnswerKind.Text, "Your side.", Values: OrderNames.Sides.All),
        new AnswerField("positionSide", AnswerKind.Text, "The position it changed.", Values: OrderNames.PositionSides.All),
        new AnswerField("price", AnswerKind.Decimal, "The maker's price."),
        new AnswerField("qty", AnswerKind.Decimal, "Quantity traded."),
        new AnswerField("fee", AnswerKind.Decimal, "Fee in USDT; negative: a rebate."),
        new AnswerField("realisedPnl", AnswerKind.Decimal, "Profit realised by it, before the fee."),
        new AnswerField("isMaker", AnswerKind.Flag, "Your order was resting."),
        new AnswerField("isLiquidation", AnswerKind.Flag, "Part of a liquidation."),
        new AnswerField("isAdl", AnswerKind.Flag, "Part of auto-deleveraging."),
        new AnswerField("isSettlement", AnswerKind.Flag, "The position closed because the symbol was delisted."),
        new AnswerField("timeMs", AnswerKind.Integer, "When."));

    public static readonly AnswerShape Shape = new("Order",
        new AnswerField("orderId", AnswerKind.Text, "The venue's id."),
        new AnswerField("clientOrderId", AnswerKind.Text, "Yours, or one made for you."),
        new AnswerField("symbol", AnswerKind.Text, "What it trades."),
        new AnswerField("side", AnswerKind.Text, "buy or sell.", Values: OrderNames.Sides.All),
        new AnswerField("type", AnswerKind.Text, "How it is executed.", Values: OrderNames.Types.All),
        new AnswerField("timeInForce", AnswerKind.Text, "How long it may wait.", Values: OrderNames.TimesInForce.All),
        new AnswerField("status", AnswerKind.Text, "Where it stands.", Values: OrderNames.Statuses.All),
        new AnswerField("endReason", AnswerKind.Text, "Why it was canceled or expired.", IsOptional: true, Values: OrderNames.EndReasons.All),
        new AnswerField("qty", AnswerKind.Decimal, "Total quantity, filled included."),
        new AnswerField("filledQty", AnswerKind.Decimal, "Of it filled."),
        new AnswerField("averagePrice", AnswerKind.Decimal, "Of what is filled, to 8 decimals.", IsOptional: true),
        new AnswerField("price", AnswerKind.Decimal, "Limit price.", IsOptional: true),
        new AnswerField("stopPrice", AnswerKind.Decimal, "Trigger price.", IsOptional: true),
        new AnswerField("activationPrice", AnswerKind.Decimal, "Where it begins to trail.", IsOptional: true),
        new AnswerField("callbackRate", AnswerKind.Decimal, "How far it trails.", IsOptional: true),
        new AnswerField("gtdMs", AnswerKind.Integer, "When it expires.", IsOptional: true),
        new AnswerField("positionSide", AnswerKind.Text, "The position it acts on.", Values: OrderNames.PositionSides.All),
        new AnswerField("selfTradePrevention", AnswerKind.Text, "Which order gives way.", Values: OrderNames.SelfTradePrevention.All),
        new AnswerField("workingType", AnswerKind.Text, "Which price triggers it.", Values: OrderNames.WorkingTypes.All),
        new AnswerField("reduceOnly", AnswerKind.Flag, "Only makes a position smaller."),
        new AnswerField("closePosition", AnswerKind.Flag, "Closes the whole position."),
        new AnswerField("priceProtect", AnswerKind.Flag, "Does not trigger while mark and last are far apart."),
        new AnswerField("createdMs", AnswerKind.Integer, "When it was accepted."),
        new AnswerField("updatedMs", AnswerKind.Integer, "When it last changed."));

    public static readonly AnswerShape PlacedShape = Shape.With("PlacedOrder",
        new AnswerField("fills", AnswerKind.List, "What it traded at once, in order.", Shape: FillShape));

    public static readonly AnswerShape CanceledShape = new("Canceled",
        new AnswerField("symbol", AnswerKind.Text, "Whose orders."),
        new AnswerField("canceled", AnswerKind.Integer, "How many were canceled."));

    public static void WriteOrder(Utf8JsonWriter json, OrderView order, Instrument instrument)
    {
        json.WriteStartObject();
        WriteOrderFields(json, order, instrument);
        json.WriteEndObject();
    }

    /// <summary>An order with the fills of the command that it answers.</summary>
    public static void WritePlaced(Utf8JsonWriter json, CommandReply reply, OrderView order, Instrument instrument)
    {
        json.WriteStartObject();
        WriteOrderFields(json, order, instrument);
        json.WriteStartArray("fills"u8);
        foreach (FillView fill in reply.Fills)
            WriteFill(json, fill, instrument);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What canceling all orders of a symbol did.</summary>
    public static void WriteCanceled(Utf8JsonWriter json, CommandReply reply, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteNumber("canceled"u8, reply.CanceledCount);
        json.WriteEndObject();
    }

    public static void WriteFill(Utf8JsonWriter json, in FillView fill, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteId("tradeId"u8, fill.TradeId);
        json.WriteId("orderId"u8, fill.OrderId);
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("side"u8, OrderNames.Sides.Of((int)fill.Side));
        json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)fill.PositionSide));
        json.WriteSteps("price"u8, fill.PriceTicks, instrument.TickE8);
        json.WriteSteps("qty"u8, fill.Lots, instrument.LotE8);
        json.WriteE8("fee"u8, fill.FeeE8);
        json.WriteE8("realisedPnl"u8, fill.RealisedE8);
        json.WriteBoolean("isMaker"u8, fill.IsMaker);
        json.WriteBoolean("isLiquidation"u8, fill.IsLiquidation);
        json.WriteBoolean("isAdl"u8, fill.IsAdl);
        json.WriteBoolean("isSettlement"u8, fill.IsSettlement);
        json.WriteNumber("timeMs"u8, fill.TimeMs);
        json.WriteEndObject();
    }

    private static void WriteOrderFields(Utf8JsonWriter json, OrderView order, Instrument instrument)
    {
        json.WriteId("orderId"u8, order.OrderId);
        json.WriteString("clientOrderId"u8, order.ClientOrderId);
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("side"u8, OrderNames.Sides.Of((int)order.Side));
        json.WriteString("type"u8, OrderNames.Types.Of((int)order.Type));
        json.WriteString("timeInForce"u8, OrderNames.TimesInForce.Of((int)order.TimeInForce));
        json.WriteString("status"u8, OrderNames.Statuses.Of((int)order.Status));
        if (order.Reason != EndReason.None)
            json.WriteString("endReason"u8, OrderNames.EndReasons.Of((int)order.Reason));
        json.WriteSteps("qty"u8, order.TotalLots, instrument.LotE8);
        json.WriteSteps("filledQty"u8, order.FilledLots, instrument.LotE8);
        if (order.FilledNotionalE8 > 0)
            json.WriteE8("averagePrice"u8, AveragePriceE8(order, instrument));
        WritePrices(json, order, instrument);
        json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)order.PositionSide));
        json.WriteString("selfTradePrevention"u8, OrderNames.SelfTradePrevention.Of((int)order.Stp));
        json.WriteString("workingType"u8, OrderNames.WorkingTypes.Of((order.Flags & OrderFlags.WorkingMark) != 0 ? 1 : 0));
        json.WriteBoolean("reduceOnly"u8, (order.Flags & OrderFlags.ReduceOnly) != 0);
        json.WriteBoolean("closePosition"u8, (order.Flags & OrderFlags.ClosePosition) != 0);
        json.WriteBoolean("priceProtect"u8, (order.Flags & OrderFlags.PriceProtect) != 0);
        json.WriteNumber("createdMs"u8, order.CreatedMs);
        json.WriteNumber("updatedMs"u8, order.UpdatedMs);
    }

    private static void WritePrices(Utf8JsonWriter json, OrderView order, Instrument instrument)
    {
        if (order.PriceTicks > 0)
            json.WriteSteps("price"u8, order.PriceTicks, instrument.TickE8);
        if (order.StopTicks > 0)
            json.WriteSteps("stopPrice"u8, order.StopTicks, instrument.TickE8);
        if (order.ActivationTicks > 0)
            json.WriteSteps("activationPrice"u8, order.ActivationTicks, instrument.TickE8);
        if (order.CallbackRateE8 > 0)
            json.WriteE8("callbackRate"u8, order.CallbackRateE8);
        if (order.GtdMs > 0)
            json.WriteNumber("gtdMs"u8, order.GtdMs);
    }

    /// <summary>Shown, never computed with: to 8 decimals, half up.</summary>
    public static long AveragePriceE8(OrderView order, Instrument instrument) =>
        Rounding.HalfUpDiv(order.FilledNotionalE8 * Rounding.OneE8, (Int128)order.FilledLots * instrument.LotE8);
}
