using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Market;

/// <summary>Books, trades and tickers as the API tells them, over HTTP and in streams alike.</summary>
internal static class MarketJson
{
    public static readonly AnswerShape TradeShape = new("Trade",
        new AnswerField("tradeId", AnswerKind.Text, "Counts 1, 2, 3 … per symbol."),
        new AnswerField("price", AnswerKind.Decimal, "The maker's price."),
        new AnswerField("qty", AnswerKind.Decimal, "Quantity traded."),
        new AnswerField("takerSide", AnswerKind.Text, "Which side took.", Values: OrderNames.Sides.All),
        new AnswerField("isLiquidation", AnswerKind.Flag, "The taker was a liquidation."),
        new AnswerField("timeMs", AnswerKind.Integer, "When."));

    public static readonly AnswerShape BookShape = new("OrderBook",
        new AnswerField("symbol", AnswerKind.Text, "Whose book."),
        new AnswerField("number", AnswerKind.Integer, "The depth stream's last number that this contains."),
        new AnswerField("timeMs", AnswerKind.Integer, "When it last changed."),
        new AnswerField("bids", AnswerKind.List, "[price, qty] of each level, best first."),
        new AnswerField("asks", AnswerKind.List, "[price, qty] of each level, best first."));

    public static readonly AnswerShape TickerShape = new("Ticker",
        new AnswerField("symbol", AnswerKind.Text, "Whose."),
        new AnswerField("last", AnswerKind.Decimal, "Last traded price.", IsOptional: true),
        new AnswerField("open", AnswerKind.Decimal, "First price of the 24 hours.", IsOptional: true),
        new AnswerField("high", AnswerKind.Decimal, "Highest.", IsOptional: true),
        new AnswerField("low", AnswerKind.Decimal, "Lowest.", IsOptional: true),
        new AnswerField("change", AnswerKind.Decimal, "Last less open.", IsOptional: true),
        new AnswerField("changePercent", AnswerKind.Decimal, "The same in percent of open, to 2 decimals.", IsOptional: true),
        new AnswerField("volume", AnswerKind.Decimal, "Quantity traded in 24 hours."),
        new AnswerField("quoteVolume", AnswerKind.Decimal, "The same in USDT."),
        new AnswerField("trades", AnswerKind.Integer, "Number of trades in 24 hours."),
        new AnswerField("bid", AnswerKind.Decimal, "Best bid.", IsOptional: true),
        new AnswerField("bidQty", AnswerKind.Decimal, "Quantity there.", IsOptional: true),
        new AnswerField("ask", AnswerKind.Decimal, "Best ask.", IsOptional: true),
        new AnswerField("askQty", AnswerKind.Decimal, "Quantity there.", IsOptional: true),
        new AnswerField("mark", AnswerKind.Decimal, "Mark price.", IsOptional: true),
        new AnswerField("index", AnswerKind.Decimal, "Index price.", IsOptional: true),
        new AnswerField("fundingRate", AnswerKind.Decimal, "Of the present interval."),
        new AnswerField("nextFundingMs", AnswerKind.Integer, "When it is settled.", IsOptional: true),
        new AnswerField("timeMs", AnswerKind.Integer, "As of."));

    public static void WriteTrade(Utf8JsonWriter json, in TradeView trade, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteId("tradeId"u8, trade.TradeId);
        json.WriteSteps("price"u8, trade.PriceTicks, instrument.TickE8);
        json.WriteSteps("qty"u8, trade.Lots, instrument.LotE8);
        json.WriteString("takerSide"u8, OrderNames.Sides.Of((int)trade.TakerSide));
        json.WriteBoolean("isLiquidation"u8, trade.IsLiquidation);
        json.WriteNumber("timeMs"u8, trade.TimeMs);
        json.WriteEndObject();
    }

