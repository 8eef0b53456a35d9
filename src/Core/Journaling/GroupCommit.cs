using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>The queue between one appender and one writer: what has queued during a sync is the next batch.</summary>
/// <remarks>
/// A ring of encoded records. The appender owns the tail, the writer all else; each publishes its own side with one
/// volatile store, so neither ever waits for the other. One batch is in flight at most: that a batch exists on disk
/// proves all before it durable. After a failure nothing is taken or made durable any more.
/// </remarks>
public sealed class GroupCommit
{
    private readonly byte[] _ring;
    private readonly int _maxPayloadBytes;
    private AppenderSide _appender;
    private WriterSide _writer;

    /// <param name="queueBytes">Size of the ring, a power of two, at least twice <paramref name="maxBatchBytes"/>.</param>
    /// <param name="maxBatchBytes">The most one write may span.</param>
    /// <param name="lastSequence">Of the last record already durable.</param>
    /// <param name="lastTimeMs">Its time.</param>
    public GroupCommit(int queueBytes, int maxBatchBytes, ulong lastSequence, long lastTimeMs)
    {
        Invariant.Holds((queueBytes & (queueBytes - 1)) == 0);
        Invariant.Holds(queueBytes >= 2 * maxBatchBytes);
        _ring = GC.AllocateArray<byte>(queueBytes, pinned: true);
        _maxPayloadBytes = BatchBuilder.MaxPayloadBytes(maxBatchBytes);
        _appender.LastSequence = lastSequence;
        _appender.LastTimeMs = lastTimeMs;
        _writer.LastTaken = lastSequence;
        _writer.Durable = lastSequence;
    }

    public ulong AppendedSequence => Volatile.Read(ref _appender.LastSequence);

    public ulong DurableSequence => Volatile.Read(ref _writer.Durable);

    /// <summary>The last record taken to be written, durable or not.</summary>
    public ulong TakenSequence => Volatile.Read(ref _writer.LastTaken);

    public bool HasFailed => Volatile.Read(ref _writer.Failed);

    public int MaxPayloadBytes => _maxPayloadBytes;

    /// <summary>Whether the writer has something to take. Writer's side.</summary>
    public bool HasQueued => Volatile.Read(ref _appender.Tail) != _writer.Head;

    /// <summary>Appender's side: see <see cref="IJournal.TryAppend"/>.</summary>
    public bool TryAppend(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload)
    {
        Invariant.Holds(sequence == _appender.LastSequence + 1);
        Invariant.Holds(timeMs >= _appender.LastTimeMs);
        Invariant.Holds(payload.Length <= _maxPayloadBytes);

        int bytes = RecordHeader.WholeBytes(payload.Length);
        long tail = _appender.Tail;
        int at = (int)(tail & (_ring.Length - 1));
        int untilEnd = _ring.Length - at;
        int skipped = bytes <= untilEnd ? 0 : untilEnd;
        if (!HasRoom(tail + skipped + bytes))
            return false;

        if (skipped > 0)
        {
            MemoryMarshal.Write(_ring.AsSpan(at), RecordHeader.Skip);
            at = 0;
        }

        Encode(_ring.AsSpan(at, bytes), sequence, timeMs, kind, payload);
        _appender.LastTimeMs = timeMs;
        Volatile.Write(ref _appender.LastSequence, sequence);
        Volatile.Write(ref _appender.Tail, tail + skipped + bytes);
        return true;
    }

    /// <summary>Writer's side: takes all that has queued, up to what a batch holds, into an empty batch.</summary>
    /// <returns>False if nothing has queued.</returns>
    public bool TryBegin(BatchBuilder batch)
    {
        Invariant.Holds(!_writer.InFlight);
        Invariant.Holds(!_writer.Failed);
        Invariant.Holds(batch.RecordCount == 0);

        long tail = Volatile.Read(ref _appender.Tail);
        long head = _writer.Head;
        while (head != tail && TakeRun(batch, tail, ref head))
        {
        }

        if (batch.RecordCount == 0)
            return false;
        Volatile.Write(ref _writer.LastTaken, _writer.LastTaken + (ulong)batch.RecordCount);
        _writer.InFlight = true;
        // Copied: the appender may have the room while the batch is on its way to the disk.
        Volatile.Write(ref _writer.Head, head);
        return true;
    }

    /// <summary>Writer's side: the batch in flight is durable.</summary>
    public void Complete()
    {
        Invariant.Holds(_writer.InFlight);
        Invariant.Holds(!_writer.Failed);
        _writer.InFlight = false;
        Volatile.Write(ref _writer.Durable, _writer.LastTaken);
    }

    /// <summary>Writer's side: final. What is in flight may or may not be found by recovery.</summary>
    public void Fail() => Volatile.Write(ref _writer.Failed, true);

    private bool HasRoom(long newTail)
    {
        if (newTail - _appender.KnownHead <= _ring.Length)
            return !HasFailed;
        _appender.KnownHead = Volatile.Read(ref _writer.Head);
        return newTail - _appender.KnownHead <= _ring.Length && !HasFailed;
    }

    private static void Encode(Span<byte> target, ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload)
    {
        ref RecordHeader header = ref Unsafe.As<byte, RecordHeader>(ref MemoryMarshal.GetReference(target));
        header.PayloadBytes = payload.Length;
        header.Kind = kind;
        header.Reserved = 0;
        header.Sequence = sequence;
        header.TimeMs = timeMs;
        payload.CopyTo(target[RecordHeader.Bytes..]);
        target[(RecordHeader.Bytes + payload.Length)..].Clear();
    }

    /// <summary>Takes what lies in one piece; false when the batch is full.</summary>
    private bool TakeRun(BatchBuilder batch, long tail, ref long head)
    {
        int start = (int)(head & (_ring.Length - 1));
        int end = start;
        int limit = (int)Math.Min(_ring.Length, start + (tail - head));
        int room = batch.MaxBodyBytes - batch.BodyBytes;
        int records = 0;
        bool fits = true;
        bool skips = false;
        while (end < limit)
        {
            int payloadBytes = Unsafe.As<byte, int>(ref _ring[end]);
            if (payloadBytes == RecordHeader.Skip)
            {
                skips = true;
                break;
            }

            int bytes = RecordHeader.WholeBytes(payloadBytes);
            if (end - start + bytes > room)
            {
                fits = false;
                break;
            }

            end += bytes;
            records++;
        }

        batch.Add(_ring.AsSpan(start, end - start), records);
        head += skips ? _ring.Length - start : end - start;
        return fits;
    }

    // Each side on cache lines of its own: a store of one must not slow the other's reads.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct AppenderSide
    {
        private readonly PaddingBefore _before;
        public long Tail;
        public ulong LastSequence;
        public long LastTimeMs;
        public long KnownHead;
    }

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct WriterSide
    {
        private readonly PaddingBefore _before;
        public long Head;
        public ulong LastTaken;
        public ulong Durable;
        public bool InFlight;
        public bool Failed;
    }

    [InlineArray(16)]
    private struct PaddingBefore
    {
        private long _first;
    }
}
