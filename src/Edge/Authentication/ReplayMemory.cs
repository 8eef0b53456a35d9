namespace Exchange.Edge.Authentication;

/// <summary>Remembers the signatures of changing requests for as long as they could be sent again.</summary>
/// <remarks>
/// A signature counts until its timestamp leaves the widest receive window, so one set a second of timestamps is kept and
/// dropped whole. Bounded: when full, the oldest second is dropped and everything stamped in it is refused from then on;
/// under a flood the window narrows, but nothing is ever accepted twice.
/// </remarks>
internal sealed class ReplayMemory(int capacity)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, HashSet<UInt128>> _seconds = [];
    private long _floorMs = long.MinValue;

    // The first key of the sorted seconds, kept because asking for it on every request would allocate.
    private long _oldestSecond = long.MaxValue;
    private int _count;

    internal enum Outcome
    {
        Fresh = 0,
        Seen = 1,

        /// <summary>Stamped in a time no longer remembered.</summary>
        Forgotten = 2,

        /// <summary>This very second has filled the memory.</summary>
        Full = 3,
    }

    /// <summary>Requests stamped before this are refused.</summary>
    public long FloorMs => Volatile.Read(ref _floorMs);

    /// <summary>Takes a signature once.</summary>
    /// <param name="signature">The first half of a valid signature: 128 bits that its key's owner cannot choose.</param>
    /// <param name="timestampMs">The request's own.</param>
    /// <param name="oldestMs">Requests stamped before this are refused anyway.</param>
    public Outcome Remember(UInt128 signature, long timestampMs, long oldestMs)
    {
        long second = timestampMs / 1_000;
        lock (_lock)
        {
            Forget(oldestMs / 1_000);
            if (timestampMs < _floorMs)
                return Outcome.Forgotten;
            if (_count >= capacity && !MakeRoom(second))
                return Outcome.Full;
            if (!_seconds.TryGetValue(second, out HashSet<UInt128>? seen))
            {
                _seconds[second] = seen = [];
                _oldestSecond = Math.Min(_oldestSecond, second);
            }

            if (!seen.Add(signature))
                return Outcome.Seen;
            _count++;
            return Outcome.Fresh;
        }
    }

    private void Forget(long beforeSecond)
    {
        while (_oldestSecond < beforeSecond)
            DropOldest();
    }

    private bool MakeRoom(long second)
    {
        if (_oldestSecond >= second)
            return false;
        DropOldest();
        return true;
    }

    private void DropOldest()
    {
        _seconds.Remove(_oldestSecond, out HashSet<UInt128>? dropped);
        _count -= dropped!.Count;
        Volatile.Write(ref _floorMs, Math.Max(_floorMs, (_oldestSecond + 1) * 1_000));
        _oldestSecond = _seconds.Count == 0 ? long.MaxValue : _seconds.Keys.First();
    }
}
