using Exchange.Core;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Streams records from a journal's folder, checking all it reads. Changes nothing.</summary>
/// <remarks>
/// Behind a running journal: <see cref="ReadThrough"/> a durable sequence, again and again; in another process than it, who is not
/// told what is durable: <see cref="ReadWritten"/>. For an audit of a folder at rest: <see cref="ReadToEnd"/>. Who is not the
/// running venue holds the folder first (<see cref="FolderHold"/>). Not to be used by two threads at once.
/// </remarks>
public sealed partial class JournalReader : IDisposable
{
    /// <summary>Read at once, unless a batch is longer: small enough that who works behind the reader does not run dry meanwhile.</summary>
    private const int PieceBytes = 256 << 10;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ulong _journalId;
    private readonly ulong _afterSequence;
    private readonly ulong _preparedThrough;
    private readonly ulong _durableThrough;
    private BlockBuffer _buffer = new(JournalFormat.BlockBytes);
    private bool _bypassesCache;
    private long _bufferOffset;
    private int _bufferLength;
    private IFile? _file;
    private SegmentHeader _segment;
    private ulong _segmentId;
    private long _offset;
    private long _lastBatchOffset;
    private JournalPosition _position;

    /// <param name="directory">The journal's folder.</param>
    /// <param name="afterSequence">Records up to here are not passed on.</param>
    /// <param name="files">Null: the machine's own.</param>
    public JournalReader(string directory, ulong afterSequence, IFileSystem? files = null)
        : this(directory, afterSequence, files ?? LocalFileSystem.Instance, ReadHead(directory, files))
    {
    }

    internal JournalReader(string directory, ulong afterSequence, IFileSystem files, in JournalHeadState head)
    {
        _files = files;
        _directory = directory;
        _journalId = head.JournalId;
        _afterSequence = afterSequence;
        _preparedThrough = head.PreparedThrough;
        _durableThrough = head.DurableThrough;
        Begin(head);
    }

    /// <summary>Of the last record passed over, wanted or not.</summary>
    public ulong LastSequence => _position.LastSequence;

    /// <summary>The first sequence a journal's folder holds; 0: none yet.</summary>
    public static ulong FirstSequence(string directory, IFileSystem? files = null)
    {
        files ??= LocalFileSystem.Instance;
        JournalHeadState head = ReadHead(directory, files);
        return SegmentFiles.IsInUse(files, directory, head.JournalId, head.FirstSegment, out SegmentHeader first) ? first.FirstSequence : 0;
    }

    /// <summary>
    /// From now on reads past the page cache where that is possible: what is read once only would crowd out other things, and a
    /// journal that writes past it would have to clear it again.
    /// </summary>
    public void BypassCache()
    {
        _bypassesCache = true;
        _file?.TryBypassCache();
    }

    /// <summary>Reads on to a sequence that is known to be durable; stops behind the batch that holds it.</summary>
    public void ReadThrough(ulong lastSequence, JournalRecordHandler handler)
    {
        // What was read ahead the last time may since have been written.
        if (_position.LastSequence < lastSequence)
            _bufferLength = 0;
        while (_position.LastSequence < lastSequence)
        {
            if (!TryReadOn(handler, out BatchVerdict verdict))
                throw Damage($"a durable batch is {verdict}");
        }
    }

