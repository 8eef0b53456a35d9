using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>The public channels of one symbol. Used by the hub's loop alone.</summary>
internal sealed class SymbolStreams
{
    /// <summary>How often ticker and candles are told at most, ms.</summary>
    private const int SummaryMs = 100;

    private readonly Instrument _instrument;
    private readonly IExchange _exchange;
    private readonly Delivery _delivery;
    private readonly DepthMirror _mirror = new();
    private readonly ImmutableArray<DepthChannel> _depth;
    private readonly ImmutableArray<TradeChannel> _trades;
    private readonly Dictionary<CandleInterval, CandleChannel> _candles = [];
    private readonly Dictionary<int, FeatureChannel> _features = [];
    private readonly MarketFeatures _made;
    private readonly Audience _ticker;
    private bool _isSeeded;
    private long _summaryDueMs = long.MaxValue;
    private TickerView? _lastTicker;

    public SymbolStreams(Instrument instrument, IExchange exchange, MarketFeatures features, Delivery delivery)
    {
        _made = features;
        _instrument = instrument;
        _exchange = exchange;
        _delivery = delivery;
        _depth = [.. StreamChannel.Windows.Select(windowMs => new DepthChannel(windowMs, _mirror, instrument, delivery))];
        _trades = [.. StreamChannel.Windows.Select(windowMs => new TradeChannel(windowMs, instrument, delivery))];
        _ticker = new Audience(delivery);
    }

    /// <summary>The hub looks after it: something may be waiting.</summary>
    public bool IsActive { get; set; }

    /// <summary>When something is to be sent next, on the hub's clock.</summary>
    public long DueMs(long nowMs)
    {
        long due = _summaryDueMs;
        foreach (DepthChannel depth in _depth)
            due = Math.Min(due, depth.DueMs(nowMs));
        foreach (TradeChannel trades in _trades)
            due = Math.Min(due, trades.DueMs);
        return due;
    }

    /// <summary>Sends a new subscriber where the channel stands, then adds it. A repeat starts it anew.</summary>
    public void Add(in StreamChannel channel, StreamConnection connection, long nowMs)
    {
        switch (channel.Kind)
        {
            case ChannelKind.OrderBook:
                Seed();
                _depth[channel.Detail].Add(connection, nowMs);
                break;
            case ChannelKind.Trades:
                _trades[channel.Detail].Audience.Add(connection);
                break;
            case ChannelKind.Candles:
                CandlesOf((CandleInterval)channel.Detail).Add(connection);
                break;
            case ChannelKind.Features:
                FeaturesOf(channel.Detail).Add(connection);
                break;
            default:
                _delivery.Send(connection, connection.Messages.Ticker(_exchange.GetTicker(_instrument.SymbolId), _instrument));
                _ticker.Add(connection);
                break;
        }
    }

    public void Remove(in StreamChannel channel, StreamConnection connection)
    {
        switch (channel.Kind)
        {
            case ChannelKind.OrderBook:
                _depth[channel.Detail].Remove(connection);
                break;
            case ChannelKind.Trades:
                _trades[channel.Detail].Audience.Remove(connection);
                break;
            case ChannelKind.Candles:
                CandlesOf((CandleInterval)channel.Detail).Audience.Remove(connection);
                break;
            case ChannelKind.Features:
                FeaturesOf(channel.Detail).Audience.Remove(connection);
                break;
            default:
                _ticker.Remove(connection);
                break;
        }
    }

    /// <summary>The book was not followed for a while: the next who looks starts from what the venue shows then.</summary>
    public void Forget() => _isSeeded = false;

    public void OnLevel(in FeedEvent change, long nowMs)
    {
        Touch(nowMs);
        if (!HasDepthAudience)
        {
            Forget();
            return;
        }

        Seed();
        if (change.Id > _mirror.Number + 1)
            StartAnew();
        if (change.Id <= _mirror.Number)
            return;
        _mirror.Apply(change);
        foreach (DepthChannel depth in _depth)
            depth.Gather(change, nowMs);
    }

    public void OnTrade(in FeedEvent trade, long nowMs)
    {
        Touch(nowMs);
        var view = new TradeView(trade.Id, trade.PriceTicks, trade.Lots, trade.Side, trade.Has(FeedFlags.Liquidation), trade.TimeMs);
        foreach (TradeChannel trades in _trades)
            trades.Gather(view, nowMs);
    }

    /// <summary>Something changed that ticker and candles may tell.</summary>
    public void Touch(long nowMs)
    {
        if (_summaryDueMs == long.MaxValue && (!_ticker.IsEmpty || _candles.Count > 0 || _features.Count > 0))
            _summaryDueMs = nowMs + SummaryMs;
    }

    /// <summary>Sends what is due.</summary>
    public void Flush(long nowMs)
    {
        foreach (TradeChannel trades in _trades)
            trades.Flush(nowMs);
        foreach (DepthChannel depth in _depth)
            depth.Flush(nowMs);
        if (_summaryDueMs > nowMs)
            return;
        _summaryDueMs = long.MaxValue;
        TellTicker();
        foreach (CandleChannel candles in _candles.Values)
        {
            if (candles.Tell())
                _summaryDueMs = nowMs + SummaryMs;
        }

        foreach (FeatureChannel features in _features.Values)
        {
            features.Tell();
            if (!features.Audience.IsEmpty)
                _summaryDueMs = nowMs + SummaryMs;   // They are made a little after what they are made of.
        }
    }

    private void TellTicker()
    {
        if (_ticker.IsEmpty)
            return;
        TickerView now = _exchange.GetTicker(_instrument.SymbolId);

        // A mark comes every second, also when nothing moves.
        if (_lastTicker is not null && now with { TimeMs = _lastTicker.TimeMs } == _lastTicker)
            return;
        _lastTicker = now;
        _ticker.Send(format => format.Ticker(now, _instrument));
    }

    private bool HasDepthAudience
    {
        get
        {
            foreach (DepthChannel depth in _depth)
            {
                if (!depth.IsEmpty)
                    return true;
            }

            return false;
        }
    }

    private void Seed()
    {
        if (_isSeeded)
            return;
        _mirror.Seed(_exchange.GetWholeDepth(_instrument.SymbolId));
        _isSeeded = true;
    }

    // A change is missing: everyone gets a snapshot.
    private void StartAnew()
    {
        _mirror.Seed(_exchange.GetWholeDepth(_instrument.SymbolId));
        foreach (DepthChannel depth in _depth)
            depth.StartAnew();
    }

    private FeatureChannel FeaturesOf(int detail)
    {
        if (!_features.TryGetValue(detail, out FeatureChannel? features))
            _features[detail] = features = new FeatureChannel(detail, _instrument, _made, _delivery);
        return features;
    }

    private CandleChannel CandlesOf(CandleInterval interval)
    {
        if (!_candles.TryGetValue(interval, out CandleChannel? candles))
            _candles[interval] = candles = new CandleChannel(interval, _instrument, _exchange, _delivery);
        return candles;
    }
}
