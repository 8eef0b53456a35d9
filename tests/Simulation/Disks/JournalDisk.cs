using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Disks;

/// <summary>A journal with group commit: what has queued during a sync is the next batch, one batch in flight.</summary>
/// <remarks>A crash loses what was not durable, but the batch in flight may have got there, whole or up to some record.</remarks>
internal sealed class JournalDisk<T>(SplitMix random)
{
    private readonly List<T> _durable = [];
    private readonly Queue<T> _queued = [];
    private readonly List<T> _inFlight = [];
    private long _doneMs;

    public IReadOnlyList<T> Durable => _durable;

    public ulong DurableSequence => (ulong)_durable.Count;

    public ulong AppendedSequence => (ulong)(_durable.Count + _inFlight.Count + _queued.Count);

    public bool IsIdle => _inFlight.Count == 0 && _queued.Count == 0;

    public void Append(in T record) => _queued.Enqueue(record);

    /// <summary>Ends the sync whose time has come and begins the next one.</summary>
    /// <returns>False: the sync failed. Whoever owns the disk must stop: what became of the batch only a restart tells.</returns>
    public bool Advance(long nowMs, Faults faults)
    {
        if (_inFlight.Count != 0 && nowMs >= _doneMs)
        {
            if (random.Chance(faults.FailedSync))
                return false;
            _durable.AddRange(_inFlight);
            _inFlight.Clear();
        }

        if (_inFlight.Count != 0 || _queued.Count == 0)
            return true;
        int most = random.Chance(10_000) ? 1 + random.Below(_queued.Count) : _queued.Count;
        for (int i = 0; i < most; i++)
            _inFlight.Add(_queued.Dequeue());
        _doneMs = nowMs + (random.Chance(faults.SlowSync) ? random.Between(200, 2_000) : random.Between(1, 30));
        return true;
    }

    /// <summary>Everything is durable at once: for looking at a world that has come to rest.</summary>
    public void Flush()
    {
        _durable.AddRange(_inFlight);
        _inFlight.Clear();
        while (_queued.TryDequeue(out T? record))
            _durable.Add(record);
    }

    public void Crash()
    {
        if (_inFlight.Count != 0)
            _durable.AddRange(_inFlight.GetRange(0, random.Below(_inFlight.Count + 1)));
        _inFlight.Clear();
        _queued.Clear();
    }
}
