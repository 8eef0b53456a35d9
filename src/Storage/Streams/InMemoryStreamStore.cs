using System.Runtime.CompilerServices;

namespace Exchange.Storage.Streams;

/// <summary>A store that lasts as long as the process, with faults to order: for tests and trials.</summary>
/// <remarks>Hosts that share one instance share the streams, as silos share a database. Any thread.</remarks>
public sealed class InMemoryStreamStore : IStreamStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, InMemoryStream> _streams = [];
    private readonly List<TaskCompletionSource> _stalled = [];

    /// <summary>Decides what befalls each call; null: nothing does. Called on the caller's thread.</summary>
    public Func<StoreCall, StoreFault>? Faults { get; set; }

    /// <summary>The clock where the store is; null: it has none.</summary>
    public TimeProvider? Clock { get; set; }

    /// <summary>How many calls wait for <see cref="Release"/>.</summary>
    public int Stalled
    {
        get
        {
            lock (_lock)
                return _stalled.Count;
        }
    }

    /// <summary>Lets every stalled call go on.</summary>
    public void Release()
    {
        TaskCompletionSource[] released;
        lock (_lock)
        {
            released = [.. _stalled];
            _stalled.Clear();
        }

        foreach (TaskCompletionSource call in released)
            call.SetResult();
    }

    public ValueTask<DateTimeOffset?> ReadClock(CancellationToken cancellation) => new(Clock?.GetUtcNow());

    public ValueTask<OpenedStream> Open(StreamId stream, CancellationToken cancellation) =>
        Do(new StoreCall(StoreCallKind.Open, stream), it => it.Open(), cancellation);

    public ValueTask<ulong> Append(StreamId stream, ulong epoch, ulong after, RecordBatch records) =>
        Do(new StoreCall(StoreCallKind.Append, stream), it => it.Append(epoch, after, records), CancellationToken.None);

    public async ValueTask WriteState(StreamId stream, ulong epoch, StateWrite write) =>
        await Do(new StoreCall(StoreCallKind.WriteState, stream), it => it.WriteState(epoch, write), CancellationToken.None);

    public ValueTask<StreamState?> ReadState(StreamId stream, CancellationToken cancellation) =>
        Do(new StoreCall(StoreCallKind.ReadState, stream), it => it.State, cancellation);

    public async ValueTask Trim(StreamId stream, ulong epoch, ulong through) =>
        await Do(new StoreCall(StoreCallKind.Trim, stream), it => it.Trim(epoch, through), CancellationToken.None);

    public IAsyncEnumerable<StreamRecord> Read(StreamId stream, ulong after, CancellationToken cancellation) =>
        Each(Do(new StoreCall(StoreCallKind.Read, stream), it => it.Read(after), cancellation), cancellation);

    public IAsyncEnumerable<StreamRecord> ReadLog(StreamId stream, ulong after, CancellationToken cancellation) =>
        Each(Do(new StoreCall(StoreCallKind.ReadLog, stream), it => it.ReadLog(after), cancellation), cancellation);

    public ValueTask<IReadOnlyList<StreamRecord>> ReadLogBackwards(StreamId stream, ulong before, int count, CancellationToken cancellation) =>
        Do(new StoreCall(StoreCallKind.ReadLog, stream), it => it.ReadLogBackwards(before, count), cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<T> Do<T>(StoreCall call, Func<InMemoryStream, T> work, CancellationToken cancellation)
    {
        StoreFault fault = Faults?.Invoke(call) ?? StoreFault.None;
        if (fault == StoreFault.Refuse)
            throw new StoreUnavailableException("it was told to refuse");
        if (fault == StoreFault.LoseRequest)
            throw new OutcomeUnknownException(call.Stream, "the request was lost");
        if (fault == StoreFault.Stall)
            await Stall().WaitAsync(cancellation);
        T result;
        lock (_lock)
        {
            if (!_streams.TryGetValue(call.Stream, out InMemoryStream? stream))
                _streams.Add(call.Stream, stream = new InMemoryStream(call.Stream));
            result = work(stream);
        }

        return fault == StoreFault.LoseAnswer ? throw new OutcomeUnknownException(call.Stream, "the answer was lost") : result;
    }

    private Task Stall()
    {
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _stalled.Add(stalled);
        return stalled.Task;
    }

    private static async IAsyncEnumerable<StreamRecord> Each(
        ValueTask<IReadOnlyList<StreamRecord>> reading, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (StreamRecord record in await reading)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }
    }
}
