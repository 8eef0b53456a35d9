using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Views;

/// <summary>One side of a book as its level events tell it, in one sorted array.</summary>
/// <remarks>The best price is last: most changes are near it, so a new level moves few others.</remarks>
internal sealed class DepthSide(Side side)
{
    private readonly int _sign = side.Sign();
    private LevelView[] _levels = new LevelView[16];

    public int Count { get; private set; }

    /// <summary>Zero ticks and lots: the side is empty.</summary>
    public LevelView Best => Count == 0 ? default : _levels[Count - 1];

    /// <summary>Sets a level's total; 0 lots: it is gone.</summary>
    public void Set(long priceTicks, long lots)
    {
        int at = Find(priceTicks);
        bool isThere = at < Count && _levels[at].PriceTicks == priceTicks;
        if (lots == 0)
        {
            if (isThere)
                Remove(at);
        }
        else if (isThere)
        {
            _levels[at] = new LevelView(priceTicks, lots);
        }
        else
        {
            Insert(at, new LevelView(priceTicks, lots));
        }
    }

    /// <summary>The best levels, best first.</summary>
    public LevelView[] Copy(int most)
    {
        var copy = new LevelView[Math.Min(most, Count)];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = _levels[Count - 1 - i];
        return copy;
    }

    /// <summary>The best level; null: the side is empty.</summary>
    public (Side Side, long PriceTicks, long Lots)? Any => Count == 0 ? null : (side, Best.PriceTicks, Best.Lots);

    /// <summary>The worst level that is not as it was, as it is now; null: all are.</summary>
    public (Side Side, long PriceTicks, long Lots)? FirstChange(DepthSide before)
    {
        int at = 0;
        while (at < Count && at < before.Count && _levels[at] == before._levels[at])
            at++;
        if (at == Count && at == before.Count)
            return null;
        bool isGone = at == Count || (at < before.Count && _sign * before._levels[at].PriceTicks < _sign * _levels[at].PriceTicks);
        return isGone ? (side, before._levels[at].PriceTicks, 0) : (side, _levels[at].PriceTicks, _levels[at].Lots);
    }

    public void Write(SnapshotWriter writer) => writer.WriteStructs<LevelView>(_levels.AsSpan(0, Count));

    /// <summary>Restores into a fresh side.</summary>
    public void Read(SnapshotReader reader)
    {
        foreach (LevelView level in reader.ReadStructs<LevelView>(int.MaxValue))
        {
            if (level.Lots <= 0 || (Count > 0 && _sign * level.PriceTicks <= _sign * Best.PriceTicks))
                throw new SnapshotException($"Level {level.PriceTicks} of {level.Lots} lots is out of order.");
            Insert(Count, level);
        }
    }

    /// <summary>Where the price is, or would be.</summary>
    private int Find(long priceTicks)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_sign * _levels[middle].PriceTicks < _sign * priceTicks)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Insert(int at, LevelView level)
    {
        if (Count == _levels.Length)
            Array.Resize(ref _levels, Count * 2);
        _levels.AsSpan(at, Count - at).CopyTo(_levels.AsSpan(at + 1));
        _levels[at] = level;
        Count++;
    }

    private void Remove(int at)
    {
        _levels.AsSpan(at + 1, Count - at - 1).CopyTo(_levels.AsSpan(at));
        Count--;
    }
}
