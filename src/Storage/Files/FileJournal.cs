using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>The durable journal of one process: files in a folder, one write and one sync for all that has queued.</summary>
/// <remarks>
/// How to use: restore the newest snapshot; <see cref="Open"/> with its sequence, applying each record that is passed;
/// then, on one thread, apply and <see cref="TryAppend"/> each input with the next sequence; send nothing that
/// <see cref="DurableSequence"/> does not cover. Learn of it from the listener, or park in <see cref="WaitDurable"/>.
/// Threads: one appender, one waiter, the journal's own writer and preparer. A failed write or sync is final.
/// </remarks>
public sealed partial class FileJournal : IJournal, IDisposable
{
    private readonly IFileSystem _files;
    private readonly FileJournalOptions _options;
    private readonly IJournalListener? _listener;
    private readonly JournalFolder _folder;
    private readonly SegmentPreparer _preparer;
    private readonly SegmentWriter _writer;
    private readonly BatchBuilder _batch;
    private readonly GroupCommit _commit;
    private readonly Doorbell _work = new();
    private readonly Doorbell _durable = new();
    private readonly SemaphoreSlim _prepare = new(0);
    private readonly Thread? _writerThread;
    private readonly Thread? _preparerThread;
    private Exception? _failure;
    private bool _failureTold;
    private volatile bool _stopping;
    private bool _disposed;

    private FileJournal(IFileSystem files, FileJournalOptions options, IJournalListener? listener, JournalFolder folder,
        in JournalTail tail, in JournalRecovery recovery)
    {
        _files = files;
        _options = options;
        _listener = listener;
        _folder = folder;
        Recovery = recovery;
        JournalHeadState head = folder.Head.State;
        _preparer = new SegmentPreparer(files, options, folder.Head);
        _writer = new SegmentWriter(files, options, _preparer, head.JournalId, head.Epoch);
        _batch = new BatchBuilder(options.MaxBatchBytes);
        _commit = new GroupCommit(options.QueueBytes, options.MaxBatchBytes, recovery.LastSequence, recovery.LastTimeMs);
        Start(tail);
        if (!options.OwnThreads)
            return;
        _writerThread = new Thread(Write) { Name = "Journal writer", IsBackground = true };
        _preparerThread = new Thread(Prepare) { Name = "Journal preparer", IsBackground = true };
        _writerThread.Start();
        _preparerThread.Start();
    }

    /// <summary>What was found at the start.</summary>
    public JournalRecovery Recovery { get; }

    /// <summary>The number it was given when it was made: another folder's is another one.</summary>
    public ulong Id => _folder.Head.State.JournalId;

    /// <summary>What its files take, those made beforehand included, bytes.</summary>
    public long Bytes
    {
        get
        {
            JournalHeadState head = _folder.Head.State;
            return (long)(head.PreparedThrough - head.FirstSegment + 1) * _options.SegmentBytes;
        }
    }

    public ulong AppendedSequence => _commit.AppendedSequence;

    public ulong DurableSequence => _commit.DurableSequence;

    /// <summary>The last record on its way to the disk.</summary>
    internal ulong TakenSequence => _commit.TakenSequence;

    public int MaxPayloadBytes => _commit.MaxPayloadBytes;

    public JournalHealth Health
    {
        get
        {
            if (Volatile.Read(ref _failure) is not null)
                return JournalHealth.Failed;
            return _preparer.IsNearlyFull ? JournalHealth.NearlyFull : JournalHealth.Ok;
        }
    }

    /// <summary>Why <see cref="Health"/> is <see cref="JournalHealth.Failed"/>.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether a folder holds a journal, whole or not.</summary>
    public static bool IsIn(string directory) => File.Exists(Path.Combine(directory, JournalHead.FileName));

    /// <summary>Whether a file of this name in a journal's folder is part of it.</summary>
    public static bool Owns(string name) => name is JournalHead.FileName or JournalFolder.LockName or FolderHold.LockName
        || SegmentFiles.IsSegment(name) || name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal);

    /// <summary>Takes the folder, passes on the records after a snapshot, cuts a torn tail, and is ready to append.</summary>
    /// <param name="options">The folder and its limits.</param>
    /// <param name="afterSequence">Of the snapshot already restored; 0 without one.</param>
    /// <param name="replay">Applies one record; what it throws ends the opening.</param>
    /// <param name="listener">Told of durability and failure by the writer's thread.</param>
    /// <param name="files">Null: the machine's own.</param>
    /// <exception cref="JournalException">The folder is in use, newer, damaged, or lacks records.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public static FileJournal Open(FileJournalOptions options, ulong afterSequence, JournalRecordHandler replay,
        IJournalListener? listener = null, IFileSystem? files = null)
    {
        options.Validate();
        files ??= LocalFileSystem.Instance;
        JournalFolder folder = JournalFolder.Open(files, options, afterSequence);
        try
        {
            JournalTail tail = Recover(files, options, folder, afterSequence, replay, out JournalRecovery recovery);
            return new FileJournal(files, options, listener, folder, tail, recovery);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public bool TryAppend(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload)
    {
        if (!TryQueue(sequence, timeMs, kind, payload))
            return false;
        Wake();
        return true;
    }

    public bool TryQueue(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload) =>
        _commit.TryAppend(sequence, timeMs, kind, payload);

    public void Wake() => _work.Ring();

    public bool WaitDurable(ulong sequence, int timeoutMs = -1)
    {
        long started = Environment.TickCount64;
        while (DurableSequence < sequence)
        {
            long left = timeoutMs < 0 ? -1 : Math.Max(0, timeoutMs - (Environment.TickCount64 - started));
            if (Failure is not null || left == 0)
                break;
            _durable.Prepare();
            if (DurableSequence >= sequence || Failure is not null)
                _durable.Cancel();
            else
                _durable.Wait((int)left);
        }

        return DurableSequence >= sequence;
    }

    /// <summary>Makes what has queued durable, marks an orderly end, and gives the folder back.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _stopping = true;
        _work.Ring();
        _writerThread?.Join();   // It may still need a segment for what has queued.
        _preparer.Stop();
        _prepare.Release();
        _preparerThread?.Join();
        Close();
        _writer.Dispose();
        _folder.Dispose();
        _prepare.Dispose();
    }
}
