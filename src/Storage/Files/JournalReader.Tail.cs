using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Where a journal ends, and what an unfinished write has left behind that place.</summary>
internal readonly record struct JournalTail
{
    /// <summary>0 if no segment was ever taken into use.</summary>
    public ulong SegmentId { get; init; }

    public long Offset { get; init; }

    public JournalPosition Position { get; init; }

    /// <summary>To be zeroed from <see cref="Offset"/> on.</summary>
    public long DirtyBytes { get; init; }

    /// <summary>Of the last batch in this segment; 0 if it has none.</summary>
    public long LastBatchOffset { get; init; }
}

/// <content>Telling a torn tail from damage.</content>
public sealed partial class JournalReader
{
    internal JournalTail FindTail(JournalRecordHandler handler)
    {
        if (_file is null)
            return default;

        // What is read once and never again: into the cache and out of it would cost more than all the checking.
        BypassCache();
        BatchVerdict verdict;
        long dirty;
        do
        {
            while (TryReadBatch(handler, out verdict))
            {
            }

            dirty = CheckNothingFollows(verdict);
        }
        while (dirty == 0 && TryEnterNext());

        // A segment is taken into use only when all batches before it are durable.
        for (ulong id = _segmentId + 1; id <= _preparedThrough; id++)
        {
            string path = SegmentFiles.PathOf(_directory, id);
            using IFile file = _files.OpenRead(path);
            if (SegmentFiles.ReadHeader(file, path, _journalId, id, out SegmentHeader later) == SegmentHeaderVerdict.Valid)
                throw Damage($"segment {id} goes on at sequence {later.FirstSequence}");
        }

        return new JournalTail
        {
            SegmentId = _segmentId,
            Offset = _offset,
            Position = _position,
            DirtyBytes = dirty,
            LastBatchOffset = _lastBatchOffset,
        };
    }

    /// <summary>One batch was in flight at most, so one torn batch is all that may stand behind the last good one.</summary>
    /// <returns>The bytes it has left.</returns>
    private long CheckNothingFollows(BatchVerdict verdict)
    {
        if (_offset == _segment.SegmentBytes)
            return 0;
        if (verdict == BatchVerdict.Damaged)
            throw Damage("what was written whole is not what was written");
        if (verdict == BatchVerdict.Misplaced)
            throw Damage("an intact batch does not continue the one before it");

        long reach = _offset + Math.Min(_segment.MaxBatchBytes, _segment.SegmentBytes - _offset);
        if (verdict == BatchVerdict.Torn
            && BatchHeader.TryRead(Window(JournalFormat.BlockBytes), _journalId, _segmentId, out BatchHeader torn))
        {
            reach = _offset + torn.WholeBytes;
        }

        long dirtyEnd = _offset;
        long end = _offset;
        for (long at = _offset; at < _segment.SegmentBytes; at += _bufferLength)
        {
            Load(at, _buffer.Bytes);
            ReadOnlySpan<byte> bytes = _buffer.Span[.._bufferLength];
            int last = bytes.LastIndexOfAnyExcept((byte)0);
            if (last < 0)
                continue;
            dirtyEnd = at + last + 1;
            CheckNoBatch(bytes, at, end);
        }

        _bufferLength = 0;
        if (dirtyEnd > reach)
            throw Damage($"bytes as far as offset {dirtyEnd} cannot be of the one write that may be unfinished");
        return dirtyEnd - _offset;
    }

    /// <summary>Whether there is an intact batch in this segment or a segment in use behind the end that was reached.</summary>
    private bool AnythingFollows()
    {
        if (_file is null)
            return false;
        for (long at = _offset; at < _segment.SegmentBytes; at += _bufferLength)
        {
            Load(at, _buffer.Bytes);
            ReadOnlySpan<byte> bytes = _buffer.Span[.._bufferLength];
            for (int block = 0; block < bytes.Length; block += JournalFormat.BlockBytes)
            {
                bool follows = at + block > _offset && BatchHeader.TryRead(bytes[block..], _journalId, _segmentId, out _);
                if (follows)
                {
                    _bufferLength = 0;
                    return true;
                }
            }
        }

        _bufferLength = 0;
        return SegmentFiles.IsInUse(_files, _directory, _journalId, _segmentId + 1, out _);
    }

    private void CheckNoBatch(ReadOnlySpan<byte> bytes, long bytesOffset, long end)
    {
        for (int at = 0; at < bytes.Length; at += JournalFormat.BlockBytes)
        {
            if (bytesOffset + at == end || !BatchHeader.TryRead(bytes[at..], _journalId, _segmentId, out BatchHeader later))
                continue;
            throw Damage($"batches follow at offset {bytesOffset + at}, from sequence {later.FirstSequence} on");
        }
    }
}
