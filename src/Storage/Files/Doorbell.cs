namespace Exchange.Storage.Files;

/// <summary>Parks one thread until another rings; ringing costs a fence and a read while nobody is parked.</summary>
/// <remarks>
/// The parked thread sleeps at once: a wait that first looks for a while takes the processor from whoever is to ring. On Linux it
/// is the kernel's own wait on a word, elsewhere a monitor's.
/// </remarks>
public sealed class Doorbell
{
    private const int Free = 0;
    private const int Parked = 1;

    // Pinned, since the kernel is given its address; in the middle of two lines, since others' data must not share its line.
    private readonly int[] _words = GC.AllocateArray<int>(48, pinned: true);

    private ref int State => ref _words[16];

    /// <summary>Announces that the caller will park. It must then look once more for work before <see cref="Wait"/>.</summary>
    public void Prepare() => Interlocked.Exchange(ref State, Parked);

    /// <summary>There was work after all.</summary>
    public void Cancel() => Volatile.Write(ref State, Free);

    /// <summary>Parks until rung or out of time; a ring meant for an earlier wait may end it too, so look again.</summary>
    /// <param name="timeoutMs">-1: without limit.</param>
    public void Wait(int timeoutMs)
    {
        if (Volatile.Read(ref State) == Parked)
            Sleep(timeoutMs);
        Cancel();
    }

    /// <summary>Sleeps so long, and some 50 us more, without being rung for: who rings meanwhile does not pay for waking.</summary>
    /// <returns>False: this system knows no sleep as short as that.</returns>
    public bool TryNap(int microseconds)
    {
        if (!LinuxFutex.IsSupported)
            return false;
        LinuxFutex.Wait(ref State, Free, microseconds);
        return true;
    }

    public void Ring()
    {
        // What the ringer has published must be visible before it looks for a parked thread.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref State) == Parked && Interlocked.CompareExchange(ref State, Free, Parked) == Parked)
            WakeUp();
    }

    private void Sleep(int timeoutMs)
    {
        if (LinuxFutex.IsSupported)
        {
            LinuxFutex.Wait(ref State, Parked, timeoutMs < 0 ? -1 : timeoutMs * 1_000L);
            return;
        }

        lock (_words)
        {
            if (Volatile.Read(ref State) == Parked)
                Monitor.Wait(_words, timeoutMs);
        }
    }

    private void WakeUp()
    {
        if (LinuxFutex.IsSupported)
        {
            LinuxFutex.Wake(ref State);
            return;
        }

        lock (_words)
            Monitor.PulseAll(_words);
    }
}
