using Exchange.Core.Wire;

namespace Exchange.Core.Marks;

/// <summary>Which accounts a moving mark must wake: those whose registered range it has left (docs/protocol.md 5).</summary>
/// <remarks>
/// A mark costs O(woken + log accounts), a registration O(log accounts), however many accounts there are. A woken account
/// stays in <see cref="Woken"/> until it registers anew; an account that unregisters keeps its slot, so that a late message
/// of its past cannot count. Memory is about 100 bytes an account and doubles as accounts come; nothing else allocates.
/// </remarks>
public sealed class PriceAlarms
{
    private static readonly uint Tag = SnapshotTag.Of("ALRM");

    private readonly AccountSlots _slots;
    private readonly BoundHeap _lows = new();
    private readonly BoundHeap _highs = new();
    private readonly AccountList _woken = new();
    private PriceRange[] _ranges;
    private int[] _unwritten;
    private bool[] _isUnwritten;
    private int _unwrittenCount;
    private int _count;
    private long _markTicks;

    public PriceAlarms(int expectedAccounts = 64)
    {
        int capacity = Math.Max(expectedAccounts, 1);
        _slots = new AccountSlots(capacity);
        _ranges = new PriceRange[capacity];
        _unwritten = new int[capacity];
        _isUnwritten = new bool[capacity];
        Reserve(capacity);
    }

    /// <summary>Accounts that ever registered.</summary>
    public int Count => _count;

    /// <summary>The last mark; 0 before the first, when no range can be left.</summary>
    public long MarkTicks => _markTicks;

    /// <summary>Accounts whose range was left and that have not registered since, by id; valid until the next call.</summary>
    public ReadOnlySpan<uint> Woken => _woken.Sorted();

    /// <summary>Registrations that no <see cref="TakeUnwritten"/> has given out yet; of an account only the latest counts.</summary>
    public int UnwrittenCount => _unwrittenCount;

    /// <summary>As <see cref="Woken"/>, without the sorting.</summary>
    public ReadOnlySpan<uint> WokenInAnyOrder => _woken.Unsorted;

    public bool IsWoken(uint account)
    {
        int slot = _slots.Find(account);
        return slot != AccountSlots.None && _woken.Contains(slot);
    }

    /// <summary>Takes a range in; false if it is not newer than the one there, which then stays.</summary>
    /// <remarks>One that the present mark is outside wakes the account at once.</remarks>
    public bool Register(in PriceRange range)
    {
        int slot = _slots.Find(range.Account);
        if (slot == AccountSlots.None)
            slot = AddAccount(range.Account);
        else if (!range.IsNewerThan(_ranges[slot]))
            return false;

        _ranges[slot] = range;
        NoteUnwritten(slot);
        Watch(slot);
        return true;
    }

    /// <summary>Moves the mark and wakes whose range it has left; returns how many were woken by it.</summary>
    public int Move(long markTicks)
    {
        Turn(markTicks);
        int woken = 0;
        while (TryWake())
            woken++;
        return woken;
    }

    /// <summary>Moves the mark; whose range it has left is for <see cref="TryWake"/>, which must come to its end before the next move.</summary>
    public void Turn(long markTicks)
    {
        Invariant.Holds(markTicks > 0);
        _markTicks = markTicks;
    }

    /// <summary>Wakes one of those whose range the mark has left; false: there is none more.</summary>
    public bool TryWake()
    {
        BoundHeap? left = _lows.Count > 0 && -_lows.TopBound > _markTicks ? _lows
            : _highs.Count > 0 && _highs.TopBound < _markTicks ? _highs
            : null;
        if (left is not null)
            Wake(left.TopSlot);
        return left is not null;
    }

    /// <summary>Gives out ranges that changed since they were last given out; what was written durably may be acknowledged.</summary>
    /// <returns>How many were put into <paramref name="into"/>; more may be left.</returns>
    public int TakeUnwritten(Span<PriceRange> into)
    {
        int taken = 0;
        while (taken < into.Length && _unwrittenCount > 0)
        {
            int slot = _unwritten[--_unwrittenCount];
            _isUnwritten[slot] = false;
            into[taken++] = _ranges[slot];
        }

        return taken;
    }

    /// <summary>The latest range of an account; false if it never registered.</summary>
    public bool TryGet(uint account, out PriceRange range)
    {
        int slot = _slots.Find(account);
        range = slot == AccountSlots.None ? default : _ranges[slot];
        return slot != AccountSlots.None;
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_markTicks);
        writer.WriteStructs<PriceRange>(_ranges.AsSpan(0, _count));
        for (int slot = 0; slot < _count; slot++)
            writer.Write(_woken.Contains(slot));
        writer.EndSection();
    }

    /// <summary>Restores alarms into a fresh object. All ranges count as written: the snapshot is durable.</summary>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(_count == 0);
        reader.BeginSection(Tag);
        long markTicks = reader.ReadInt64();
        PriceRange[] ranges = reader.ReadStructs<PriceRange>(int.MaxValue);
        foreach (ref readonly PriceRange range in ranges.AsSpan())
        {
            int slot = AddAccount(range.Account);
            _ranges[slot] = range;
            Watch(slot);
        }

        _markTicks = markTicks;
        for (int slot = 0; slot < _count; slot++)
        {
            if (reader.ReadBool())
                Wake(slot);
        }

        reader.EndSection();
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_markTicks);
        hasher.Add(_count);
        hasher.AddStructs<PriceRange>(_ranges.AsSpan(0, _count));
        for (int slot = 0; slot < _count; slot++)
            hasher.Add(_woken.Contains(slot));
    }

    /// <summary>Walks everything: a range is watched exactly if it holds the mark and its account is not woken.</summary>
    public void CheckInvariants()
    {
        _lows.CheckInvariants();
        _highs.CheckInvariants();
        for (int slot = 0; slot < _count; slot++)
        {
            PriceRange range = _ranges[slot];
            bool isWoken = _woken.Contains(slot);
            Invariant.Holds(isWoken || _markTicks == 0 || range.Holds(_markTicks));
            Invariant.Holds(_lows.Contains(slot) == (!isWoken && range.LowTicks > 0));
            Invariant.Holds(_highs.Contains(slot) == (!isWoken && range.HighTicks != long.MaxValue));
        }
    }

    private void Watch(int slot)
    {
        PriceRange range = _ranges[slot];
        _woken.Remove(slot);
        if (_markTicks != 0 && !range.Holds(_markTicks))
        {
            Wake(slot);
            return;
        }

        if (range.LowTicks > 0)
            _lows.Set(slot, -range.LowTicks);
        else
            _lows.Remove(slot);
        if (range.HighTicks != long.MaxValue)
            _highs.Set(slot, range.HighTicks);
        else
            _highs.Remove(slot);
    }

    private void Wake(int slot)
    {
        _lows.Remove(slot);
        _highs.Remove(slot);
        _woken.Add(slot, _ranges[slot].Account);
    }

    private void NoteUnwritten(int slot)
    {
        if (_isUnwritten[slot])
            return;
        _isUnwritten[slot] = true;
        _unwritten[_unwrittenCount++] = slot;
    }

    private int AddAccount(uint account)
    {
        if (_count == _ranges.Length)
            Reserve(checked(_count * 2));
        _slots.Add(account, _count);
        return _count++;
    }

    private void Reserve(int capacity)
    {
        Array.Resize(ref _ranges, capacity);
        Array.Resize(ref _unwritten, capacity);
        Array.Resize(ref _isUnwritten, capacity);
        _lows.EnsureSlots(capacity);
        _highs.EnsureSlots(capacity);
        _woken.EnsureSlots(capacity);
    }
}
