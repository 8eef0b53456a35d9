namespace Exchange.Edge.Native.Streams;

/// <summary>What the hub sends in one pass: each stream it touched is flushed once, at the end. Used by the hub's loop alone.</summary>
internal sealed class Delivery
{
    /// <summary>Streams that one thread flushes: one writes to a socket in some ten microseconds.</summary>
    private const int SliceStreams = 64;

    private readonly List<StreamConnection> _touched = [];

    public void Send(StreamConnection to, byte[] message)
    {
        to.Add(message);
        if (to.IsTouched)
            return;
        to.IsTouched = true;
        _touched.Add(to);
    }

    /// <summary>Sends behind what waits already, at once: how far the stream is behind then tells whether it can take more.</summary>
    public void SendNow(StreamConnection to, byte[] message) => to.Send(message);

    /// <summary>Sends on this thread; where there are many, others of the pool take their slices.</summary>
    public void Flush()
    {
        foreach (StreamConnection connection in _touched)
            connection.IsTouched = false;
        int own = Math.Min(_touched.Count, SliceStreams);
        for (int start = own; start < _touched.Count; start += SliceStreams)
            ThreadPool.UnsafeQueueUserWorkItem(new Slice([.. _touched.Slice(start, Math.Min(SliceStreams, _touched.Count - start))]), preferLocal: false);
        foreach (StreamConnection connection in _touched.Slice(0, own))
            connection.Flush();
        _touched.Clear();
    }

    private sealed class Slice(StreamConnection[] connections) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (StreamConnection connection in connections)
                connection.Flush();
        }
    }
}
