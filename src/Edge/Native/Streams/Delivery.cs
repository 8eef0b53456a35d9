namespace Exchange.Edge.Native.Streams;

/// <summary>What the hub sends in one pass: each stream it touched is flushed once, at the end. Used by the hub's loop alone.</summary>
internal sealed class Delivery
{
    /// <summary>Streams that one thread flushes before others may have it: one writes to a socket in some ten microseconds.</summary>
    private const int SliceStreams = 32;

    private readonly FlushSlices _slices = new();
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

    /// <summary>Sends on this thread; where there are many, workers of the pool take slices of them.</summary>
    public void Flush()
    {
        foreach (StreamConnection connection in _touched)
            connection.IsTouched = false;
        int own = Math.Min(_touched.Count, SliceStreams);
        for (int start = own; start < _touched.Count; start += SliceStreams)
            _slices.Add([.. _touched.Slice(start, Math.Min(SliceStreams, _touched.Count - start))]);
        foreach (StreamConnection connection in _touched.Slice(0, own))
            connection.Flush();
        _touched.Clear();
    }
}
