namespace Exchange.Cli.Benchmarks.Http;

/// <summary>Closed-loop load from one thread: every connection has one request outstanding.</summary>
internal sealed class HttpLoad(LoadConnection[] connections, TimeProvider time)
{
    private const int PatienceMs = 30_000;

    private readonly SocketPoll _poll = new([.. connections.Select(connection => connection.Socket)]);

    /// <summary>Loads the server for a while, then waits for the last answers and cancels what is open.</summary>
    /// <param name="kind">What is sent.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="latencies">Gets the time of each answered request, in ticks of the clock; null: not wanted.</param>
    /// <returns>Requests answered in that time, and how long it was.</returns>
    public (int Requests, double Seconds) Run(LoadKind kind, double seconds, List<long>? latencies)
    {
        long start = time.GetTimestamp();
        long end = start + (long)(seconds * time.TimestampFrequency);
        foreach (LoadConnection connection in connections)
            Send(connection, kind);

        int requests = 0;
        while (time.GetTimestamp() < end)
            requests += Serve(kind, latencies, isGoingOn: true);
        double elapsed = time.GetElapsedTime(start).TotalSeconds;
        Finish(kind);
        return (requests, elapsed);
    }

    private int Serve(LoadKind kind, List<long>? latencies, bool isGoingOn)
    {
        _poll.Wait(100);
        int answered = 0;
        for (int i = 0; i < connections.Length; i++)
        {
            LoadConnection connection = connections[i];
            if (!_poll.IsReady(i) || !connection.Receive(kind))
                continue;
            answered++;
            latencies?.Add(time.GetTimestamp() - connection.SentAt);
            if (isGoingOn)
                Send(connection, kind);
        }

        return answered;
    }

    private void Finish(LoadKind kind)
    {
        Drain(kind);
        if (kind != LoadKind.Orders)
            return;
        foreach (LoadConnection connection in connections.Where(connection => connection.HasOrder))
            Send(connection, kind);
        Drain(kind);
    }

    private void Drain(LoadKind kind)
    {
        long start = time.GetTimestamp();
        while (connections.Any(connection => connection.IsOutstanding))
        {
            Serve(kind, null, isGoingOn: false);
            if (time.GetElapsedTime(start).TotalMilliseconds > PatienceMs)
                throw new InvalidDataException($"A request was not answered within {PatienceMs} ms.");
        }
    }

    private void Send(LoadConnection connection, LoadKind kind)
    {
        if (kind == LoadKind.Orders)
            connection.SendOrder(time.GetTimestamp());
        else
            connection.SendNoop(time.GetTimestamp());
    }
}
