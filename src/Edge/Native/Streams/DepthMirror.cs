using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>A book's levels as the feed tells them, so that a snapshot stands exactly between two of its numbers.</summary>
/// <remarks>Knows the number of each level's last change, and of the last levels that went: so it can also tell what changed since a number.</remarks>
internal sealed class DepthMirror
{
    /// <summary>Levels that went which are remembered; who is further behind than they reach gets a snapshot.</summary>
    private const int MostGone = 8_192;

    private readonly Dictionary<long, Level> _bids = [];
    private readonly Dictionary<long, Level> _asks = [];
    private readonly Queue<Gone> _gone = new();
    private ulong _knownSince;

    private readonly record struct Level(long Lots, ulong Number);

    private readonly record struct Gone(ulong Number, Side Side, long PriceTicks);

    /// <summary>The last depth change that it contains.</summary>
    public ulong Number { get; private set; }

    public long TimeMs { get; private set; }

    /// <summary>Starts anew from what the venue shows.</summary>
    public void Seed(DepthView depth)
    {
        _bids.Clear();
        _asks.Clear();
        _gone.Clear();
        foreach (LevelView level in depth.Bids)
            _bids[level.PriceTicks] = new Level(level.Lots, depth.Number);
        foreach (LevelView level in depth.Asks)
            _asks[level.PriceTicks] = new Level(level.Lots, depth.Number);
        Number = depth.Number;
        TimeMs = depth.TimeMs;
        _knownSince = depth.Number;
    }

    /// <summary>Takes the next change.</summary>
    public void Apply(in FeedEvent change)
    {
        Dictionary<long, Level> side = Of(change.Side);
        if (change.Lots != 0)
            side[change.PriceTicks] = new Level(change.Lots, change.Id);
        else if (side.Remove(change.PriceTicks))
            Remember(new Gone(change.Id, change.Side, change.PriceTicks));
        Number = change.Id;
        TimeMs = change.TimeMs;
    }

    /// <summary>All levels, best first.</summary>
    public LevelView[] Levels(Side side)
    {
        LevelView[] sorted = [.. Of(side).Select(level => new LevelView(level.Key, level.Value.Lots))];
        Array.Sort(sorted, (a, b) => side.Sign() * b.PriceTicks.CompareTo(a.PriceTicks));
        return sorted;
    }

    /// <summary>All changes after a number, those of a level merged; null: that is too long ago.</summary>
    public DepthChanges? Since(ulong number)
    {
        if (number < _knownSince)
            return null;
        var changes = new DepthChanges { First = number + 1, Last = Number, TimeMs = TimeMs };
        foreach (Gone gone in _gone)
        {
            if (gone.Number > number)
                changes.Set(gone.Side, gone.PriceTicks, 0);
        }

        // A level that went may be there again: what is there now counts.
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            foreach ((long priceTicks, Level level) in Of(side))
            {
                if (level.Number > number)
                    changes.Set(side, priceTicks, level.Lots);
            }
        }

        return changes;
    }

    private Dictionary<long, Level> Of(Side side) => side == Side.Buy ? _bids : _asks;

    private void Remember(Gone gone)
    {
        if (_gone.Count == MostGone)
            _knownSince = _gone.Dequeue().Number;
        _gone.Enqueue(gone);
    }
}
