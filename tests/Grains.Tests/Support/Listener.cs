using Exchange.Core.Port;

namespace Exchange.Grains.Tests.Support;

/// <summary>Keeps what a silo's mirror tells, by symbol, and checks that trades and depth changes count 1, 2, 3 … or say that some are missing.</summary>
internal sealed class Listener : IFeedSubscriber
{
    private readonly Lock _lock = new();
    private readonly List<FeedEvent> _events = [];

    public void OnEvents(ReadOnlySpan<FeedEvent> events)
    {
        lock (_lock)
            _events.AddRange(events);
    }

    public ulong[] Trades(int symbol) => Ids(symbol, FeedKind.Trade);

    public ulong[] Levels(int symbol) => Ids(symbol, FeedKind.Level);

    private ulong[] Ids(int symbol, FeedKind kind)
    {
        lock (_lock)
            return [.. _events.Where(e => e.Symbol == symbol && e.Kind == kind).Select(e => e.Id)];
    }
}
