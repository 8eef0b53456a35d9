using Exchange.Storage.Streams;

namespace Exchange.Storage.Postgres;

/// <summary>Writes that wait for a connection, in the order they came.</summary>
/// <remarks>
/// A stream has one write here at most, waiting or in flight: so two connections never write one stream at once, and the queue is
/// bounded by the open streams. It holds no bytes but the callers' own, who wait: that is the back-pressure.
/// </remarks>
internal sealed class WriteQueue<TWrite>(int maxWrites, int maxBytes)
    where TWrite : StreamWrite
{
    private readonly object _lock = new();   // a monitor: threads park on it
    private readonly Queue<TWrite> _queued = [];
    private readonly Dictionary<StreamId, TWrite> _held = [];
    private bool _isClosed;

    /// <exception cref="InvalidOperationException">The stream has one already.</exception>
    /// <exception cref="StoreUnavailableException">The store has been closed.</exception>
    public void Add(TWrite write)
    {
        if (TryAdd(write) is not null)
            throw new InvalidOperationException($"Stream {write.Stream} already has such a write in flight.");
    }

    /// <returns>Null; or the one that the stream has already, and then nothing was added.</returns>
    /// <exception cref="StoreUnavailableException">The store has been closed.</exception>
    public TWrite? TryAdd(TWrite write)
    {
        lock (_lock)
        {
            if (_isClosed)
                throw new StoreUnavailableException("it is closed");
            if (_held.TryGetValue(write.Stream, out TWrite? before))
                return before;
            _held.Add(write.Stream, write);
            _queued.Enqueue(write);
            Monitor.Pulse(_lock);
            return null;
        }
    }

    /// <summary>Waits for writes and takes what one transaction holds.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<TWrite> taken)
    {
        taken.Clear();
        lock (_lock)
        {
            while (_queued.Count == 0 && !_isClosed)
                Monitor.Wait(_lock);
            int bytes = 0;
            while (taken.Count < maxWrites && bytes < maxBytes && _queued.TryDequeue(out TWrite? write))
            {
                taken.Add(write);
                bytes += write.Bytes;
            }

            return taken.Count > 0;
        }
    }

    /// <summary>Its outcome is decided: the stream may send its next. To be called before the caller learns it.</summary>
    public void LetGo(StreamId stream)
    {
        lock (_lock)
            _held.Remove(stream);
    }

    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
