using System.Net.WebSockets;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Accounts;
using Exchange.Edge.Native.Features;
using Exchange.Edge.Native.Market;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>Messages of streams as UTF-8 JSON.</summary>
internal sealed class JsonMessages(AnswerPool answers) : IStreamMessages
{
    public WebSocketMessageType FrameType => WebSocketMessageType.Text;

    public byte[] Done(long? id, string? cursor)
    {
        Answer answer = Begin(id);
        Utf8JsonWriter json = answer.Json;
        json.WriteBoolean("ok"u8, true);
        if (cursor is not null)
            json.WriteString("cursor"u8, cursor);
        return End(answer);
    }

    public byte[] Refused(long? id, Problem problem)
    {
        Answer answer = Begin(id);
        Utf8JsonWriter json = answer.Json;
        json.WritePropertyName("error"u8);
        ProblemWriter.WriteJson(json, problem, null);
        return End(answer);
    }

    public byte[] Ordered(StreamOrder order)
    {
        Answer answer = Begin(order.RequestId);
        Utf8JsonWriter json = answer.Json;
        json.WriteBoolean("ok"u8, true);
        switch (order.Op)
        {
            case StreamOp.CancelAll:
                json.WritePropertyName("canceled"u8);
                OrderJson.WriteCanceled(json, order.Reply, order.Instrument);
                break;
            case StreamOp.Cancel:
                json.WritePropertyName("order"u8);
                OrderJson.WriteOrder(json, order.Order, order.Instrument);
                break;
            default:
                if (order.Op == StreamOp.Place)
                    json.WriteBoolean("isRepeat"u8, order.Reply.IsRepeat);
                json.WritePropertyName("order"u8);
                OrderJson.WritePlaced(json, order.Reply, order.Order, order.Instrument);
                break;
        }

        return End(answer);
    }

    public byte[] Snapshot(DepthMirror mirror, int windowMs, Instrument instrument)
    {
        Answer answer = Begin("orderbook"u8, instrument);
        Utf8JsonWriter json = answer.Json;
        json.WriteNumber("window"u8, windowMs);
        json.WriteString("type"u8, "snapshot"u8);
        json.WriteNumber("number"u8, mirror.Number);
        json.WriteNumber("timeMs"u8, mirror.TimeMs);
        MarketJson.WriteLevels(json, "bids"u8, mirror.Levels(Side.Buy), instrument);
        MarketJson.WriteLevels(json, "asks"u8, mirror.Levels(Side.Sell), instrument);
        return End(answer);
    }

    public byte[] Delta(DepthChanges changes, int windowMs, Instrument instrument)
    {
        Answer answer = Begin("orderbook"u8, instrument);
        Utf8JsonWriter json = answer.Json;
        json.WriteNumber("window"u8, windowMs);
        json.WriteString("type"u8, "delta"u8);
        json.WriteNumber("first"u8, changes.First);
        json.WriteNumber("last"u8, changes.Last);
        json.WriteNumber("previous"u8, changes.First - 1);
        json.WriteNumber("timeMs"u8, changes.TimeMs);
        WriteChanges(json, "bids"u8, changes.Bids, instrument);
        WriteChanges(json, "asks"u8, changes.Asks, instrument);
        return End(answer);
    }

    public byte[] Trades(List<TradeView> trades, int windowMs, Instrument instrument)
    {
        Answer answer = Begin("trades"u8, instrument);
        Utf8JsonWriter json = answer.Json;
        json.WriteNumber("window"u8, windowMs);
        json.WriteStartArray("trades"u8);
        foreach (TradeView trade in trades)
            MarketJson.WriteTrade(json, trade, instrument);
        json.WriteEndArray();
        return End(answer);
    }

    public byte[] Candles(CandlesView candles, CandleInterval interval, Instrument instrument)
    {
        Answer answer = Begin("kline"u8, instrument);
        Utf8JsonWriter json = answer.Json;
        json.WriteString("interval"u8, interval.Text());
        json.WriteStartArray("candles"u8);
        foreach (ref readonly Candle candle in candles.Items.AsSpan())
            CandleJson.Write(json, in candle, interval, candles.TimeMs, instrument.TickE8, instrument.LotE8);
        json.WriteEndArray();
        return End(answer);
    }

