namespace Exchange.Storage.Files;

/// <summary>Parks one thread until another rings; ringing costs a fence and a read while nobody is parked.</summary>
public sealed class Doorbell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);
    private int _parked;

    /// <summary>Announces that the caller will park. It must then look once more for work before <see cref="Wait"/>.</summary>
    public void Prepare() => Interlocked.Exchange(ref _parked, 1);

    /// <summary>There was work after all.</summary>
    public void Cancel()
    {
        if (Interlocked.Exchange(ref _parked, 0) == 0)
            _rung.Wait();   // Rung meanwhile: that ring must not end the next wait.
    }

    /// <summary>Parks until rung or out of time.</summary>
    public void Wait(int timeoutMs)
    {
        if (!_rung.Wait(timeoutMs))
            Cancel();
    }

    public void Ring()
    {
        // What the ringer has published must be visible before it looks for a parked thread.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) == 1)
            _rung.Release();
    }

    public void Dispose() => _rung.Dispose();
}
