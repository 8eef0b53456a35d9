using Exchange.Storage.Streams;

namespace Exchange.Storage.Postgres;

/// <summary>All that a silo writes: the appends, states and openings of every machine, joined into few transactions on connections of its own.</summary>
internal sealed class PostgresStreamWriter : IDisposable
{
    private readonly WriteQueue<AppendWrite> _appends;
    private readonly WriteQueue<StateRowWrite> _states;
    private readonly WriteQueue<OpenWrite> _openings;
    private readonly WriteLane<AppendWrite>[] _appendLanes;
    private readonly WriteLane<StateRowWrite>[] _stateLanes;
    private readonly OpenLane _openLane;

    public PostgresStreamWriter(PostgresStreamStoreOptions options)
    {
        var metrics = new DatabaseMetrics(options, () => Fault is null);
        _appends = new(options.MaxStreamsPerTransaction, options.MaxBytesPerTransaction);
        _states = new(options.MaxStreamsPerTransaction, options.MaxBytesPerTransaction);
        _openings = new(options.MaxStreamsPerTransaction, options.MaxBytesPerTransaction);
        _appendLanes = [.. Enumerable.Range(0, options.AppendConnections).Select(_ => new AppendLane(_appends, options, metrics))];
        _stateLanes = [.. Enumerable.Range(0, options.StateConnections).Select(_ => new StateLane(_states, options, metrics))];
        _openLane = new OpenLane(_openings, options, metrics);
        Array.ForEach(_appendLanes, lane => lane.Start());
        Array.ForEach(_stateLanes, lane => lane.Start());
        _openLane.Start();
    }

    /// <summary>Why something waits to be written; null while the database takes what it is given.</summary>
    public string? Fault =>
        _appendLanes.Select(lane => lane.Fault).Concat(_stateLanes.Select(lane => lane.Fault)).Append(_openLane.Fault).FirstOrDefault(fault => fault is not null);

    /// <returns>False: the fence refused it.</returns>
    public Task<bool> Write(AppendWrite write)
    {
        _appends.Add(write);
        return write.Outcome;
    }

    /// <returns>False: the fence refused it.</returns>
    public Task<bool> Write(StateRowWrite write)
    {
        _states.Add(write);
        return write.Outcome;
    }

    /// <summary>One opening after another, for whoever gave up waiting has not taken his back.</summary>
    public async Task<StoredHead> Open(StreamId stream)
    {
        var write = new OpenWrite(stream);
        while (_openings.TryAdd(write) is { } before)
            await ((Task)before.Outcome).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await write.Outcome;
    }

    /// <summary>Writes what has queued, if the database takes it at once, and ends; what it does not take fails as unavailable.</summary>
    public void Dispose()
    {
        _appends.Close();
        _states.Close();
        _openings.Close();
        Array.ForEach(_appendLanes, lane => lane.Dispose());
        Array.ForEach(_stateLanes, lane => lane.Dispose());
        _openLane.Dispose();
    }
}
