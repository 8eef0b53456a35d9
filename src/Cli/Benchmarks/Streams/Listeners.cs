using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>Clients that all get the same messages in the same order, read by one thread.</summary>
internal sealed class Listeners : IDisposable
{
    private readonly WebSocketConnection[] _connections;
    private readonly int[] _heard;
    private readonly SocketEvents _events = new();
    private readonly int[] _ready = new int[512];
    private readonly TimeProvider _time;

    public Listeners(WebSocketConnection[] connections, TimeProvider time)
    {
        _connections = connections;
        _heard = new int[connections.Length];
        _time = time;
        for (int i = 0; i < connections.Length; i++)
            _events.Watch(connections[i].Socket, i);
    }

    public int Count => _connections.Length;

    /// <summary>The messages, as the first client got them.</summary>
    public List<byte[]> Messages { get; } = [];

    /// <summary>Which message came when, for each message of each client.</summary>
    public List<(int Message, long At)> Arrivals { get; } = new(1 << 20);

    public bool HaveAllHeardAll => Array.TrueForAll(_heard, heard => heard == Messages.Count);

    public void Clear()
    {
        Array.Clear(_heard);
        Messages.Clear();
        Arrivals.Clear();
    }

    /// <summary>Takes what comes within so many ms.</summary>
    public void Hear(int timeoutMs)
    {
        int count = _events.Wait(timeoutMs, _ready);
        for (int i = 0; i < count; i++)
            Hear(_connections[_ready[i]], _ready[i]);
    }

    private void Hear(WebSocketConnection connection, int number)
    {
        if (!connection.Fill())
            return;
        long now = _time.GetTimestamp();
        while (connection.TryRead(out ReadOnlySpan<byte> payload))
        {
            Arrivals.Add((_heard[number]++, now));
            if (number == 0)
                Messages.Add(payload.ToArray());
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        foreach (WebSocketConnection connection in _connections)
            connection.Dispose();
    }
}
