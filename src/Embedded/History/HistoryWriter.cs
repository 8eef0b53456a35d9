using Exchange.Storage.Files;
using Exchange.Storage.Postgres;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.History;

/// <summary>Writes what the journal leads to into the database, on a thread of its own: behind the venue, never in its way.</summary>
/// <remarks>
/// It reads the journal's files as the replica does and shares nothing with the engine. A batch goes in with the record that it reaches
/// to, in one transaction; after whatever failure, of the database, of the way to it or of this process, the next session is told how far
/// the last one came, and the source goes on from there. While the database is away nothing queues: the journal is the queue.
/// </remarks>
public sealed class HistoryWriter : IDisposable
{
    /// <summary>Behind for longer than this is told as a warning, in ms.</summary>
    private const long WarnAfterMs = 60_000;

    /// <summary>What cannot be written because of what it is, is tried again now and then: an operator may have seen to it.</summary>
    private const int StuckRetryMs = 30_000;

    /// <summary>Records without rows move the position now and then only.</summary>
    private const ulong QuietRecords = 10_000;
    private const int QuietMs = 1_000;
    private const long RetentionEveryMs = 3_600_000;

    private readonly string _directory;
    private readonly FileJournal _journal;
    private readonly HistoryOptions _options;
    private readonly string _version;
    private readonly TimeProvider _clock;
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly Thread _thread;
    private HistorySource? _source;
    private ulong _written;
    private long _asOfMs;
    private long _movedMs;
    private long _heldMs;
    private long _droppedMs;
    private int _retryMs;
    private string? _fault;
    private volatile bool _isLetGo;
    private long _stopByMs;

    /// <summary>Starts to write.</summary>
    /// <param name="directory">Folder of the venue.</param>
    /// <param name="journal">Of that folder, open; it outlives the writer.</param>
    /// <param name="options">Where to, and how long it is kept.</param>
    /// <param name="version">Build that runs.</param>
    /// <param name="clock">Says how long it is behind.</param>
    public HistoryWriter(string directory, FileJournal journal, HistoryOptions options, string version, TimeProvider clock)
    {
        _directory = directory;
        _journal = journal;
        _options = options;
        _version = version;
        _clock = clock;
        _asOfMs = UptimeMs;
        _thread = new Thread(Run) { Name = "History", IsBackground = true };
        _thread.Start();
    }

    public HistoryFigures Figures { get; } = new();

    /// <summary>The last record whose rows are known to be durable in the database; 0: it was not reached yet.</summary>
    public ulong WrittenSequence => Volatile.Read(ref _written);

    /// <summary>Durable records whose rows are not written yet.</summary>
    public ulong LagRecords => Math.Max(_journal.DurableSequence, WrittenSequence) - WrittenSequence;

    /// <summary>How long ago all that was durable was written, in ms.</summary>
    public long LagMs => LagRecords == 0 ? 0 : Math.Max(0, UptimeMs - Volatile.Read(ref _asOfMs));

    /// <summary>Why nothing is written at present; null: it is.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>What an operator should know of, though the venue takes orders; null: nothing.</summary>
    public string? Warning =>
        _isLetGo ? "history_let_go"
        : LagMs > WarnAfterMs ? "history_behind"
        : null;

    /// <summary>Passes evenly, whatever the clock is set to.</summary>
    private long UptimeMs => (long)_clock.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Writes what is left, if the database takes it soon, and ends.</summary>
    public void Dispose()
    {
        _stopByMs = UptimeMs + _options.StopTimeoutMs;
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _source?.Dispose();
    }

