namespace Exchange.Cli.Benchmarks.Http;

/// <summary>Load from one thread; a connection has at most one request outstanding.</summary>
internal sealed class HttpLoad : IDisposable
{
    private const int PatienceMs = 30_000;
    private const int PauseUs = 100;

    private readonly LoadConnection[] _connections;
    private readonly TimeProvider _time;
    private readonly SocketEvents _events = new();
    private readonly int[] _ready;

    /// <param name="connections">Its own from now on.</param>
    public HttpLoad(LoadConnection[] connections, TimeProvider time)
    {
        _connections = connections;
        _time = time;
        _ready = new int[connections.Length];
        for (int i = 0; i < connections.Length; i++)
            _events.Watch(connections[i].Socket, i);
    }

    /// <summary>Loads the server for a while, one request outstanding on every connection, then waits for the last answers and cancels what is open.</summary>
    /// <param name="kind">What is sent.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="latencies">Gets the time of each answered request, in ticks of the clock; null: not wanted.</param>
    /// <returns>Requests answered in that time, and how long it was.</returns>
    public (int Requests, double Seconds) Run(LoadKind kind, double seconds, List<long>? latencies)
    {
        long start = _time.GetTimestamp();
        long end = start + (long)(seconds * _time.TimestampFrequency);
        foreach (LoadConnection connection in _connections)
            Send(connection, kind);

        int requests = 0;
        while (_time.GetTimestamp() < end)
            requests += Serve(kind, latencies, isGoingOn: true);
        double elapsed = _time.GetElapsedTime(start).TotalSeconds;
        Finish(kind);
        return (requests, elapsed);
    }

    /// <summary>Sends at a fixed rate whatever the server does, then waits as <see cref="Run"/> does; latencies count from when a request was due.</summary>
    /// <param name="perSecond">Requests a second; they wait for a connection when all have one outstanding.</param>
    public (int Requests, double Seconds) RunOpen(LoadKind kind, double seconds, double perSecond, List<long>? latencies)
    {
        double interval = _time.TimestampFrequency / perSecond;
        long start = _time.GetTimestamp();
        long end = start + (long)(seconds * _time.TimestampFrequency);
        int next = 0;
        int sent = 0;
        int requests = 0;
        for (long now = start; now < end; now = _time.GetTimestamp())
        {
            for (long due; (due = start + (long)(sent * interval)) <= now && TryFindIdle(ref next); sent++)
                Send(_connections[next], kind, due);
            int answered = Serve(kind, latencies, isGoingOn: false, timeoutMs: 0);
            if (answered == 0)
                Pause.Microseconds(PauseUs);
            requests += answered;
        }

        double elapsed = _time.GetElapsedTime(start).TotalSeconds;
        Finish(kind);
        return (requests, elapsed);
    }

    /// <summary>The next connection, in turn, that has nothing outstanding.</summary>
    private bool TryFindIdle(ref int next)
    {
        for (int looked = 0; looked < _connections.Length; looked++)
        {
            next = (next + 1) % _connections.Length;
            if (!_connections[next].IsOutstanding)
                return true;
        }

        return false;
    }

    private int Serve(LoadKind kind, List<long>? latencies, bool isGoingOn, int timeoutMs = 100)
    {
        int answered = 0;
        foreach (int ready in _ready.AsSpan(0, _events.Wait(timeoutMs, _ready)))
        {
            LoadConnection connection = _connections[ready];
            if (!connection.Receive(kind))
                continue;
            answered++;
            latencies?.Add(_time.GetTimestamp() - connection.SentAt);
            if (isGoingOn)
                Send(connection, kind);
        }

        return answered;
    }

    private void Finish(LoadKind kind)
    {
        Drain(kind);
        if (kind == LoadKind.Noop)
            return;
        foreach (LoadConnection connection in _connections.Where(connection => connection.HasOrder))
            Send(connection, kind);
        Drain(kind);
    }

    private void Drain(LoadKind kind)
    {
        long start = _time.GetTimestamp();
        while (_connections.Any(connection => connection.IsOutstanding))
        {
            Serve(kind, null, isGoingOn: false);
            if (_time.GetElapsedTime(start).TotalMilliseconds > PatienceMs)
                throw new InvalidDataException($"A request was not answered within {PatienceMs} ms.");
        }
    }

    private void Send(LoadConnection connection, LoadKind kind) => Send(connection, kind, _time.GetTimestamp());

    private void Send(LoadConnection connection, LoadKind kind, long from) =>
        connection.Send(kind, from, _time.GetUtcNow().ToUnixTimeMilliseconds());

    public void Dispose()
    {
        _events.Dispose();
        foreach (LoadConnection connection in _connections)
            connection.Dispose();
    }
}
