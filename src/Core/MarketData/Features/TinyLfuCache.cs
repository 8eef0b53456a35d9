namespace Exchange.Core.MarketData.Features;

/// <summary>What was asked for, kept for its time to live; full, it keeps what is asked for most (W-TinyLFU).</summary>
/// <remarks>
/// What is new stands in a small window by how lately it was asked for; from there it goes into the main part only in the place of something
/// that was asked for less often. The main part has a trial and, for what was asked for again, a protected four fifths. What is over goes
/// first. To find, put and drop cost O(1), and O(log n) for the order of times. Not for several threads at once.
/// Invariants, checked by <see cref="CheckInvariants"/>: each entry is in one list and in the table; weights are their sums, within the limits.
/// </remarks>
public sealed class TinyLfuCache<TKey, TValue>
    where TKey : notnull
{
    private const int None = -1;
    private const int Window = 0;
    private const int Trial = 1;
    private const int Protected = 2;

    private readonly long _most;
    private readonly long _mostOfOne;
    private readonly long _mostWindow;
    private readonly long _mostProtected;
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly Dictionary<TKey, int> _places;
    private readonly FrequencySketch _frequencies;
    private readonly PriorityQueue<(int Place, ulong Number), long> _byExpiry = new();
    private readonly List<Entry> _entries = [];
    private readonly Stack<int> _free = new();
    private readonly Ends[] _lists = [new(), new(), new()];
    private ulong _number;

    /// <param name="weight">Of all entries together.</param>
    /// <param name="weightOfOne">What is heavier is not kept.</param>
    /// <param name="entries">How many there may be, about.</param>
    public TinyLfuCache(long weight, long weightOfOne, int entries, IEqualityComparer<TKey>? comparer = null)
    {
        Invariant.Holds(weight >= 1);
        Invariant.Holds(weightOfOne >= 1 && weightOfOne <= weight);
        _most = weight;
        _mostOfOne = weightOfOne;
        _mostWindow = Math.Max(1, weight / 100);
        _mostProtected = (weight - _mostWindow) / 5 * 4;
        _comparer = comparer ?? EqualityComparer<TKey>.Default;
        _places = new Dictionary<TKey, int>(_comparer);
        _frequencies = new FrequencySketch(entries);
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
        public long ExpiresMs;
        public long Weight;
        public ulong Number;
        public int List;
        public int Newer;
        public int Older;
    }

    private sealed class Ends
    {
        public int Newest = None;
        public int Oldest = None;
        public long Weight;
    }

    public int Count => _places.Count;

    public long Weight => _lists[Window].Weight + _lists[Trial].Weight + _lists[Protected].Weight;

    /// <summary>What is kept of a key and is not over. It counts as asked for either way.</summary>
    public bool TryGet(TKey key, long nowMs, out TValue value)
    {
        _frequencies.Add(_comparer.GetHashCode(key));
        if (!_places.TryGetValue(key, out int place) || EntryAt(place).ExpiresMs <= nowMs)
        {
            value = default!;
            return false;
        }

        value = EntryAt(place).Value;
        Touch(place);
        return true;
    }

    /// <summary>Keeps a value, in place of what was kept of the key, if it is worth it.</summary>
    /// <param name="expiresMs">From then on it is over.</param>
    public void Put(TKey key, TValue value, long weight, long expiresMs, long nowMs)
    {
        if (_places.TryGetValue(key, out int there))
            Remove(there);
        DropExpired(nowMs);
        if (weight > _mostOfOne || expiresMs <= nowMs)
            return;
        int place = Take(new Entry { Key = key, Value = value, Weight = weight, ExpiresMs = expiresMs, Number = ++_number });
        _places.Add(key, place);
        _byExpiry.Enqueue((place, _number), expiresMs);
        Add(place, Window);
        while (_lists[Window].Weight > _mostWindow)
            LeaveWindow(_lists[Window].Oldest);
    }

    /// <summary>Forgets what has such a key.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveWhere(Predicate<TKey> isOut)
    {
        int removed = 0;
        foreach ((TKey key, int place) in _places)
        {
            if (!isOut(key))
                continue;
            Remove(place);   // A dictionary may lose entries while it is gone through.
            removed++;
        }

        return removed;
    }

    /// <summary>Walks everything; for tests.</summary>
    public void CheckInvariants()
    {
        int count = 0;
        for (int list = 0; list < _lists.Length; list++)
        {
            long weight = 0;
            for (int place = _lists[list].Newest; place != None; place = EntryAt(place).Older)
            {
                Invariant.Holds(EntryAt(place).List == list);
                Invariant.Holds(_places[EntryAt(place).Key] == place);
                weight += EntryAt(place).Weight;
                count++;
            }

            Invariant.Holds(weight == _lists[list].Weight);
        }

        Invariant.Holds(count == _places.Count);
        Invariant.Holds(Weight <= _most);
    }

    private ref Entry EntryAt(int place) => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[place];

    private void Touch(int place)
    {
        int list = EntryAt(place).List;
        Unlink(place);
        Add(place, list == Window ? Window : Protected);
        while (_lists[Protected].Weight > _mostProtected && _lists[Protected].Oldest != place)
        {
            int tried = _lists[Protected].Oldest;
            Unlink(tried);
            Add(tried, Trial);
        }
    }

    /// <summary>The oldest of the window takes the place of the oldest on trial, if it was asked for more often; else it goes.</summary>
    private void LeaveWindow(int candidate)
    {
        Unlink(candidate);
        Add(candidate, Trial);
        while (Weight - _lists[Window].Weight > _most - _mostWindow)
        {
            int victim = OldestBut(candidate);
            if (victim == None || FrequencyOf(candidate) <= FrequencyOf(victim))
            {
                Remove(candidate);
                return;
            }

            Remove(victim);
        }
    }

    private int OldestBut(int candidate)
    {
        int victim = _lists[Trial].Oldest;
        if (victim == candidate)
            victim = EntryAt(victim).Newer;
        return victim != None ? victim : _lists[Protected].Oldest;
    }

    private int FrequencyOf(int place) => _frequencies.Of(_comparer.GetHashCode(EntryAt(place).Key));

    private void DropExpired(long nowMs)
    {
        while (_byExpiry.TryPeek(out (int Place, ulong Number) first, out long expiresMs) && (expiresMs <= nowMs || IsGone(first)))
        {
            _byExpiry.Dequeue();
            if (!IsGone(first))
                Remove(first.Place);
        }
    }

    private bool IsGone((int Place, ulong Number) one) => EntryAt(one.Place).Number != one.Number;

    private int Take(Entry entry)
    {
        if (!_free.TryPop(out int place))
        {
            place = _entries.Count;
            _entries.Add(entry);
            return place;
        }

        EntryAt(place) = entry;
        return place;
    }

    private void Remove(int place)
    {
        Unlink(place);
        _places.Remove(EntryAt(place).Key);
        EntryAt(place) = default;
        _free.Push(place);
        if (_byExpiry.Count > 2 * _places.Count + 64)
            ForgetGone();
    }

    /// <summary>The order of times holds those too that went before theirs; they must not pile up.</summary>
    private void ForgetGone()
    {
        var left = _byExpiry.UnorderedItems.Where(item => !IsGone(item.Element)).ToArray();
        _byExpiry.Clear();
        _byExpiry.EnqueueRange(left);
    }

    private void Add(int place, int list)
    {
        ref Entry entry = ref EntryAt(place);
        Ends ends = _lists[list];
        entry.List = list;
        entry.Newer = None;
        entry.Older = ends.Newest;
        if (ends.Newest != None)
            EntryAt(ends.Newest).Newer = place;
        else
            ends.Oldest = place;
        ends.Newest = place;
        ends.Weight += entry.Weight;
    }

    private void Unlink(int place)
    {
        ref Entry entry = ref EntryAt(place);
        Ends ends = _lists[entry.List];
        if (entry.Newer != None)
            EntryAt(entry.Newer).Older = entry.Older;
        else
            ends.Newest = entry.Older;
        if (entry.Older != None)
            EntryAt(entry.Older).Newer = entry.Newer;
        else
            ends.Oldest = entry.Newer;
        ends.Weight -= entry.Weight;
    }
}
