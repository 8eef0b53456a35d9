using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>A symbol's trades, put into one message for a length of time but never merged, and those who get them.</summary>
internal sealed class TradeChannel(int windowMs, Instrument instrument, Delivery delivery)
{
    private readonly List<TradeView> _trades = [];
    private GatheringWindow _window = new(windowMs);

    public Audience Audience { get; } = new(delivery);

    public long DueMs => _trades.Count == 0 ? long.MaxValue : _window.DueMs;

    public void Gather(in TradeView trade, long nowMs)
    {
        if (Audience.IsEmpty)
            return;
        if (_trades.Count == 0)
            _window.Begin(nowMs);
        _trades.Add(trade);
    }

    public void Flush(long nowMs)
    {
        if (DueMs > nowMs)
            return;
        Audience.Send(format => format.Trades(_trades, windowMs, instrument));
        _trades.Clear();
        _window.End(nowMs);
    }
}
