namespace Exchange.Embedded;

/// <summary>How the engine's thread waits when its queue is empty: parked until somebody rings, or asleep for a moment in which more gathers.</summary>
/// <remarks>
/// A request that wakes a parked engine pays for it, and it wakes journal, publisher and a worker of the pool for itself alone: half a dozen
/// switches of threads, each dearer than the order. Where requests come often, a sleep shorter than a sync makes one group of several, and
/// one waking of each thread does for all of them. Where they are rare the engine parks at once, and nobody waits for a group.
/// </remarks>
internal struct Gathering(TimeProvider clock)
{
    /// <summary>The longest sleep; requests that are rarer than half of it are not waited for.</summary>
    private const int MostUs = 200;

    /// <summary>A group that is large enough: a longer sleep would save little more.</summary>
    private const int Enough = 16;

    private long _since = clock.GetTimestamp();
    private int _taken;

    public void NoteTaken(int requests) => _taken += requests;

    /// <summary>The queue is empty: for how long to sleep, in microseconds; 0: park.</summary>
    public int Next()
    {
        long now = clock.GetTimestamp();
        double gapUs = _taken == 0 ? double.MaxValue : clock.GetElapsedTime(_since, now).TotalMicroseconds / _taken;
        _since = now;
        _taken = 0;
        return gapUs > MostUs / 2 ? 0 : (int)Math.Clamp(gapUs * Enough, 1, MostUs);
    }
}
