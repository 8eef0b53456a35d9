namespace Exchange.Core.Books;

/// <summary>A position that auto-deleveraging may take over, and its score.</summary>
internal struct AdlCandidate
{
    public Int128 Score;

    /// <summary>The account's in <see cref="BookAccounts"/>.</summary>
    public int Slot;
    public uint Account;
    public int Leg;

    /// <summary>Names the position within its book.</summary>
    public readonly int Key => (Slot * 2) + Leg;

    /// <summary>Highest score first; ties by account, then leg.</summary>
    public readonly bool IsBefore(in AdlCandidate other) =>
        Score != other.Score ? Score > other.Score : Account != other.Account ? Account < other.Account : Leg < other.Leg;
}

/// <summary>One side's positions by score, the best on top; one of them is put in, elsewhere, or out in O(log n).</summary>
/// <remarks>A heap in which every position knows its place. It may be made in parts; its room is kept.</remarks>
internal sealed class AdlRanking
{
    private const int Absent = -1;
    private AdlCandidate[] _heap = [];
    private int[] _places = [];

    /// <summary>All positions are in.</summary>
    public bool IsMade { get; private set; }

    /// <summary>Some are.</summary>
    public bool IsBegun { get; private set; }

    public int Count { get; private set; }

    /// <summary>Only if there is one.</summary>
    public ref readonly AdlCandidate Best => ref _heap.AsSpan(0, Count)[0];

    /// <summary>Empties it, to be made for a book of so many accounts.</summary>
    public void Begin(int accounts)
    {
        if (_places.Length < accounts * 2)
            _places = new int[accounts * 2];
        if (_heap.Length < accounts)
            _heap = GC.AllocateUninitializedArray<AdlCandidate>(accounts); // Its pages are first touched bit by bit.
        Array.Fill(_places, Absent);
        Count = 0;
        (IsBegun, IsMade) = (true, false);
    }

    public void End() => IsMade = IsBegun;

    public void Forget() => (IsBegun, IsMade) = (false, false);

    /// <summary>Puts a position where its score belongs; it may be new.</summary>
    public void Set(in AdlCandidate candidate)
    {
        if (candidate.Key >= _places.Length)
        {
            int had = _places.Length;
            Array.Resize(ref _places, Math.Max(candidate.Key + 1, had * 2));
            Array.Fill(_places, Absent, had, _places.Length - had);
        }

        int place = _places[candidate.Key];
        if (place == Absent)
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Math.Max(16, Count * 2));
            Rise(Count++, candidate);
        }
        else
        {
            Place(place, candidate);
        }
    }

    /// <summary>Takes a position out; nothing if it is not in.</summary>
    public void Remove(int key)
    {
        int place = key < _places.Length ? _places[key] : Absent;
        if (place == Absent)
            return;
        _places[key] = Absent;
        AdlCandidate last = _heap[--Count];
        if (place != Count)
            Place(place, last);
    }

    private void Place(int place, AdlCandidate candidate)
    {
        if (place > 0 && candidate.IsBefore(in _heap[(place - 1) / 2]))
            Rise(place, candidate);
        else
            Sink(place, candidate);
    }

    private void Rise(int place, AdlCandidate candidate)
    {
        while (place > 0 && candidate.IsBefore(in _heap[(place - 1) / 2]))
        {
            Put(place, in _heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, in candidate);
    }

    private void Sink(int place, AdlCandidate candidate)
    {
        while (2 * place + 1 < Count)
        {
            int child = 2 * place + 1;
            if (child + 1 < Count && _heap[child + 1].IsBefore(in _heap[child]))
                child++;
            if (!_heap[child].IsBefore(in candidate))
                break;
            Put(place, in _heap[child]);
            place = child;
        }

        Put(place, in candidate);
    }

    private void Put(int place, in AdlCandidate candidate)
    {
        _heap[place] = candidate;
        _places[candidate.Key] = place;
    }
}
