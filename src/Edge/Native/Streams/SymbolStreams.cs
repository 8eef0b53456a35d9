using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The public channels of one symbol. Used by the hub's loop alone.</summary>
internal sealed class SymbolStreams(Instrument instrument, IExchange exchange, Delivery delivery)
{
    private const int TickerWindowMs = 100;

    private readonly DepthMirror _mirror = new();
    private readonly DepthWindow[] _windows = [.. StreamChannel.Windows.ToArray().Select(lengthMs => new DepthWindow(lengthMs, new Audience(delivery)))];
    private readonly Audience _trades = new(delivery);
    private readonly Audience _ticker = new(delivery);
    private readonly List<TradeView> _newTrades = [];
    private bool _isSeeded;
    private long _tickerDueMs = long.MaxValue;
    private TickerView? _lastTicker;

    /// <summary>When something is to be sent next, on the hub's clock.</summary>
    public long DueMs
    {
        get
        {
            long due = _tickerDueMs;
            foreach (DepthWindow window in _windows)
            {
                if (!window.IsEmpty)
                    due = Math.Min(due, window.DueMs);
            }

            return due;
        }
    }

    public Audience AudienceOf(in StreamChannel channel) => channel.Kind switch
    {
        ChannelKind.OrderBook => _windows[channel.Window].Audience,
        ChannelKind.Trades => _trades,
        _ => _ticker,
    };

    /// <summary>Sends a new subscriber where the channel stands, then adds it. A repeat starts it anew.</summary>
    public void Subscribe(in StreamChannel channel, StreamConnection connection)
    {
        if (channel.Kind == ChannelKind.OrderBook)
        {
            Seed();
            // What was gathered goes to the others first: the snapshot stands between two of their messages.
            Flush(_windows[channel.Window]);
            delivery.Send(connection, Snapshot(_windows[channel.Window], connection.Messages));
        }
        else if (channel.Kind == ChannelKind.Ticker)
        {
            delivery.Send(connection, connection.Messages.Ticker(exchange.GetTicker(instrument.SymbolId), instrument));
        }

        AudienceOf(channel).Add(connection);
    }

    public void OnLevel(in FeedEvent change, long nowMs)
    {
        TouchTicker(nowMs);
        Seed();
        if (change.Id <= _mirror.Number)
            return;
        if (change.Id != _mirror.Number + 1)
        {
            StartAnew();
            if (change.Id <= _mirror.Number)
                return;
        }

        _mirror.Apply(change);
        foreach (DepthWindow window in _windows)
        {
            if (!window.Audience.IsEmpty)
                window.Add(change, nowMs);
        }
    }

    public void OnTrade(in FeedEvent trade, long nowMs)
    {
        TouchTicker(nowMs);
        if (!_trades.IsEmpty)
            _newTrades.Add(new TradeView(trade.Id, trade.PriceTicks, trade.Lots, trade.Side, (trade.Flags & 2) != 0, trade.TimeMs));
    }

    public void TouchTicker(long nowMs)
    {
        if (!_ticker.IsEmpty && _tickerDueMs == long.MaxValue)
            _tickerDueMs = nowMs + TickerWindowMs;
    }

    /// <summary>Sends what is due.</summary>
    public void Flush(long nowMs)
    {
        if (_newTrades.Count > 0)
        {
            _trades.Send(format => format.Trades(_newTrades, instrument));
            _newTrades.Clear();
        }

        foreach (DepthWindow window in _windows)
        {
            if (!window.IsEmpty && window.DueMs <= nowMs)
                Flush(window);
        }

        if (_tickerDueMs > nowMs)
            return;
        _tickerDueMs = long.MaxValue;
        TellTicker();
    }

    private void TellTicker()
    {
        if (_ticker.IsEmpty)
            return;
        TickerView now = exchange.GetTicker(instrument.SymbolId);

        // A mark comes every second, also when nothing moves.
        if (_lastTicker is not null && now with { TimeMs = _lastTicker.TimeMs } == _lastTicker)
            return;
        _lastTicker = now;
        _ticker.Send(format => format.Ticker(now, instrument));
    }

    private void Flush(DepthWindow window)
    {
        if (window.IsEmpty)
            return;
        if (!window.Audience.IsEmpty)
            window.Audience.Send(format => format.Delta(window, instrument));
        window.Clear();
    }

    private void Seed()
    {
        if (_isSeeded)
            return;
        _mirror.Seed(exchange.GetWholeDepth(instrument.SymbolId));
        _isSeeded = true;
    }

    // A change is missing: everyone gets a snapshot, as if newly subscribed.
    private void StartAnew()
    {
        _mirror.Seed(exchange.GetWholeDepth(instrument.SymbolId));
        foreach (DepthWindow window in _windows)
        {
            window.Clear();
            if (!window.Audience.IsEmpty)
                window.Audience.Send(format => Snapshot(window, format));
        }
    }

    private byte[] Snapshot(DepthWindow window, IStreamMessages format) => format.Snapshot(_mirror, window.LengthMs, instrument);
}
