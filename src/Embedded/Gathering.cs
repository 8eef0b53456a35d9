namespace Exchange.Embedded;

/// <summary>How the engine's thread waits when its queue is empty: parked until somebody rings, or asleep for a moment in which more gathers.</summary>
/// <remarks>
/// A request that wakes a parked engine pays for it, and it wakes journal, publisher and a worker of the pool for itself alone: half a dozen
/// switches of threads, each dearer than the order. Where requests come often, a sleep of some syncs' length makes one group of several, and
/// one waking of each thread does for all of them. Where they are rare the engine parks at once, and nobody waits for a group.
/// </remarks>
internal struct Gathering(TimeProvider clock)
{
    /// <summary>The first sleep at most; requests that are rarer than half of it are not waited for.</summary>
    private const int MostUs = 200;

    /// <summary>A group for which the first sleep will do: they come so fast that another would hardly save anything.</summary>
    private const int Enough = 16;

    /// <summary>A group for which nobody need sleep any longer.</summary>
    private const int Many = 128;

    /// <summary>A sleep after the first: short, or the processors idle once all who could send have sent.</summary>
    private const int MoreUs = 50;

    /// <summary>With what the system adds to each sleep, a request waits for a millisecond or so.</summary>
    private const int MostMore = 8;

    /// <summary>If fewer came in a sleep, those who send are waiting for answers themselves.</summary>
    private const int Worthwhile = 3;

    /// <summary>How many groups make do with the first sleep after a second one brought nobody: twice as many each time in a row.</summary>
    private const int LeastRest = 2;

    private const int MostRest = 64;

    private long _since = clock.GetTimestamp();
    private int _taken;
    private int _waiting;
    private int _sleeps;
    private bool _goesOn;
    private int _rest;
    private int _nextRest = LeastRest;

    public void NoteTaken(int requests) => _taken += requests;

    /// <summary>The queue is empty: for how long to sleep, in microseconds; 0: park.</summary>
    public int Next()
    {
        long now = clock.GetTimestamp();
        double gapUs = _taken == 0 ? double.MaxValue : clock.GetElapsedTime(_since, now).TotalMicroseconds / _taken;
        int sleepUs = gapUs > MostUs / 2 ? 0 : (int)Math.Clamp(gapUs * Enough, 1, MostUs);
        _since = now;
        _taken = 0;
        _sleeps = 0;
        _waiting = 0;
        _goesOn = sleepUs == MostUs && _rest == 0;
        if (sleepUs == MostUs && _rest > 0)
            _rest--;
        return sleepUs;
    }

    /// <summary>Having slept: for how long to sleep once more, in microseconds; 0: not at all.</summary>
    /// <param name="waiting">Requests in the queue by now.</param>
    /// <param name="capacity">Of the queue, which must not overflow for this.</param>
    public int More(int waiting, int capacity)
    {
        int came = waiting - _waiting;
        _waiting = waiting;
        if (!_goesOn)
            return 0;
        if (came < Worthwhile)
        {
            if (_sleeps == 1)
                (_rest, _nextRest) = (_nextRest, Math.Min(2 * _nextRest, MostRest));
            return 0;
        }

        if (_sleeps > 1)
            _nextRest = LeastRest;
        if (waiting >= Math.Min(Many, capacity / 4) || _sleeps == MostMore)
            return 0;
        _sleeps++;
        return MoreUs;
    }
}
