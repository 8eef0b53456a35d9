using Exchange.Storage.Streams;

namespace Exchange.Storage.Postgres;

/// <summary>One stream's part of a transaction, from its call to its outcome.</summary>
internal abstract class StreamWrite(StreamId stream)
{
    public StreamId Stream { get; } = stream;

    /// <summary>What it adds to a transaction.</summary>
    public virtual int Bytes => 0;

    /// <summary>Ends the call with this failure.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>A write with a fence: accepted (true) or stale (false).</summary>
internal abstract class FencedWrite(StreamId stream, ulong epoch) : StreamWrite(stream)
{
    // The caller goes on elsewhere: the connection's thread has the next transaction to send.
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong Epoch { get; } = epoch;

    public Task<bool> Outcome => _outcome.Task;

    public void Complete(bool isAccepted) => _outcome.SetResult(isAccepted);

    public override void Fail(Exception failure) => _outcome.SetException(failure);
}

internal sealed class AppendWrite(StreamId stream, ulong epoch, ulong after, RecordBatch records) : FencedWrite(stream, epoch)
{
    public ulong After { get; } = after;

    public ulong Last { get; } = after + (ulong)records.Count;

    public ReadOnlyMemory<byte> Records { get; } = records.Framed;

    public override int Bytes => Records.Length;
}

/// <summary>A state, in its row or in parts that are already there.</summary>
internal sealed class StateRowWrite(StreamId stream, ulong epoch, StateWrite write, int parts) : FencedWrite(stream, epoch)
{
    public StateWrite Write { get; } = write;

    public int Parts { get; } = parts;

    public ReadOnlyMemory<byte> Row => Parts > 0 ? default : Write.State.Bytes;

    public ReadOnlyMemory<byte> Log => Write.HasLog ? Write.Log!.Framed : default;

    public override int Bytes => Row.Length + Log.Length;
}

internal sealed class OpenWrite(StreamId stream) : StreamWrite(stream)
{
    private readonly TaskCompletionSource<StoredHead> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<StoredHead> Outcome => _outcome.Task;

    public void Complete(StoredHead head) => _outcome.SetResult(head);

    public override void Fail(Exception failure) => _outcome.SetException(failure);
}
