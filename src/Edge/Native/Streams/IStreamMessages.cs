using System.Net.WebSockets;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <summary>Makes the messages of streams in one format; each is made once and shared by all who get it. For any thread.</summary>
internal interface IStreamMessages
{
    /// <summary>Text: each message is a frame. Binary: any number of messages, one behind the other, are one.</summary>
    WebSocketMessageType FrameType { get; }

    /// <summary>The answer to a request that was carried out.</summary>
    /// <param name="cursor">Where the account's channels begin; null: it is not about them.</param>
    byte[] Done(long? id, string? cursor);

    /// <summary>The answer to a request that was refused, or the last words to a stream that is closed.</summary>
    byte[] Refused(long? id, Problem problem);

    /// <summary>What became of an order command.</summary>
    byte[] Ordered(StreamOrder order);

    byte[] Snapshot(DepthMirror mirror, int windowMs, Instrument instrument);

    /// <summary>New totals of levels; 0: gone. Follows the message whose last (or number) is its previous.</summary>
    byte[] Delta(DepthChanges changes, int windowMs, Instrument instrument);

    byte[] Trades(List<TradeView> trades, int windowMs, Instrument instrument);

    byte[] Candles(CandlesView candles, CandleInterval interval, Instrument instrument);

    byte[] Ticker(TickerView ticker, Instrument instrument);

    byte[] Features(Feature[] features, Instrument instrument);

    /// <param name="then">The order as the event left it.</param>
    byte[] Order(in FeedEvent happened, string cursor, OrderView then, Instrument instrument);

    byte[] Fill(in FeedEvent happened, string cursor, in FillView fill, Instrument instrument);

    byte[] Position(in FeedEvent happened, string cursor, Instrument instrument);

    byte[] Balance(in FeedEvent happened, string cursor);
}
