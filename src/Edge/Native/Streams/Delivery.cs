namespace Exchange.Edge.Native.Streams;

/// <summary>What the hub sends in one pass: each stream it touched is flushed once, at the end. Used by the hub's loop alone.</summary>
internal sealed class Delivery
{
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

    public void Flush()
    {
        foreach (StreamConnection connection in _touched)
        {
            connection.IsTouched = false;
            connection.Flush();
        }

        _touched.Clear();
    }
}
