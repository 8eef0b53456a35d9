namespace Exchange.Core.MarketData.Features;

/// <summary>What features were before, for reads as of a time: the last ones of each, and of all together as much as there is room for.</summary>
/// <remarks>In memory only. Full, whatever was put away first goes.</remarks>
internal sealed class FeaturePast(FeatureLimits limits)
{
    /// <summary>Of one name.</summary>
    public const int MostOfOne = 256;

    private readonly Dictionary<string, List<Feature>> _byKey = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>As they were put away; some are gone already.</summary>
    private readonly Queue<Feature> _order = new();

    public int Count { get; private set; }

    private long _bytes;

    public void Add(Feature feature)
    {
        if (!_byKey.TryGetValue(feature.Key, out List<Feature>? ofOne))
        {
            _byKey.Add(feature.Key, ofOne = []);
            _keys.Add(feature.Key);
        }

        int place = ofOne.Count;
        while (place > 0 && ofOne[place - 1].KnownMs > feature.KnownMs)
            place--;
        ofOne.Insert(place, feature);
        _order.Enqueue(feature);
        Count++;
        _bytes += feature.Bytes;
        if (ofOne.Count > MostOfOne)
            RemoveAt(ofOne, 0);
        while (Count > limits.Past || _bytes > limits.Bytes || _order.Count > 2 * limits.Past)
            RemoveOldest();
    }

    /// <summary>The one of a key that was known at a time and not over; null: there is none.</summary>
    public Feature? At(string key, long asOfMs)
    {
        if (!_byKey.TryGetValue(key, out List<Feature>? ofOne))
            return null;
        for (int i = ofOne.Count - 1; i >= 0; i--)
        {
            if (ofOne[i].KnownMs <= asOfMs)
                return ofOne[i].ExpiresMs > asOfMs ? ofOne[i] : null;
        }

        return null;
    }

    /// <summary>Keys from one to before another, in order.</summary>
    public IEnumerable<string> Keys(string from, string end) =>
        string.CompareOrdinal(from, end) >= 0 ? [] : _keys.GetViewBetween(from, end).Where(key => key != end);

    public void Remove(string from, string end)
    {
        foreach (string key in Keys(from, end).ToArray())
        {
            List<Feature> ofOne = _byKey[key];
            while (ofOne.Count != 0)
                RemoveAt(ofOne, 0);
        }
    }

    private void RemoveOldest()
    {
        Feature oldest = _order.Dequeue();
        if (!_byKey.TryGetValue(oldest.Key, out List<Feature>? ofOne))
            return;
        int place = ofOne.FindIndex(one => ReferenceEquals(one, oldest));
        if (place >= 0)
            RemoveAt(ofOne, place);
    }

    private void RemoveAt(List<Feature> ofOne, int place)
    {
        Feature gone = ofOne[place];
        ofOne.RemoveAt(place);
        Count--;
        _bytes -= gone.Bytes;
        if (ofOne.Count != 0)
            return;
        _byKey.Remove(gone.Key);
        _keys.Remove(gone.Key);
    }
}
