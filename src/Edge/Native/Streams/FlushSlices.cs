using System.Collections.Concurrent;

namespace Exchange.Edge.Native.Streams;

/// <summary>Streams that wait to be flushed by workers of the pool, a slice at a time.</summary>
/// <remarks>
/// All slices of a message to thousands of streams in the pool at once would keep everything behind them waiting until the last is sent: the
/// hub's next window, and the answers to orders. So there is one worker a processor at most, and each goes to the end of the pool's queue
/// between two slices.
/// </remarks>
internal sealed class FlushSlices : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<StreamConnection[]> _waiting = new();
    private int _workers;

    public void Add(StreamConnection[] slice)
    {
        _waiting.Enqueue(slice);
        AskForWorker();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_waiting.TryDequeue(out StreamConnection[]? slice))
        {
            foreach (StreamConnection connection in slice)
                connection.Flush();
        }

        if (!_waiting.IsEmpty)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        // Who added before this worker was counted out may have found enough of them.
        Interlocked.Decrement(ref _workers);
        if (!_waiting.IsEmpty)
            AskForWorker();
    }

    private void AskForWorker()
    {
        int workers;
        do
        {
            workers = Volatile.Read(ref _workers);
            if (workers >= Environment.ProcessorCount)
                return;
        }
        while (Interlocked.CompareExchange(ref _workers, workers + 1, workers) != workers);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