    /// <summary>
    /// Reads all that is written, of a journal that another process may be writing, and makes sure that it is durable. What was
    /// passed on counts only once this has returned.
    /// </summary>
    /// <param name="handler">Gets each record.</param>
    /// <param name="through">Stops behind the batch that holds this sequence; what is behind it may be damaged.</param>
    /// <exception cref="JournalException">What follows, or was durable, proves that something is missing.</exception>
    public void ReadWritten(JournalRecordHandler handler, ulong through = ulong.MaxValue)
    {
        _bufferLength = 0;
        BatchVerdict verdict;
        while (true)
        {
            do
            {
                if (_position.LastSequence >= through)
                {
                    _file?.SyncData();
                    return;
                }
            }
            while (TryReadOn(handler, out verdict));

            // The last batch is perhaps being written. It is not if others follow: then it must be there by now.
            if (!AnythingFollows())
                break;
            if (!TryReadOn(handler, out verdict))
                throw Damage($"batches follow, and what is there is {verdict}");
        }

        if (verdict is BatchVerdict.Damaged or BatchVerdict.Misplaced)
            throw Damage($"the last batch is {verdict}");
        ulong last = _file is null ? _afterSequence : _position.LastSequence;
        if (last < _durableThrough)
            throw new JournalGapException(_directory, last + 1, $"the records end there, though they were durable through {_durableThrough}");
        // The process that wrote the last batch may still be waiting for its sync, and would not acknowledge it after a crash.
        _file?.SyncData();
    }

    /// <summary>Reads on up to the last record that is not later than a time; what is behind it is not looked at, and may be damaged.</summary>
    /// <param name="timeMs">In milliseconds since 1970. Records are in the order of their times.</param>
    /// <returns>
    /// Its sequence; the one before the first if that is later already; null if nothing shows that it is the last: the records end before that time.
    /// </returns>
    /// <exception cref="JournalException">As of <see cref="ReadWritten"/>.</exception>
    public ulong? LastUpTo(long timeMs)
    {
        ulong last = _afterSequence;
        long lastMs = long.MinValue;
        bool isPassed = false;
        JournalRecordHandler look = (in JournalRecord record) =>
        {
            isPassed |= record.TimeMs > timeMs;
            if (!isPassed)
                (last, lastMs) = (record.Sequence, record.TimeMs);
        };
        while (!isPassed && TryReadOn(look, out _))
        {
        }

        // Where it ended for another reason than the end of what was written, this says so.
        if (!isPassed)
            ReadWritten(look);
        return isPassed || lastMs == timeMs ? last : null;
    }

    /// <summary>Reads a batch or enters the next segment; false: nothing to be found, even when looked at anew.</summary>
    private bool TryReadOn(JournalRecordHandler handler, out BatchVerdict verdict)
    {
        if (TryReadBatch(handler, out verdict) || TryEnterNext())
            return true;
        _bufferLength = 0;
        return TryReadBatch(handler, out verdict) || TryEnterNext();
    }

    /// <summary>Reads all there is, and proves that nothing behind the end was ever durable.</summary>
    /// <returns>How many bytes behind the end an unfinished write has left.</returns>
    public long ReadToEnd(JournalRecordHandler handler) => FindTail(handler).DirtyBytes;

    public void Dispose() => _file?.Dispose();

    private static JournalHeadState ReadHead(string directory, IFileSystem? files)
    {
        using JournalHead head = JournalHead.Open(files ?? LocalFileSystem.Instance, directory);
        return head.State;
    }

    /// <summary>Starts at the last segment that begins no later than the first wanted record.</summary>
    private void Begin(in JournalHeadState head)
    {
        ulong start = 0;
        for (ulong id = head.FirstSegment; id <= head.PreparedThrough; id++)
        {
            string path = SegmentFiles.PathOf(_directory, id);
            using IFile file = _files.OpenRead(path);
            if (SegmentFiles.ReadHeader(file, path, _journalId, id, out SegmentHeader header) != SegmentHeaderVerdict.Valid)
                break;
            if (header.FirstSequence > _afterSequence + 1)
                break;
            start = id;
        }

        if (start > 0)
        {
            Enter(start);
            _position = new() { LastSequence = _segment.FirstSequence - 1, Chain = _segment.Chain, Epoch = _segment.Epoch };
            return;
        }

        string first = SegmentFiles.PathOf(_directory, head.FirstSegment);
        using IFile oldest = _files.OpenRead(first);
        if (SegmentFiles.ReadHeader(oldest, first, _journalId, head.FirstSegment, out SegmentHeader begin) == SegmentHeaderVerdict.Valid)
            throw new JournalGapException(first, _afterSequence + 1, $"the journal begins at {begin.FirstSequence}");
    }