    private void Run()
    {
        if (_options.WaitsForOthers)
            LowPriority.TakeForThisThread();
        while (!_stop.IsSet)
        {
            try
            {
                using HistorySession session = HistorySession.Open(_options.Database, _journal.Id, Figures);
                Follow(session);
            }
            catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure) && failure is not (JournalException or StorageException))
            {
                Fail(failure, Math.Clamp(_retryMs * 2, _options.Database.FirstRetryMs, _options.Database.LastRetryMs));
            }
#pragma warning disable CA1031 // Whatever it is: the venue goes on, and operators are told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _source?.Dispose();
                _source = null;
                Fail(failure, StuckRetryMs);
            }
        }
    }

    private void Follow(HistorySession session)
    {
        Begin(session);
        SetWritten(session.Position.Sequence);
        while (true)
        {
            long asOfMs = UptimeMs;
            bool isAll = _source!.ReadOn(_journal.DurableSequence);
            if (IsDue(isAll))
                Write(session);
            if (isAll && _source.After == _source.Sequence)
                Volatile.Write(ref _asOfMs, asOfMs);
            Volatile.Write(ref _fault, null);
            _retryMs = 0;
            if (_stop.IsSet && (isAll && _source.After == _source.Sequence || UptimeMs > _stopByMs))
                return;
            if (!isAll)
            {
                LetGoBeyondBound();
                continue;
            }

            DropOld(session);
            _stop.Wait(_options.PauseMs);
        }
    }

    /// <summary>Takes the source to where the database is.</summary>
    private void Begin(HistorySession session)
    {
        HistoryPosition position = session.Position;
        if (_source is not null && position.Sequence == _source.Sequence)
            _source.Next(); // The commit that was not answered was made.
        if (_source is not null && position.Sequence == _source.After)
            return;
        _source?.Dispose();
        _source = null;
        try
        {
            _source = HistorySource.TryBegin(_directory, position.Sequence, _version);
        }
        catch (VenueVersionException) when (position.IsNew || _isLetGo)
        {
            // Of before this build, and nobody waits for the build that could carry it out.
        }

        if (_source is not null)
            return;
        _source = HistorySource.BeginAtSnapshot(_directory, _version);
        session.PassOver(_source.After, _source.TimeMs);
        if (!position.IsNew)
            Figures.CountGap();
    }

    private bool IsDue(bool isAll)
    {
        if (_source!.Batch.Count > 0)
            return true;
        ulong quiet = _source.Sequence - _source.After;
        return quiet > QuietRecords || (quiet > 0 && isAll && (_stop.IsSet || UptimeMs - _movedMs > QuietMs));
    }

    private void Write(HistorySession session)
    {
        session.Write(_source!.Batch, _source.Sequence, _source.TimeMs);
        _source.Next();
        _movedMs = UptimeMs;
        SetWritten(_source.After);
    }

    private void SetWritten(ulong sequence)
    {
        Volatile.Write(ref _written, sequence);
        bool isBehind = LagRecords > 0;
        if (isBehind && (_isLetGo || UptimeMs - _heldMs < QuietMs))
            return;
        _isLetGo = false;
        _heldMs = UptimeMs;
        try
        {
            SnapshotHold.Set(_directory, sequence);
        }
        catch (Exception noRoom) when (noRoom is IOException or UnauthorizedAccessException)
        {
            // The older one keeps more than is needed.
        }
    }

    private void DropOld(HistorySession session)
    {
        if (_droppedMs != 0 && UptimeMs - _droppedMs < RetentionEveryMs)
            return;
        _droppedMs = UptimeMs;
        long beforeMs = _source!.TimeMs - _options.TradesKeptDays * 86_400_000L;
        session.DropBefore("trades", beforeMs);
        session.DropBefore("marks", beforeMs);
    }

    private void Fail(Exception failure, int retryMs)
    {
        Figures.CountFailure();
        Volatile.Write(ref _fault, failure.Message);
        _retryMs = retryMs;
        long untilMs = UptimeMs + retryMs;
        do
        {
            LetGoBeyondBound();
            _stop.Wait((int)Math.Clamp(untilMs - UptimeMs, 1, QuietMs));
        }
        while (!_stop.IsSet && UptimeMs < untilMs);
    }

    /// <summary>The venue's own room is worth more than a whole history.</summary>
    private void LetGoBeyondBound()
    {
        if (_isLetGo || _journal.Bytes <= _options.KeptJournalBytes)
            return;
        _isLetGo = true;
        SnapshotHold.Remove(_directory);
    }
}
