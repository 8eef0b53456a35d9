using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>A book's levels as the feed tells them, so that a snapshot stands exactly between two of its numbers.</summary>
internal sealed class DepthMirror
{
    private readonly Dictionary<long, long> _bids = [];
    private readonly Dictionary<long, long> _asks = [];

    /// <summary>The last depth change that it contains.</summary>
    public ulong Number { get; private set; }

    public long TimeMs { get; private set; }

    /// <summary>Starts anew from what the venue shows.</summary>
    public void Seed(DepthView depth)
    {
        _bids.Clear();
        _asks.Clear();
        foreach (LevelView level in depth.Bids)
            _bids[level.PriceTicks] = level.Lots;
        foreach (LevelView level in depth.Asks)
            _asks[level.PriceTicks] = level.Lots;
        Number = depth.Number;
        TimeMs = depth.TimeMs;
    }

    /// <summary>Takes the next change.</summary>
    public void Apply(in FeedEvent change)
    {
        Dictionary<long, long> side = change.Side == Side.Buy ? _bids : _asks;
        if (change.Lots == 0)
            side.Remove(change.PriceTicks);
        else
            side[change.PriceTicks] = change.Lots;
        Number = change.Id;
        TimeMs = change.TimeMs;
    }

    /// <summary>All levels, best first.</summary>
    public LevelView[] Levels(Side side)
    {
        Dictionary<long, long> levels = side == Side.Buy ? _bids : _asks;
        LevelView[] sorted = [.. levels.Select(level => new LevelView(level.Key, level.Value))];
        Array.Sort(sorted, (a, b) => side.Sign() * b.PriceTicks.CompareTo(a.PriceTicks));
        return sorted;
    }
}