    private void Enter(ulong segmentId)
    {
        string path = SegmentFiles.PathOf(_directory, segmentId);
        IFile file = _files.OpenRead(path);
        _file?.Dispose();
        _file = file;
        SegmentHeaderVerdict verdict = SegmentFiles.ReadHeader(file, path, _journalId, segmentId, out _segment);
        Invariant.Holds(verdict == SegmentHeaderVerdict.Valid);
        if (_segment.MaxBatchBytes < JournalFormat.LeastBatchBytes || _segment.MaxBatchBytes > _segment.SegmentBytes)
            throw new JournalDamagedException(path, 0, _segment.FirstSequence, "its header makes no sense");
        int bufferBytes = (int)Math.Min(_segment.SegmentBytes, Math.Max(PieceBytes, _segment.MaxBatchBytes));
        if (_buffer.Bytes < bufferBytes)
            _buffer = new BlockBuffer(bufferBytes);
        if (_bypassesCache)
            file.TryBypassCache();
        _segmentId = segmentId;
        _offset = JournalFormat.BlockBytes;
        _lastBatchOffset = 0;
        _bufferLength = 0;
    }

    /// <summary>Passes the next batch on, if there is one here.</summary>
    private bool TryReadBatch(JournalRecordHandler handler, out BatchVerdict verdict)
    {
        verdict = BatchVerdict.Absent;
        if (_file is null || _offset == _segment.SegmentBytes)
            return false;

        Span<byte> window = Window(JournalFormat.BlockBytes);
        if (BatchHeader.TryRead(window, _journalId, _segmentId, out BatchHeader header))
        {
            if (header.WholeBytes > Math.Min(_segment.SegmentBytes - _offset, _segment.MaxBatchBytes))
                throw Damage("a batch is longer than it may be");
            window = Window(header.WholeBytes);
        }

        verdict = BatchCheck.Judge(window, _segment, _offset, _position, out header);
        if (verdict != BatchVerdict.Valid)
            return false;
        if (!BatchCheck.Read(window, header, _afterSequence, handler))
            throw Damage("its records are not what their header says");

        _position = BatchCheck.After(header);
        _lastBatchOffset = _offset;
        _offset += header.WholeBytes;
        return true;
    }

    /// <summary>Goes on to the next segment, if it was taken into use where this one ends.</summary>
    private bool TryEnterNext()
    {
        if (_file is null || !SegmentFiles.IsInUse(_files, _directory, _journalId, _segmentId + 1, out SegmentHeader next))
            return false;
        if (next.FirstSequence != _position.LastSequence + 1 || next.Chain != _position.Chain)
            return false;
        JournalPosition position = _position;
        Enter(_segmentId + 1);
        _position = position;
        return true;
    }

    /// <summary>The bytes from the present offset on, at least so many.</summary>
    private Span<byte> Window(int bytes)
    {
        long from = _offset - _bufferOffset;
        if (_bufferLength == 0 || from < 0 || from + bytes > _bufferLength)
        {
            Load(_offset, Math.Max(bytes, PieceBytes));
            from = 0;
        }

        Invariant.Holds(from + bytes <= _bufferLength);
        return _buffer.Span.Slice((int)from, _bufferLength - (int)from);
    }

    /// <summary>Fills the buffer with whole blocks from an offset on, as far as the segment goes.</summary>
    private void Load(long offset, int bytes)
    {
        _bufferLength = (int)Math.Min(Math.Min(JournalFormat.AlignToBlock(bytes), _buffer.Bytes), _segment.SegmentBytes - offset);
        _bufferOffset = offset;
        _file!.Read(offset, _buffer.Span[.._bufferLength]);
    }

    private JournalDamagedException Damage(string detail) =>
        new(SegmentFiles.PathOf(_directory, _segmentId), _offset, _position.LastSequence + 1, detail);
}
