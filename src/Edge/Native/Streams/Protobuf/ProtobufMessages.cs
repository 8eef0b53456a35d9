using System.Net.WebSockets;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Native.Accounts;
using Google.Protobuf;
using Wire = Exchange.Protos;

namespace Exchange.Edge.Native.Streams.Protobuf;

/// <summary>Messages of streams as items of a ServerFrame: several of them one behind the other are a frame, too.</summary>
internal sealed class ProtobufMessages : IStreamMessages
{
    private const byte ItemTag = Wire.ServerFrame.MessagesFieldNumber << 3 | (int)WireFormat.WireType.LengthDelimited;

    public WebSocketMessageType FrameType => WebSocketMessageType.Binary;

    public byte[] Done(long? id, string? cursor) => Item(new Wire.ServerMessage { Done = new Wire.Done { Cursor = cursor ?? "" } }, id);

    public byte[] Refused(long? id, Problem problem)
    {
        var error = new Wire.Error
        {
            Code = problem.Entry.Code,
            Status = problem.Entry.Status,
            Title = problem.Entry.Title,
            Detail = problem.Detail ?? problem.Entry.Advice,
            Field = problem.Field ?? "",
            Value = problem.Value ?? "",
            Limit = problem.Limit ?? "",
        };
        error.Nearest.Add(problem.Nearest ?? []);
        if (problem.ServerTimeMs is long serverTimeMs)
            error.ServerTimeMs = (ulong)serverTimeMs;
        if (problem.DifferenceMs is long differenceMs)
            error.DifferenceMs = differenceMs;
        return Item(new Wire.ServerMessage { Error = error }, id);
    }

    public byte[] Ordered(StreamOrder order)
    {
        if (order.Op == StreamOp.CancelAll)
        {
            var canceled = new Wire.CanceledOrders { Symbol = order.Instrument.Symbol, Count = (uint)order.Reply.CanceledCount };
            return Item(new Wire.ServerMessage { Canceled = canceled }, order.RequestId);
        }

        var answer = new Wire.OrderAnswer
        {
            Order = ProtobufViews.Of(order.Order, order.Instrument),
            IsRepeat = order.Reply.IsRepeat,
        };
        foreach (FillView fill in order.Reply.Fills)
            answer.Fills.Add(ProtobufViews.Of(fill, order.Instrument));
        return Item(new Wire.ServerMessage { Order = answer }, order.RequestId);
    }

    public byte[] Snapshot(DepthMirror mirror, int windowMs, Instrument instrument)
    {
        var snapshot = new Wire.BookSnapshot
        {
            Symbol = instrument.Symbol, WindowMs = (uint)windowMs, Number = mirror.Number, TimeMs = (ulong)mirror.TimeMs,
        };
        foreach (LevelView level in mirror.Levels(Side.Buy))
            snapshot.Bids.Add(ProtobufViews.Level(level.PriceTicks, level.Lots, instrument));
        foreach (LevelView level in mirror.Levels(Side.Sell))
            snapshot.Asks.Add(ProtobufViews.Level(level.PriceTicks, level.Lots, instrument));
        return Item(new Wire.ServerMessage { BookSnapshot = snapshot });
    }

    public byte[] Delta(DepthChanges changes, int windowMs, Instrument instrument)
    {
        var delta = new Wire.BookDelta
        {
            Symbol = instrument.Symbol, WindowMs = (uint)windowMs, First = changes.First, Last = changes.Last, TimeMs = (ulong)changes.TimeMs,
        };
        foreach ((long priceTicks, long lots) in changes.Bids)
            delta.Bids.Add(ProtobufViews.Level(priceTicks, lots, instrument));
        foreach ((long priceTicks, long lots) in changes.Asks)
            delta.Asks.Add(ProtobufViews.Level(priceTicks, lots, instrument));
        return Item(new Wire.ServerMessage { BookDelta = delta });
    }

