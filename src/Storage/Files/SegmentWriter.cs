using Exchange.Core;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Writes batches behind one another: one write and one sync each. Any failure is final.</summary>
/// <remarks>
/// Past the page cache where that is possible: what the disk takes at once need not be copied and found again by the sync, which
/// costs half as much processor time, and an error cannot be lost in the cache.
/// </remarks>
internal sealed class SegmentWriter(
    IFileSystem files, FileJournalOptions options, SegmentPreparer preparer, ulong journalId, ulong epoch) : IDisposable
{
    private readonly BlockBuffer _headerBlock = new(JournalFormat.BlockBytes);
    private IFile? _file;
    private SegmentHeader _segment;
    private long _offset;
    private JournalPosition _position;

    public JournalPosition Position => _position;

    public ulong SegmentId => _segment.SegmentId;

    /// <summary>Whether a batch fits without another segment.</summary>
    public bool HasRoomFor(BatchBuilder batch) => _file is not null && _offset + batch.WholeBytes <= _segment.SegmentBytes;

    /// <summary>Goes on where recovery found the end.</summary>
    public void Continue(in JournalTail tail, ulong lastSequence)
    {
        _position = tail.Position;
        _position.LastSequence = lastSequence;
        if (tail.SegmentId == 0)
            return;

        string path = SegmentFiles.PathOf(options.Directory, tail.SegmentId);
        _file = files.Open(path);
        SegmentHeaderVerdict verdict = SegmentFiles.ReadHeader(_file, path, journalId, tail.SegmentId, out _segment);
        Invariant.Holds(verdict == SegmentHeaderVerdict.Valid);
        _offset = tail.Offset;
        Cut(tail);
        _file.TryBypassCache();
    }

    /// <summary>Durable when it returns.</summary>
    public void Write(BatchBuilder batch, BatchKind kind)
    {
        // A torn write must not be longer than its segment's header says.
        while (!HasRoomFor(batch) || (kind == BatchKind.Records && _segment.MaxBatchBytes < options.MaxBatchBytes))
            Roll();

        BatchHeader header = new()
        {
            Kind = kind,
            SegmentId = _segment.SegmentId,
            Epoch = epoch,
            Offset = _offset,
            FirstSequence = _position.LastSequence + 1,
            PreviousChain = _position.Chain,
        };
        ReadOnlySpan<byte> bytes = batch.Seal(ref header, journalId);
        _file!.Write(_offset, bytes);
        _file.SyncData();
        _offset += bytes.Length;
        _position = BatchCheck.After(header);
    }

    /// <summary>Makes what recovery accepted durable where no opening batch can do it.</summary>
    public void Sync() => _file?.SyncData();

    public void Dispose() => _file?.Dispose();

    private void Cut(in JournalTail tail)
    {
        // After a failed sync the last batch may be in memory only, and be taken for clean: it is written again, the
        // same bytes, so that the sync that follows vouches for it. The header likewise.
        Rewrite(0, JournalFormat.BlockBytes);
        if (tail.LastBatchOffset > 0)
            Rewrite(tail.LastBatchOffset, tail.Offset - tail.LastBatchOffset);
        if (tail.DirtyBytes > 0)
            _file!.Write(tail.Offset, new byte[tail.DirtyBytes]);
        _file!.SyncData();
    }

    private void Rewrite(long offset, long bytes)
    {
        byte[] same = new byte[bytes];
        _file!.Read(offset, same);
        _file.Write(offset, same);
    }

    private void Roll()
    {
        ulong segmentId = preparer.Take();
        _file?.Dispose();
        _file = files.Open(SegmentFiles.PathOf(options.Directory, segmentId));
        _segment = new SegmentHeader
        {
            Version = JournalFormat.Version,
            JournalId = journalId,
            SegmentId = segmentId,
            Epoch = epoch,
            FirstSequence = _position.LastSequence + 1,
            Chain = _position.Chain,
            SegmentBytes = _file.Length,
            MaxBatchBytes = (int)Math.Min(options.MaxBatchBytes, _file.Length - JournalFormat.BlockBytes),
        };
        _file.TryBypassCache();
        _segment.Write(_headerBlock.Span);
        _file.Write(0, _headerBlock.Span);
        _file.SyncData();
        _offset = JournalFormat.BlockBytes;
    }
}
