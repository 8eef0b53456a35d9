using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Accounts;
using Exchange.Edge.Native.Market;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>Messages of streams as UTF-8 JSON. Not for several threads at once.</summary>
internal sealed class StreamMessages : IDisposable
{
    private readonly Answer _buffer = new();

    /// <summary>The answer to a request that was carried out.</summary>
    public byte[] Done(long? id)
    {
        Utf8JsonWriter json = Begin(id);
        json.WriteBoolean("ok"u8, true);
        return End();
    }

    /// <summary>The answer to a request that was refused, or the last words to a stream that is closed.</summary>
    public byte[] Refused(long? id, Problem problem)
    {
        Utf8JsonWriter json = Begin(id);
        json.WritePropertyName("error"u8);
        ProblemWriter.WriteJson(json, problem, null);
        return End();
    }

    public byte[] Snapshot(DepthMirror mirror, int windowMs, Instrument instrument)
    {
        Utf8JsonWriter json = Begin("orderbook"u8, instrument);
        json.WriteNumber("window"u8, windowMs);
        json.WriteString("type"u8, "snapshot"u8);
        json.WriteNumber("number"u8, mirror.Number);
        json.WriteNumber("timeMs"u8, mirror.TimeMs);
        MarketJson.WriteLevels(json, "bids"u8, mirror.Levels(Side.Buy), instrument);
        MarketJson.WriteLevels(json, "asks"u8, mirror.Levels(Side.Sell), instrument);
        return End();
    }

    /// <summary>New totals of levels; 0: gone. Follows the message whose last (or number) is its previous.</summary>
    public byte[] Delta(DepthWindow window, Instrument instrument)
    {
        Utf8JsonWriter json = Begin("orderbook"u8, instrument);
        json.WriteNumber("window"u8, window.LengthMs);
        json.WriteString("type"u8, "delta"u8);
        json.WriteNumber("first"u8, window.First);
        json.WriteNumber("last"u8, window.Last);
        json.WriteNumber("previous"u8, window.First - 1);
        json.WriteNumber("timeMs"u8, window.TimeMs);
        WriteChanges(json, "bids"u8, window.Bids, instrument);
        WriteChanges(json, "asks"u8, window.Asks, instrument);
        return End();
    }

    public byte[] Trades(List<TradeView> trades, Instrument instrument)
    {
        Utf8JsonWriter json = Begin("trades"u8, instrument);
        json.WriteStartArray("trades"u8);
        foreach (TradeView trade in trades)
            MarketJson.WriteTrade(json, trade, instrument);
        json.WriteEndArray();
        return End();
    }

    public byte[] Ticker(TickerView ticker, Instrument instrument)
    {
        Utf8JsonWriter json = Begin("ticker"u8, instrument);
        json.WritePropertyName("ticker"u8);
        MarketJson.WriteTicker(json, ticker, instrument);
        return End();
    }

    /// <summary>An order as an event left it; what cannot have changed is taken from the order as it now stands.</summary>
    public byte[] Order(in FeedEvent happened, OrderView now, Instrument instrument)
    {
        bool isAccepted = happened.Kind == FeedKind.OrderAccepted;
        OrderStatus status = happened.Status != OrderStatus.None ? happened.Status
            : now.Type.IsConditional() ? OrderStatus.Waiting : OrderStatus.New;
        long filledLots = isAccepted ? 0 : happened.Other;
        OrderView then = now with
        {
            Status = status,
            Reason = isAccepted ? EndReason.None : (EndReason)happened.Reason,
            TotalLots = happened.Lots,
            FilledLots = filledLots,
            FilledNotionalE8 = filledLots == now.FilledLots ? now.FilledNotionalE8 : 0,
            PriceTicks = happened.PriceTicks != 0 ? happened.PriceTicks : now.PriceTicks,   // 0: as it was.
            UpdatedMs = happened.TimeMs,
        };

        Utf8JsonWriter json = BeginUser("orders"u8, happened);
        json.WriteString("event"u8, isAccepted ? "accepted"u8 : "updated"u8);
        json.WritePropertyName("order"u8);
        OrderJson.WriteOrder(json, then, instrument);
        return End();
    }

    public byte[] Fill(in FeedEvent happened, Instrument instrument)
    {
        var fill = new FillView(
            (ulong)happened.Other, happened.Id, happened.Account, happened.Symbol, happened.Side, happened.PositionSide, happened.PriceTicks,
            happened.Lots, happened.Amount, happened.Money, (happened.Flags & 1) != 0, (happened.Flags & 2) != 0, (happened.Flags & 4) != 0,
            happened.TimeMs, happened.Sequence);
        Utf8JsonWriter json = BeginUser("orders"u8, happened);
        json.WriteString("event"u8, "fill"u8);
        json.WritePropertyName("fill"u8);
        OrderJson.WriteFill(json, fill, instrument);
        return End();
    }

    public byte[] Position(in FeedEvent happened, Instrument instrument)
    {
        Utf8JsonWriter json = BeginUser("positions"u8, happened);
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)happened.PositionSide));
        json.WriteSteps("qty"u8, happened.Lots, instrument.LotE8);
        if (happened.Lots != 0)
            json.WriteE8("entryPrice"u8, AccountJson.EntryPriceE8(happened.Amount, happened.Lots, instrument));
        json.WriteE8("isolatedMargin"u8, happened.Money);
        return End();
    }

    public byte[] Balance(in FeedEvent happened)
    {
        Utf8JsonWriter json = BeginUser("balances"u8, happened);
        json.WriteE8("walletBalance"u8, happened.Money);
        json.WriteE8("change"u8, happened.Amount);
        json.WriteString("cause"u8, AccountJson.BalanceCauses.Of(happened.Reason));
        return End();
    }

    public void Dispose() => _buffer.Dispose();

    private static void WriteChanges(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<long, long> levels, Instrument instrument)
    {
        json.WriteStartArray(name);
        foreach ((long priceTicks, long lots) in levels)
            MarketJson.WriteLevel(json, priceTicks, lots, instrument);
        json.WriteEndArray();
    }

    private Utf8JsonWriter Begin(long? id)
    {
        Utf8JsonWriter json = BeginObject();
        if (id is long number)
            json.WriteNumber("id"u8, number);
        return json;
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> channel, Instrument instrument)
    {
        Utf8JsonWriter json = BeginObject();
        json.WriteString("channel"u8, channel);
        json.WriteString("symbol"u8, instrument.Symbol);
        return json;
    }

    private Utf8JsonWriter BeginUser(ReadOnlySpan<byte> channel, in FeedEvent happened)
    {
        Utf8JsonWriter json = BeginObject();
        json.WriteString("channel"u8, channel);
        json.WriteId("sequence"u8, happened.Sequence);
        json.WriteNumber("timeMs"u8, happened.TimeMs);
        return json;
    }

    private Utf8JsonWriter BeginObject()
    {
        _buffer.Reset();
        _buffer.Json.WriteStartObject();
        return _buffer.Json;
    }

    private byte[] End()
    {
        _buffer.Json.WriteEndObject();
        _buffer.Json.Flush();
        return _buffer.Buffer.WrittenSpan.ToArray();
    }
}
