using System.Runtime.InteropServices;

namespace Exchange.Core.MarketData.Features;

/// <summary>The features of one or many entities as they are known now, each until its time to live is over.</summary>
/// <remarks>
/// Derived: it can be put together again by who put it, and decides nothing. Time comes with the input and does not go back; what is
/// restored has none until its first input, so a clock that was ahead is forgotten with its process. Features lie sorted by key, so those of
/// an entity, a kind or an interval are a run of neighbours; to find one costs O(log n), to put one a move of the references behind it. When
/// there is no room, those that would expire first go.
/// Invariants, checked by <see cref="CheckInvariants"/>: keys rise; both orders hold the same features; bytes are their sum, within the limits.
/// </remarks>
public sealed partial class FeatureCache(FeatureLimits limits)
{
    /// <summary>How far a feature's time may be ahead: clocks of those who put it are not ours.</summary>
    public const long MostAheadMs = 1_000;

    private static readonly Comparer<Feature> ByExpiry = Comparer<Feature>.Create(static (left, right) =>
        left.ExpiresMs != right.ExpiresMs ? left.ExpiresMs.CompareTo(right.ExpiresMs) : string.CompareOrdinal(left.Key, right.Key));

    /// <summary>As many as are over go one by one; of more the whole is looked through once.</summary>
    private const int FewAtOnce = 16;

    private readonly List<Feature> _byKey = [];
    private readonly SortedSet<Feature> _byExpiry = new(ByExpiry);
    private readonly FeaturePast _past = new(limits);
    private long _nowMs;

    public int Count => _byKey.Count;

    /// <summary>Of all features together, by <see cref="Feature.Bytes"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a feature, unless one of the same name became known later; of the same time the last one put counts.</summary>
    /// <param name="feature">Well formed.</param>
    /// <param name="nowMs">The host's time; an earlier one counts as the latest seen.</param>
    public FeaturePut Put(Feature feature, long nowMs)
    {
        Invariant.Holds(IsWellFormed(feature));
        Advance(nowMs);
        if (feature.KnownMs > _nowMs + MostAheadMs)
            return new FeaturePut(FeatureOutcome.Ahead, null, _nowMs + MostAheadMs);
        long oldestMs = _nowMs + 1 - (feature.ExpiresMs - feature.KnownMs);
        if (feature.KnownMs < oldestMs)
            return new FeaturePut(FeatureOutcome.Expired, null, oldestMs);

        int at = Search(feature.Key);
        if (at >= 0 && _byKey[at].KnownMs > feature.KnownMs && _byKey[at].KnownMs <= _nowMs + MostAheadMs)
            return new FeaturePut(FeatureOutcome.Older, _byKey[at], 0);
        if (at >= 0 && Bytes - _byKey[at].Bytes + feature.Bytes <= limits.Bytes)
        {
            Replace(at, feature);
        }
        else
        {
            if (at >= 0)
                PutAway(at);
            MakeRoom(feature.Bytes);
            Add(feature);
        }

        CheckBounds();
        return new FeaturePut(FeatureOutcome.Taken, feature, 0);
    }

    /// <summary>Features of an entity that are not over, by name.</summary>
    /// <param name="prefix">First parts of the name (<see cref="FeatureName.IsPrefix"/>).</param>
    /// <param name="after">A name; only what lies behind it. Null: all.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="asOfMs">As they were known then; now if that is still to come.</param>
    public FeaturePage List(string entity, string prefix, string? after, int limit, long nowMs, long asOfMs = long.MaxValue)
    {
        Invariant.Holds(limit >= 1);
        long nowOrLast = Math.Max(nowMs, _nowMs);
        IEnumerable<Feature> all = asOfMs >= nowOrLast ? Present(entity, prefix, after, nowOrLast) : Past(entity, prefix, after, asOfMs);
        var page = new List<Feature>();
        foreach (Feature feature in all)
        {
            if (page.Count == limit)
                return new FeaturePage([.. page], page[^1].Name);
            page.Add(feature);
        }

        return new FeaturePage([.. page], null);
    }

    /// <summary>Each of some features of an entity as of each of some times: all times of the first, then of the next; null: it was not known, or over.</summary>
    public Feature?[] Join(string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs, long nowMs)
    {
        long nowOrLast = Math.Max(nowMs, _nowMs);
        var cells = new Feature?[names.Count * asOfMs.Count];
        for (int name = 0; name < names.Count; name++)
        {
            for (int time = 0; time < asOfMs.Count; time++)
                cells[name * asOfMs.Count + time] = At($"{entity}{FeatureName.Separator}{names[name]}", Math.Min(asOfMs[time], nowOrLast));
        }

        return cells;
    }

    /// <summary>Forgets an entity's features with such first parts of their names.</summary>
    /// <returns>How many there were that were not over.</returns>
    public int Remove(string entity, string prefix, long nowMs)
    {
        Advance(nowMs);
        (int from, int end) = RunOf(entity, prefix);
        RemoveAt(from, end - from);
        (string first, string last) = KeysOf(entity, prefix);
        _past.Remove(first, last);
        return end - from;
    }

    /// <summary>Moves time on and forgets what is over.</summary>
    public void Advance(long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        for (int over = 0; _byExpiry.Min is { } first && first.ExpiresMs <= _nowMs; over++)
        {
            if (over == FewAtOnce)
                Sweep();
            else
                PutAway(Search(first.Key));
        }
    }

