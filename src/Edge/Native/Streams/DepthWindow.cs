using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>Changes of a book gathered for a while: of each level only its last total is kept.</summary>
internal sealed class DepthWindow(int lengthMs, Audience audience)
{
    private readonly Dictionary<long, long> _bids = [];
    private readonly Dictionary<long, long> _asks = [];

    public int LengthMs { get; } = lengthMs;

    public Audience Audience { get; } = audience;

    public bool IsEmpty => First == 0;

    /// <summary>Number of the first change gathered; 0: none.</summary>
    public ulong First { get; private set; }

    public ulong Last { get; private set; }

    public long TimeMs { get; private set; }

    /// <summary>When it is to be sent, on the hub's clock.</summary>
    public long DueMs { get; private set; }

    public IReadOnlyDictionary<long, long> Bids => _bids;

    public IReadOnlyDictionary<long, long> Asks => _asks;

    public void Add(in FeedEvent change, long nowMs)
    {
        if (IsEmpty)
        {
            First = change.Id;
            DueMs = nowMs + LengthMs;
        }

        (change.Side == Side.Buy ? _bids : _asks)[change.PriceTicks] = change.Lots;
        Last = change.Id;
        TimeMs = change.TimeMs;
    }

    public void Clear()
    {
        _bids.Clear();
        _asks.Clear();
        First = 0;
    }
}
