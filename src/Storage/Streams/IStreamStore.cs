namespace Exchange.Storage.Streams;

/// <summary>The durable store of a cluster's machines: for each a stream of a journal, a state and a log.</summary>
/// <remarks>
/// An activation opens its stream, restores the state, reads the journal behind it, and then appends. What it writes carries its
/// epoch and what it takes to be last: so of two activations of one machine the one that opened later can write, and no other.
/// Per stream at most one append and one write of state are in flight; a second call meanwhile is a fault of the caller.
/// Writes cannot be given up: a caller that no longer waits knows as little as one that got <see cref="OutcomeUnknownException"/>.
/// While the store takes no writes, calls wait.
/// </remarks>
public interface IStreamStore : IAsyncDisposable
{
    /// <summary>Why writes wait at present; null while they are taken.</summary>
    string? Fault => null;

    /// <summary>What time it is where the store is, which all silos share; null: it has no clock of its own.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    ValueTask<DateTimeOffset?> ReadClock(CancellationToken cancellation) => new((DateTimeOffset?)null);

    /// <summary>Takes the next epoch, and reads where the stream stands under it.</summary>
    ValueTask<OpenedStream> Open(StreamId stream, CancellationToken cancellation);

    /// <summary>Makes records durable: all of them or none.</summary>
    /// <param name="epoch">Of the activation.</param>
    /// <param name="after">The last record there is; the first of these gets the next number.</param>
    /// <returns>The number of the last one.</returns>
    /// <exception cref="StaleEpochException">Another activation has opened the stream, or its journal does not end there: step down.</exception>
    /// <exception cref="OutcomeUnknownException">They may be there or not: open anew and read, never append them again unread.</exception>
    ValueTask<ulong> Append(StreamId stream, ulong epoch, ulong after, RecordBatch records);

    /// <summary>The journal's records behind a number, in order.</summary>
    /// <exception cref="StreamDamagedException">One is missing or is not what was written.</exception>
    IAsyncEnumerable<StreamRecord> Read(StreamId stream, ulong after, CancellationToken cancellation);

    /// <summary>Replaces the state and adds to the log, both or neither.</summary>
    /// <exception cref="StaleEpochException">Another activation has opened the stream, or state or log are further on: step down.</exception>
    /// <exception cref="OutcomeUnknownException">It may be there or not: open anew.</exception>
    ValueTask WriteState(StreamId stream, ulong epoch, StateWrite write);

    /// <summary>The newest state, for readers beside the activation; null if there is none.</summary>
    /// <exception cref="StreamDamagedException">It is not what was written.</exception>
    ValueTask<StreamState?> ReadState(StreamId stream, CancellationToken cancellation);

    /// <summary>Allows the journal to be forgotten through a number; when that frees its space is the store's business.</summary>
    /// <param name="through">At most the state's number: nothing is forgotten that the state has not taken.</param>
    /// <exception cref="StaleEpochException">Another activation has opened the stream, or no state covers that much.</exception>
    ValueTask Trim(StreamId stream, ulong epoch, ulong through);

    /// <summary>Rows of the log behind a number, in order.</summary>
    /// <exception cref="StreamDamagedException">One is missing or is not what was written.</exception>
    IAsyncEnumerable<StreamRecord> ReadLog(StreamId stream, ulong after, CancellationToken cancellation);

    /// <summary>The newest rows of the log before a number, the newest first.</summary>
    /// <param name="before"><see cref="ulong.MaxValue"/>: from the end.</param>
    /// <param name="count">At most so many; fewer where the log begins.</param>
    /// <exception cref="StreamDamagedException">One is missing or is not what was written.</exception>
    ValueTask<IReadOnlyList<StreamRecord>> ReadLogBackwards(StreamId stream, ulong before, int count, CancellationToken cancellation);
}