    public static void WriteBook(Utf8JsonWriter json, DepthView depth, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteNumber("number"u8, depth.Number);
        json.WriteNumber("timeMs"u8, depth.TimeMs);
        WriteLevels(json, "bids"u8, depth.Bids, instrument);
        WriteLevels(json, "asks"u8, depth.Asks, instrument);
        json.WriteEndObject();
    }

    public static void WriteLevels(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<LevelView> levels, Instrument instrument)
    {
        json.WriteStartArray(name);
        foreach (LevelView level in levels)
            WriteLevel(json, level.PriceTicks, level.Lots, instrument);
        json.WriteEndArray();
    }

    public static void WriteLevel(Utf8JsonWriter json, long priceTicks, long lots, Instrument instrument)
    {
        json.WriteStartArray();
        json.WriteE8Value((Int128)priceTicks * instrument.TickE8);
        json.WriteE8Value((Int128)lots * instrument.LotE8);
        json.WriteEndArray();
    }

    public static void WriteTicker(Utf8JsonWriter json, TickerView ticker, Instrument instrument)
    {
        json.WriteStartObject();
        WriteTickerFields(json, ticker, instrument);
        json.WriteEndObject();
    }

    public static void WriteTickerFields(Utf8JsonWriter json, TickerView ticker, Instrument instrument)
    {
        json.WriteString("symbol"u8, instrument.Symbol);
        WritePrice(json, "last"u8, ticker.LastTicks, instrument);
        WritePrice(json, "open"u8, ticker.OpenTicks, instrument);
        WritePrice(json, "high"u8, ticker.HighTicks, instrument);
        WritePrice(json, "low"u8, ticker.LowTicks, instrument);
        if (ticker.OpenTicks > 0)
            WriteChange(json, ticker, instrument);
        json.WriteSteps("volume"u8, ticker.Lots, instrument.LotE8);
        json.WriteE8("quoteVolume"u8, ticker.QuoteE8);
        json.WriteNumber("trades"u8, ticker.Trades);
        WriteBest(json, ticker, instrument);
        WritePrice(json, "mark"u8, ticker.MarkTicks, instrument);
        if (ticker.IndexE8 > 0)
            json.WriteE8("index"u8, ticker.IndexE8);
        json.WriteE8("fundingRate"u8, ticker.FundingRateE8);
        if (ticker.NextFundingMs > 0)
            json.WriteNumber("nextFundingMs"u8, ticker.NextFundingMs);
        json.WriteNumber("timeMs"u8, ticker.TimeMs);
    }

    private static void WriteBest(Utf8JsonWriter json, TickerView ticker, Instrument instrument)
    {
        if (ticker.BidTicks > 0)
        {
            json.WriteSteps("bid"u8, ticker.BidTicks, instrument.TickE8);
            json.WriteSteps("bidQty"u8, ticker.BidLots, instrument.LotE8);
        }

        if (ticker.AskTicks > 0)
        {
            json.WriteSteps("ask"u8, ticker.AskTicks, instrument.TickE8);
            json.WriteSteps("askQty"u8, ticker.AskLots, instrument.LotE8);
        }
    }

    private static void WriteChange(Utf8JsonWriter json, TickerView ticker, Instrument instrument)
    {
        long change = ticker.LastTicks - ticker.OpenTicks;
        json.WriteSteps("change"u8, change, instrument.TickE8);
        json.WriteE8("changePercent"u8, ChangePercentE8(ticker));
    }

    /// <summary>In hundredths of a percent, half up; one of them is 0.01 in 1e-8.</summary>
    public static Int128 ChangePercentE8(TickerView ticker) =>
        (Int128)Rounding.HalfUpDiv((Int128)(ticker.LastTicks - ticker.OpenTicks) * 10_000, ticker.OpenTicks) * (Rounding.OneE8 / 100);

    private static void WritePrice(Utf8JsonWriter json, ReadOnlySpan<byte> name, long ticks, Instrument instrument)
    {
        if (ticks > 0)
            json.WriteSteps(name, ticks, instrument.TickE8);
    }
}
