using System.Collections.Concurrent;
using Exchange.Core.Nodes;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Bench;

/// <summary>A silo's store that notes when records of books became durable, as the silo learned it.</summary>
internal sealed class StoreClock(IStreamStore store, TimeProvider time) : IStreamStore
{
    private readonly ConcurrentDictionary<uint, List<(ulong Through, long At)>> _appends = new();

    /// <summary>When a record was durable, by the clock's timestamps; null: another silo appended it.</summary>
    public long? When(uint symbol, ulong record)
    {
        if (!_appends.TryGetValue(symbol, out List<(ulong Through, long At)>? appends) || appends.Count == 0)
            return null;
        int at = appends.BinarySearch((record, 0), Comparer<(ulong Through, long At)>.Create((a, b) => a.Through.CompareTo(b.Through)));
        at = at < 0 ? ~at : at;
        return at < appends.Count ? appends[at].At : null;
    }

    public async ValueTask<ulong> Append(StreamId stream, ulong epoch, ulong after, RecordBatch records)
    {
        ulong last = await store.Append(stream, epoch, after, records);
        if (stream.Kind == (byte)NodeKind.Book)
            _appends.GetOrAdd(stream.Key, static _ => []).Add((last, time.GetTimestamp())); // One append of a stream at a time.
        return last;
    }

    public ValueTask<OpenedStream> Open(StreamId stream, CancellationToken cancellation) => store.Open(stream, cancellation);

    public IAsyncEnumerable<StreamRecord> Read(StreamId stream, ulong after, CancellationToken cancellation) => store.Read(stream, after, cancellation);

    public ValueTask WriteState(StreamId stream, ulong epoch, StateWrite write) => store.WriteState(stream, epoch, write);

    public ValueTask<StreamState?> ReadState(StreamId stream, CancellationToken cancellation) => store.ReadState(stream, cancellation);

    public ValueTask Trim(StreamId stream, ulong epoch, ulong through) => store.Trim(stream, epoch, through);

    public IAsyncEnumerable<StreamRecord> ReadLog(StreamId stream, ulong after, CancellationToken cancellation) =>
        store.ReadLog(stream, after, cancellation);

    public ValueTask<IReadOnlyList<StreamRecord>> ReadLogBackwards(StreamId stream, ulong before, int count, CancellationToken cancellation) =>
        store.ReadLogBackwards(stream, before, count, cancellation);

    /// <remarks>Who opened it closes it.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
