namespace Exchange.Grains.Links;

/// <summary>The way to one other node: one call at a time, which takes along all that queued meanwhile, so that nothing overtakes.</summary>
/// <remarks>
/// Calls that are not waited for arrive in any order, above all between silos. What a failed call carried is lost, or arrives yet:
/// messages are numbered, and whoever wants an answer repeats. Any thread; calls go on where the first was begun.
/// </remarks>
/// <param name="call">Carries a batch; completes when it was taken.</param>
public sealed class Link<T>(Func<T[], ValueTask> call, LinkLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _queued = new();
    private bool _isCalling;
    private volatile Task _calls = Task.CompletedTask;

    /// <summary>Messages that wait.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
                return _queued.Count;
        }
    }

    /// <summary>Messages of failed calls, and those the full link did not take.</summary>
    public long Lost { get; private set; }

    /// <summary>Nothing is under way or waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return !_isCalling && _queued.Count == 0;
        }
    }

    /// <summary>Ends when all that has been told to go was taken, or lost.</summary>
    public Task Gone => IsIdle ? Task.CompletedTask : _calls;

    /// <summary>Takes a message for the next call.</summary>
    public void Add(T message)
    {
        lock (_lock)
        {
            if (_queued.Count < limits.MostQueued)
                _queued.Enqueue(message);
            else
                Lost++;
        }
    }

    /// <summary>Calls with what has been added, unless a call is under way: then the next one follows it.</summary>
    public void Go()
    {
        if (TryBegin())
            _calls = CallUntilEmpty();
    }

    /// <summary>As <see cref="Go"/>, but not by the caller's turns: his activation may end while others' messages are under way.</summary>
    public void GoOnPool()
    {
        if (!TryBegin())
            return;
        var gone = new TaskCompletionSource();
        _calls = gone.Task;
        ThreadPool.UnsafeQueueUserWorkItem(static begun => { _ = begun.Link.CallUntilEmpty(begun.Gone); }, (Link: this, Gone: gone), preferLocal: false);
    }

    private async Task CallUntilEmpty(TaskCompletionSource gone)
    {
        await CallUntilEmpty();
        gone.SetResult();
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            if (_isCalling || _queued.Count == 0)
                return false;
            return _isCalling = true;
        }
    }

    private async Task CallUntilEmpty()
    {
        while (TryTake(out T[] batch))
        {
            try
            {
                await call(batch);
            }
            catch (Exception)
            {
                // Whatever failed, the batch may have arrived: only its sender knows what must be said again.
                lock (_lock)
                    Lost += batch.Length;
            }
        }
    }

    private bool TryTake(out T[] batch)
    {
        lock (_lock)
        {
            batch = new T[Math.Min(_queued.Count, limits.MostAtOnce)];
            for (int i = 0; i < batch.Length; i++)
                batch[i] = _queued.Dequeue();
            _isCalling = batch.Length != 0;
            return _isCalling;
        }
    }
}