    /// <summary>Walks everything; for tests.</summary>
    public void CheckInvariants()
    {
        Invariant.Holds(_byKey.Count == _byExpiry.Count);
        long bytes = 0;
        for (int i = 0; i < _byKey.Count; i++)
        {
            Invariant.Holds(i == 0 || string.CompareOrdinal(_byKey[i - 1].Key, _byKey[i].Key) < 0);
            Invariant.Holds(_byExpiry.Contains(_byKey[i]));
            bytes += _byKey[i].Bytes;
        }

        Invariant.Holds(bytes == Bytes);
        CheckBounds();
    }

    private static bool IsWellFormed(Feature feature) => FeatureName.IsEntity(feature.Entity) && FeatureName.IsName(feature.Name)
        && FeatureName.IsSource(feature.Source) && feature.Value.Length is >= 1 and <= Feature.MaxValueLength
        && feature.KnownMs is >= 0 and <= Feature.LatestMs;

    private void CheckBounds()
    {
        Invariant.Holds(Count <= limits.Entries);
        Invariant.Holds(Bytes <= limits.Bytes);
    }

    private void Sweep()
    {
        _byKey.RemoveAll(feature =>
        {
            bool isOver = feature.ExpiresMs <= _nowMs;
            if (isOver)
            {
                Bytes -= feature.Bytes;
                _past.Add(feature);
            }

            return isOver;
        });
        _byExpiry.RemoveWhere(feature => feature.ExpiresMs <= _nowMs);
    }

    /// <summary>Whoever would go first by himself goes first.</summary>
    private void MakeRoom(int bytes)
    {
        Invariant.Holds(bytes <= limits.Bytes);
        while (Count >= limits.Entries || Bytes + bytes > limits.Bytes)
            PutAway(Search(_byExpiry.Min!.Key));
    }

    private IEnumerable<Feature> Present(string entity, string prefix, string? after, long nowMs)
    {
        (int from, int end) = RunOf(entity, prefix);
        if (after is not null)
            from = Math.Max(from, PlaceOf($"{entity}{FeatureName.Separator}{after}\0"));
        for (int i = from; i < end; i++)
        {
            if (_byKey[i].ExpiresMs > nowMs)
                yield return _byKey[i];
        }
    }

    private IEnumerable<Feature> Past(string entity, string prefix, string? after, long asOfMs)
    {
        (int from, int end) = RunOf(entity, prefix);
        (string first, string last) = KeysOf(entity, prefix);
        string? behind = after is null ? null : $"{entity}{FeatureName.Separator}{after}";
        return _byKey[from..end].Select(feature => feature.Key).Union(_past.Keys(first, last))
            .Where(key => behind is null || string.CompareOrdinal(key, behind) > 0)
            .Order(StringComparer.Ordinal)
            .Select(key => At(key, asOfMs))
            .OfType<Feature>();
    }

    private Feature? At(string key, long asOfMs)
    {
        int at = Search(key);
        if (at >= 0 && _byKey[at].KnownMs <= asOfMs)
            return _byKey[at].ExpiresMs > asOfMs ? _byKey[at] : null;
        return _past.At(key, asOfMs);
    }

    /// <summary>It is no longer shown, but was known.</summary>
    private void PutAway(int at)
    {
        _past.Add(_byKey[at]);
        RemoveAt(at, 1);
    }

    private void Add(Feature feature)
    {
        _byKey.Insert(~Search(feature.Key), feature);
        Invariant.Holds(_byExpiry.Add(feature));
        Bytes += feature.Bytes;
    }

    /// <summary>Where it lay: what is put again and again moves nothing.</summary>
    private void Replace(int at, Feature feature)
    {
        if (_byKey[at].KnownMs != feature.KnownMs)
            _past.Add(_byKey[at]);   // Of the same time it is a correction.
        Invariant.Holds(_byExpiry.Remove(_byKey[at]));
        Bytes += feature.Bytes - _byKey[at].Bytes;
        _byKey[at] = feature;
        Invariant.Holds(_byExpiry.Add(feature));
    }

    private void RemoveAt(int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            Invariant.Holds(_byExpiry.Remove(_byKey[i]));
            Bytes -= _byKey[i].Bytes;
        }

        _byKey.RemoveRange(from, count);
    }

    /// <summary>Where the features with such first parts lie.</summary>
    private (int From, int End) RunOf(string entity, string prefix)
    {
        (string first, string end) = KeysOf(entity, prefix);
        return (PlaceOf(first), PlaceOf(end));
    }

    /// <summary>The first key with such first parts of its name, if it is there, and what lies behind all of them.</summary>
    private static (string First, string End) KeysOf(string entity, string prefix)
    {
        // A whole name, or whatever begins with the head and a separator: that lies before the character behind the separator, which no key has.
        if (FeatureName.IsName(prefix))
            return ($"{entity}{FeatureName.Separator}{prefix}", $"{entity}{FeatureName.Separator}{prefix}\0");
        string head = prefix.Length == 0 ? entity : $"{entity}{FeatureName.Separator}{prefix}";
        return ($"{head}{FeatureName.Separator}", $"{head}{(char)(FeatureName.Separator + 1)}");
    }

    private int PlaceOf(string key)
    {
        int at = Search(key);
        return at >= 0 ? at : ~at;
    }

    /// <summary>Where a key is, or the complement of where it would be.</summary>
    private int Search(string key) => CollectionsMarshal.AsSpan(_byKey).BinarySearch(new Keyed(key));

    private readonly record struct Keyed(string Key) : IComparable<Feature>
    {
        public int CompareTo(Feature? other) => string.CompareOrdinal(Key, other!.Key);
    }
}
