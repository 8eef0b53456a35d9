using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Native.Market;
using Exchange.Edge.Native.Orders;
using Wire = Exchange.Protos;

namespace Exchange.Edge.Native.Streams.Protobuf;

/// <summary>What the API shows, as Protobuf messages with the contents of the JSON ones. Enums on the wire are one above the venue's.</summary>
internal static class ProtobufViews
{
    public static Wire.Level Level(long priceTicks, long lots, Instrument instrument) =>
        new() { Price = instrument.PriceText(priceTicks), Qty = instrument.QuantityText(lots) };

    public static Wire.Trade Of(in TradeView trade, Instrument instrument) => new()
    {
        TradeId = trade.TradeId,
        Price = instrument.PriceText(trade.PriceTicks),
        Qty = instrument.QuantityText(trade.Lots),
        TakerSide = (Wire.Side)(trade.TakerSide + 1),
        IsLiquidation = trade.IsLiquidation,
        TimeMs = (ulong)trade.TimeMs,
    };

    public static Wire.Fill Of(in FillView fill, Instrument instrument) => new()
    {
        TradeId = fill.TradeId,
        OrderId = fill.OrderId,
        Symbol = instrument.Symbol,
        Side = (Wire.Side)(fill.Side + 1),
        PositionSide = (Wire.PositionSide)(fill.PositionSide + 1),
        Price = instrument.PriceText(fill.PriceTicks),
        Qty = instrument.QuantityText(fill.Lots),
        Fee = DecimalText.ToText(fill.FeeE8),
        RealisedPnl = DecimalText.ToText(fill.RealisedE8),
        IsMaker = fill.IsMaker,
        IsLiquidation = fill.IsLiquidation,
        IsAdl = fill.IsAdl,
        TimeMs = (ulong)fill.TimeMs,
    };

    public static Wire.Order Of(OrderView order, Instrument instrument)
    {
        var told = new Wire.Order
        {
            OrderId = order.OrderId,
            ClientOrderId = order.ClientOrderId,
            Symbol = instrument.Symbol,
            Side = (Wire.Side)(order.Side + 1),
            Type = (Wire.OrderType)(order.Type + 1),
            TimeInForce = (Wire.TimeInForce)(order.TimeInForce + 1),
            Status = (Wire.OrderStatus)order.Status,
            Qty = instrument.QuantityText(order.TotalLots),
            FilledQty = instrument.QuantityText(order.FilledLots),
            PositionSide = (Wire.PositionSide)(order.PositionSide + 1),
            SelfTradePrevention = (Wire.SelfTradePrevention)(order.Stp + 1),
            WorkingType = (order.Flags & OrderFlags.WorkingMark) != 0 ? Wire.WorkingType.Mark : Wire.WorkingType.Last,
            ReduceOnly = (order.Flags & OrderFlags.ReduceOnly) != 0,
            ClosePosition = (order.Flags & OrderFlags.ClosePosition) != 0,
            PriceProtect = (order.Flags & OrderFlags.PriceProtect) != 0,
            CreatedMs = (ulong)order.CreatedMs,
            UpdatedMs = (ulong)order.UpdatedMs,
        };
        if (order.Reason != EndReason.None)
            told.EndReason = OrderNames.EndReasons.TextOf((int)order.Reason);
        SetPrices(told, order, instrument);
        return told;
    }

    private static void SetPrices(Wire.Order told, OrderView order, Instrument instrument)
    {
        if (order.FilledNotionalE8 > 0)
            told.AveragePrice = DecimalText.ToText(OrderJson.AveragePriceE8(order, instrument));
        if (order.PriceTicks > 0)
            told.Price = instrument.PriceText(order.PriceTicks);
        if (order.StopTicks > 0)
            told.StopPrice = instrument.PriceText(order.StopTicks);
        if (order.ActivationTicks > 0)
            told.ActivationPrice = instrument.PriceText(order.ActivationTicks);
        if (order.CallbackRateE8 > 0)
            told.CallbackRate = DecimalText.ToText(order.CallbackRateE8);
        if (order.GtdMs > 0)
            told.GtdMs = (ulong)order.GtdMs;
    }

    public static Wire.Candle Of(in Candle candle, CandleInterval interval, long timeMs, Instrument instrument)
    {
        long closeMs = interval.CloseTimeMs(candle.OpenTimeMs);
        return new Wire.Candle
        {
            OpenMs = (ulong)candle.OpenTimeMs,
            CloseMs = (ulong)closeMs,
            Open = instrument.PriceText(candle.OpenTicks),
            High = instrument.PriceText(candle.HighTicks),
            Low = instrument.PriceText(candle.LowTicks),
            Close = instrument.PriceText(candle.CloseTicks),
            Volume = DecimalText.ToText(candle.Lots * instrument.LotE8),
            QuoteVolume = DecimalText.ToText(candle.QuoteE8),
            TakerBuyVolume = DecimalText.ToText(candle.TakerBuyLots * instrument.LotE8),
            Trades = (ulong)candle.Trades,
            IsFinal = closeMs < timeMs,
        };
    }

    public static Wire.Ticker Of(TickerView ticker, Instrument instrument)
    {
        var told = new Wire.Ticker
        {
            Symbol = instrument.Symbol,
            Volume = instrument.QuantityText(ticker.Lots),
            QuoteVolume = DecimalText.ToText(ticker.QuoteE8),
            Trades = (ulong)ticker.Trades,
            FundingRate = DecimalText.ToText(ticker.FundingRateE8),
            TimeMs = (ulong)ticker.TimeMs,
        };
        if (ticker.OpenTicks > 0)
        {
            told.Last = instrument.PriceText(ticker.LastTicks);
            told.Open = instrument.PriceText(ticker.OpenTicks);
            told.High = instrument.PriceText(ticker.HighTicks);
            told.Low = instrument.PriceText(ticker.LowTicks);
            told.Change = instrument.PriceText(ticker.LastTicks - ticker.OpenTicks);
            told.ChangePercent = DecimalText.ToText(MarketJson.ChangePercentE8(ticker));
        }

        SetBest(told, ticker, instrument);
        return told;
    }

    private static void SetBest(Wire.Ticker told, TickerView ticker, Instrument instrument)
    {
        if (ticker.BidTicks > 0)
        {
            told.Bid = instrument.PriceText(ticker.BidTicks);
            told.BidQty = instrument.QuantityText(ticker.BidLots);
        }

        if (ticker.AskTicks > 0)
        {
            told.Ask = instrument.PriceText(ticker.AskTicks);
            told.AskQty = instrument.QuantityText(ticker.AskLots);
        }

        if (ticker.MarkTicks > 0)
            told.Mark = instrument.PriceText(ticker.MarkTicks);
        if (ticker.IndexE8 > 0)
            told.Index = DecimalText.ToText(ticker.IndexE8);
        if (ticker.NextFundingMs > 0)
            told.NextFundingMs = (ulong)ticker.NextFundingMs;
    }
}
