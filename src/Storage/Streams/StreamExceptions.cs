namespace Exchange.Storage.Streams;

/// <summary>A stream cannot be read or written.</summary>
public abstract class StreamStoreException : IOException
{
    private protected StreamStoreException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>Another activation owns the stream, or has moved it on: step down, and send nothing that waited for this write.</summary>
public sealed class StaleEpochException(StreamId stream, ulong epoch, string detail)
    : StreamStoreException($"Stream {stream} refuses epoch {epoch}: {detail}.")
{
    public StreamId Stream { get; } = stream;

    public ulong Epoch { get; } = epoch;
}

/// <summary>The write was sent and its answer lost. It may be applied, or be applied yet: open the stream anew, which decides it.</summary>
public sealed class OutcomeUnknownException(StreamId stream, string detail, Exception? cause = null)
    : StreamStoreException($"Whether stream {stream} took the write is unknown: {detail}", cause)
{
    public StreamId Stream { get; } = stream;
}

/// <summary>The store cannot be reached, or takes no writes; nothing was written.</summary>
public sealed class StoreUnavailableException(string detail, Exception? cause = null)
    : StreamStoreException($"The stream store is unavailable: {detail}", cause);

/// <summary>The store refuses this one write for what it is, and would again. Nothing was written.</summary>
public sealed class WriteRefusedException(StreamId stream, string detail, Exception? cause = null)
    : StreamStoreException($"Stream {stream} cannot take the write: {detail}", cause)
{
    public StreamId Stream { get; } = stream;
}

/// <summary>Something that was durable is missing, or is not what was written. Repair from a copy only.</summary>
public sealed class StreamDamagedException(StreamId stream, ulong number, string detail)
    : StreamStoreException($"Stream {stream} is damaged where number {number} should be: {detail}.")
{
    public StreamId Stream { get; } = stream;

    /// <summary>Of the first record, row or state that cannot be read.</summary>
    public ulong Number { get; } = number;
}
