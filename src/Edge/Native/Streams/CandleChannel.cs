using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Streams;

/// <summary>A symbol's candles of one interval: the present one while it changes, and each once more when it is final.</summary>
internal sealed class CandleChannel(CandleInterval interval, Instrument instrument, IExchange exchange, Delivery delivery)
{
    /// <summary>Candles of one message; more wait for the next.</summary>
    private const int MostCandles = 100;

    private long _toldOpenMs;
    private Candle _told;

    public Audience Audience { get; } = new(delivery);

    /// <summary>Begins with the present candle.</summary>
    public void Add(StreamConnection connection)
    {
        long openMs = interval.OpenTimeMs(exchange.GetTicker(instrument.SymbolId).TimeMs);
        CandlesView present = exchange.GetCandles(instrument.SymbolId, interval, openMs, WireLimits.LatestMs, 1, CandlePrice.Trade);
        if (present.Items.Length > 0)
            delivery.Send(connection, connection.Messages.Candles(present, interval, instrument));
        if (Audience.IsEmpty)
            (_toldOpenMs, _told) = (openMs, present.Items.Length > 0 ? present.Items[0] : default);
        Audience.Add(connection);
    }

    /// <summary>Tells what changed since; true: there is more to tell.</summary>
    public bool Tell()
    {
        if (Audience.IsEmpty)
            return false;
        CandlesView candles = exchange.GetCandles(instrument.SymbolId, interval, _toldOpenMs, WireLimits.LatestMs, MostCandles, CandlePrice.Trade);
        bool isUnchanged = candles.Items.Length == 0
            || (candles.Items.Length == 1 && candles.Items[0].OpenTimeMs == _told.OpenTimeMs && candles.Items[0].Trades == _told.Trades);
        if (isUnchanged)
            return false;
        Audience.Send(format => format.Candles(candles, interval, instrument));
        _told = candles.Items[^1];
        _toldOpenMs = _told.OpenTimeMs;
        return candles.Items.Length == MostCandles;
    }
}
