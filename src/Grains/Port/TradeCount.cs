using Exchange.Core.Port;

namespace Exchange.Grains.Port;

/// <summary>Counts the trades of all symbols, which several threads tell.</summary>
internal sealed class TradeCount(VenueFigures figures) : IFeedSubscriber
{
    private readonly Lock _counting = new();

    public void OnEvents(ReadOnlySpan<FeedEvent> events)
    {
        int trades = 0;
        foreach (ref readonly FeedEvent happened in events)
            trades += happened.Kind == FeedKind.Trade ? 1 : 0;
        if (trades == 0)
            return;
        lock (_counting)
            figures.CountTrades(trades);
    }
}