    public byte[] Ticker(TickerView ticker, Instrument instrument)
    {
        Answer answer = Begin("ticker"u8, instrument);
        Utf8JsonWriter json = answer.Json;
        json.WritePropertyName("ticker"u8);
        MarketJson.WriteTicker(json, ticker, instrument);
        return End(answer);
    }

    public byte[] Features(Feature[] features, Instrument instrument)
    {
        Answer answer = Begin("features"u8, instrument);
        answer.Json.WriteStartArray("features"u8);
        foreach (Feature feature in features)
            FeatureJson.Write(answer.Json, feature);
        answer.Json.WriteEndArray();
        return End(answer);
    }

    public byte[] Order(in FeedEvent happened, string cursor, OrderView then, Instrument instrument)
    {
        Answer answer = BeginUser("orders"u8, happened, cursor);
        Utf8JsonWriter json = answer.Json;
        json.WriteString("event"u8, happened.Kind == FeedKind.OrderAccepted ? "accepted"u8 : "updated"u8);
        json.WritePropertyName("order"u8);
        OrderJson.WriteOrder(json, then, instrument);
        return End(answer);
    }

    public byte[] Fill(in FeedEvent happened, string cursor, in FillView fill, Instrument instrument)
    {
        Answer answer = BeginUser("orders"u8, happened, cursor);
        Utf8JsonWriter json = answer.Json;
        json.WriteString("event"u8, "fill"u8);
        json.WritePropertyName("fill"u8);
        OrderJson.WriteFill(json, fill, instrument);
        return End(answer);
    }

    public byte[] Position(in FeedEvent happened, string cursor, Instrument instrument)
    {
        Answer answer = BeginUser("positions"u8, happened, cursor);
        Utf8JsonWriter json = answer.Json;
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)happened.PositionSide));
        json.WriteSteps("qty"u8, happened.Lots, instrument.LotE8);
        if (happened.Lots != 0)
            json.WriteE8("entryPrice"u8, AccountJson.EntryPriceE8(happened.Amount, happened.Lots, instrument));
        json.WriteE8("isolatedMargin"u8, happened.Money);
        return End(answer);
    }

    public byte[] Balance(in FeedEvent happened, string cursor)
    {
        Answer answer = BeginUser("balances"u8, happened, cursor);
        Utf8JsonWriter json = answer.Json;
        json.WriteE8("walletBalance"u8, happened.Money);
        json.WriteE8("change"u8, happened.Amount);
        json.WriteString("cause"u8, AccountJson.BalanceCauses.Of(happened.Reason));
        return End(answer);
    }

    private static void WriteChanges(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<long, long> levels, Instrument instrument)
    {
        json.WriteStartArray(name);
        foreach ((long priceTicks, long lots) in levels)
            MarketJson.WriteLevel(json, priceTicks, lots, instrument);
        json.WriteEndArray();
    }

    private Answer Begin(long? id)
    {
        Answer answer = Begin();
        if (id is long number)
            answer.Json.WriteNumber("id"u8, number);
        return answer;
    }

    private Answer Begin(ReadOnlySpan<byte> channel, Instrument instrument)
    {
        Answer answer = Begin();
        answer.Json.WriteString("channel"u8, channel);
        answer.Json.WriteString("symbol"u8, instrument.Symbol);
        return answer;
    }

    private Answer BeginUser(ReadOnlySpan<byte> channel, in FeedEvent happened, string cursor)
    {
        Answer answer = Begin();
        answer.Json.WriteString("channel"u8, channel);
        answer.Json.WriteString("cursor"u8, cursor);
        answer.Json.WriteId("sequence"u8, happened.Sequence);
        answer.Json.WriteNumber("timeMs"u8, happened.TimeMs);
        return answer;
    }

    private Answer Begin()
    {
        Answer answer = answers.Rent();
        answer.Json.WriteStartObject();
        return answer;
    }

    private byte[] End(Answer answer)
    {
        answer.Json.WriteEndObject();
        answer.Json.Flush();
        byte[] message = answer.Buffer.WrittenSpan.ToArray();
        answers.Return(answer);
        return message;
    }
}