    public byte[] Trades(List<TradeView> trades, int windowMs, Instrument instrument)
    {
        var message = new Wire.Trades { Symbol = instrument.Symbol, WindowMs = (uint)windowMs };
        foreach (TradeView trade in trades)
            message.Trades_.Add(ProtobufViews.Of(trade, instrument));
        return Item(new Wire.ServerMessage { Trades = message });
    }

    public byte[] Candles(CandlesView candles, CandleInterval interval, Instrument instrument)
    {
        var message = new Wire.Candles { Symbol = instrument.Symbol, Interval = interval.Text() };
        foreach (ref readonly Candle candle in candles.Items.AsSpan())
            message.Candles_.Add(ProtobufViews.Of(candle, interval, candles.TimeMs, instrument));
        return Item(new Wire.ServerMessage { Candles = message });
    }

    public byte[] Ticker(TickerView ticker, Instrument instrument) =>
        Item(new Wire.ServerMessage { Ticker = ProtobufViews.Of(ticker, instrument) });

    public byte[] Features(Feature[] features, Instrument instrument)
    {
        var message = new Wire.Features { Symbol = instrument.Symbol };
        foreach (Feature feature in features)
        {
            message.Features_.Add(new Wire.Feature
            {
                Name = feature.Name, Value = feature.Value, Source = feature.Source, TimeMs = (ulong)feature.KnownMs, ExpiresMs = (ulong)feature.ExpiresMs,
            });
        }

        return Item(new Wire.ServerMessage { Features = message });
    }

    public byte[] Order(in FeedEvent happened, string cursor, OrderView then, Instrument instrument) => Item(new Wire.ServerMessage
    {
        OwnOrder = new Wire.OwnOrder
        {
            Cursor = cursor,
            Sequence = happened.Sequence,
            TimeMs = (ulong)happened.TimeMs,
            IsAccepted = happened.Kind == FeedKind.OrderAccepted,
            Order = ProtobufViews.Of(then, instrument),
        },
    });

    public byte[] Fill(in FeedEvent happened, string cursor, in FillView fill, Instrument instrument) => Item(new Wire.ServerMessage
    {
        OwnFill = new Wire.OwnFill
        {
            Cursor = cursor, Sequence = happened.Sequence, TimeMs = (ulong)happened.TimeMs, Fill = ProtobufViews.Of(fill, instrument),
        },
    });

    public byte[] Position(in FeedEvent happened, string cursor, Instrument instrument)
    {
        var position = new Wire.OwnPosition
        {
            Cursor = cursor,
            Sequence = happened.Sequence,
            TimeMs = (ulong)happened.TimeMs,
            Symbol = instrument.Symbol,
            PositionSide = (Wire.PositionSide)(happened.PositionSide + 1),
            Qty = instrument.QuantityText(happened.Lots),
            IsolatedMargin = Core.Units.DecimalText.ToText(happened.Money),
        };
        if (happened.Lots != 0)
            position.EntryPrice = Core.Units.DecimalText.ToText(AccountJson.EntryPriceE8(happened.Amount, happened.Lots, instrument));
        return Item(new Wire.ServerMessage { OwnPosition = position });
    }

    public byte[] Balance(in FeedEvent happened, string cursor) => Item(new Wire.ServerMessage
    {
        OwnBalance = new Wire.OwnBalance
        {
            Cursor = cursor,
            Sequence = happened.Sequence,
            TimeMs = (ulong)happened.TimeMs,
            WalletBalance = Core.Units.DecimalText.ToText(happened.Money),
            Change = Core.Units.DecimalText.ToText(happened.Amount),
            Cause = AccountJson.BalanceCauses.TextOf(happened.Reason),
        },
    });

    private static byte[] Item(Wire.ServerMessage message, long? id = null)
    {
        if (id is long number)
            message.Id = (ulong)number;
        int size = message.CalculateSize();
        int head = 1 + CodedOutputStream.ComputeLengthSize(size);
        var item = new byte[head + size];
        item[0] = ItemTag;
        uint rest = (uint)size;
        for (int i = 1; i < head; i++, rest >>= 7)
            item[i] = (byte)(i < head - 1 ? rest | 0x80 : rest);
        message.WriteTo(item.AsSpan(head));
        return item;
    }
}
