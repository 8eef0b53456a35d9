using Exchange.Core.Port;

namespace Exchange.Silo.Bench;

/// <summary>Notes when a silo's subscriber was told each trade.</summary>
internal sealed class TradeListener(int symbols, TimeProvider time) : IFeedSubscriber
{
    private readonly List<HeardTrade>[] _trades = [.. Enumerable.Range(0, symbols).Select(_ => new List<HeardTrade>(16_384))];

    /// <summary>Trades of a symbol that were not told in order, each once.</summary>
    public long OutOfOrder { get; private set; }

    public long Count => _trades.Sum(trades => (long)trades.Count);

    /// <summary>Of a symbol, in the order they were told; read when nothing is told any more.</summary>
    public IReadOnlyList<HeardTrade> Trades(int symbol) => _trades[symbol];

    /// <summary>Those of a symbol come one call after the other.</summary>
    public void OnEvents(ReadOnlySpan<FeedEvent> events)
    {
        long now = time.GetTimestamp();
        foreach (ref readonly FeedEvent e in events)
        {
            if (e.Kind != FeedKind.Trade)
                continue;
            List<HeardTrade> trades = _trades[e.Symbol];
            if (trades.Count != 0 && e.Id != trades[^1].Id + 1)
                OutOfOrder++;
            trades.Add(new HeardTrade(e.Id, e.Sequence, now));
        }
    }
}

/// <param name="Record">Of the book's journal.</param>
/// <param name="At">Timestamp.</param>
internal readonly record struct HeardTrade(ulong Id, ulong Record, long At);
