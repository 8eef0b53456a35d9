using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>The venue once more, on a thread of its own: follows the journal on disk, compares, takes the snapshots, deletes what they replace.</summary>
/// <remarks>
/// It begins as a recovery does, from the newest snapshot in the folder, and carries out every durable record again: that what was
/// acknowledged can be read back and leads to the same outputs is tried all the time, not at the next start. It shares nothing with
/// the engine but processors, and takes of those what others leave; it may lag behind (<see cref="Lag"/>), and nobody waits for it. Far
/// behind it takes its share of them (<see cref="ReplicaOptions.PatientRecords"/>). However far, it needs the journal's files only, which
/// nobody else deletes.
/// </remarks>
public sealed class VenueReplica : IDisposable
{
    /// <summary>Records between two looks at whether to stop or to take a snapshot.</summary>
    private const ulong Stretch = 65_536;

    /// <summary>Between two looks at the journal, in milliseconds: each costs a read of the disk.</summary>
    private const int PauseMs = 20;

    /// <summary>At an orderly stop it comes to the journal's end if no more than this is missing: a moment's work.</summary>
    private const ulong MostAtStop = 4 * Stretch;

    private readonly string _directory;
    private readonly FileJournal _journal;
    private readonly ReplicaOptions _options;
    private readonly ViewLimits _views;
    private readonly string _version;
    private readonly Action<Exception> _failed;
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly Substitute? _substitute;
    private readonly Thread _thread;
    private readonly SnapshotWriter _snapshot = new(1 << 20);
    private long _bytesSince;
    private ulong _inputsSince;
    private ulong _snapshotSequence;
    private ulong _sequence;
    private UInt128? _hashAtEnd;
    private StorageException? _snapshotProblem;

    /// <summary>The journal may be deleted through it, but somebody holds the folder; 0: there is no such.</summary>
    private ulong _deletable;
    private long _hurried;

    /// <summary>Starts to follow.</summary>
    /// <param name="directory">Folder of the venue.</param>
    /// <param name="journal">Of that folder, open; it outlives the replica.</param>
    /// <param name="options">When to take snapshots.</param>
    /// <param name="views">Bounds of the views that go into the snapshots.</param>
    /// <param name="version">Build that runs.</param>
    /// <param name="failed">Told once, on the replica's thread, why it ended: then the venue must stop.</param>
    public VenueReplica(
        string directory, FileJournal journal, ReplicaOptions options, ViewLimits views, string version, Action<Exception> failed)
    {
        options.Validate();
        _directory = directory;
        _journal = journal;
        _options = options;
        _views = views;
        _version = version;
        _failed = failed;
        // Made here, not on the replica's thread: it must not have that one's priority.
        _substitute = options.WaitsForOthers ? new Substitute("Replica, hurried") : null;
        _thread = new Thread(Run) { Name = "Replica", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Last record carried out and found to be right as far as the checks up to it tell.</summary>
    public ulong Sequence => Volatile.Read(ref _sequence);

    /// <summary>Durable records not yet carried out again.</summary>
    public ulong Lag => Math.Max(_journal.DurableSequence, Sequence) - Sequence;

    /// <summary>Records carried out at ordinary priority, since it was too far behind.</summary>
    public long Hurried => Volatile.Read(ref _hurried);

    /// <summary>Of the newest snapshot; 0: none yet.</summary>
    public ulong SnapshotSequence => Volatile.Read(ref _snapshotSequence);

    /// <summary>Why the last snapshot could not be taken: there was no room. Null once one was.</summary>
    public StorageException? SnapshotProblem => Volatile.Read(ref _snapshotProblem);

    /// <summary>Ends the thread. At its end it compares the whole state if it is nearly there, so the journal must be at its end, too.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _substitute?.Dispose();
    }

    /// <summary>After <see cref="Dispose"/>: whether the engine is in the state the journal leads to; null: the replica had not come so far.</summary>
    public bool? AgreesWith(Engine engine) => _hashAtEnd is { } hash ? hash == engine.StateHash() : null;

    private void Run()
    {
        try
        {
            if (_options.WaitsForOthers)
                LowPriority.TakeForThisThread();
            using VenueRecovery state = VenueRecovery.Begin(_directory, _views, _version, isAlone: true);
            using var reader = new JournalReader(_directory, state.Sequence);
            reader.BypassCache();
            _snapshotSequence = state.Sequence;
            _sequence = state.Sequence;
            while (!_stop.IsSet)
            {
                if (_substitute is not null && Lag > (ulong)_options.PatientRecords)
                    _substitute.Do(() => Hurry(reader, state));
                else if (Follow(reader, state))
                    Pause();
            }

            Finish(reader, state);
        }
#pragma warning disable CA1031 // Whatever it was, the venue is told and stops.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            _failed(broken);
        }
    }

    private void Hurry(JournalReader reader, VenueRecovery state)
    {
        while (!_stop.IsSet && Lag > (ulong)_options.PatientRecords / 2)
        {
            ulong before = Sequence;
            Follow(reader, state);
            Volatile.Write(ref _hurried, _hurried + (long)(Sequence - before));
        }
    }

    /// <summary>Carries out one stretch; true: that was all there is.</summary>
    private bool Follow(JournalReader reader, VenueRecovery state)
    {
        ulong durable = _journal.DurableSequence;
        ulong through = Math.Min(durable, reader.LastSequence + Stretch);
        reader.ReadThrough(through, (in JournalRecord record) =>
        {
            state.Apply(in record);
            _bytesSince += JournalFormat.RecordBytes(record.Payload.Length);
        });
        state.Settle();
        bool isDue = _bytesSince >= _options.SnapshotEveryBytes
            || state.Replayed - _inputsSince >= (ulong)_options.SnapshotEveryInputs;
        if (isDue && !_stop.IsSet)
            TakeSnapshot(state);
        Volatile.Write(ref _sequence, state.Sequence);
        return through == durable;
    }

    private void TakeSnapshot(VenueRecovery state)
    {
        _bytesSince = 0;
        _inputsSince = state.Replayed;
        try
        {
            _snapshot.Clear();
            ulong older = VenueRecovery.Save(_directory, state.Engine, state.Views, state.Own, state.Sequence, _version, _snapshot);
            Volatile.Write(ref _snapshotSequence, state.Sequence);
            Volatile.Write(ref _snapshotProblem, null);
            Delete(older);
        }
        catch (StorageException shortage) when (shortage.IsSpaceShortage && _journal.Failure is null)
        {
            // The venue lives without it: the journal says itself when its own room runs out. The next is due after as much again.
            Volatile.Write(ref _snapshotProblem, shortage);
        }
    }

    private void Delete(ulong through) => _deletable = _journal.DeleteThrough(through) is null ? through : 0;

    private void Finish(JournalReader reader, VenueRecovery state)
    {
        if (Lag > MostAtStop)
            return;
        while (!Follow(reader, state))
        {
        }

        _hashAtEnd = state.Engine.StateHash();
    }

    private void Pause()
    {
        if (_deletable != 0)
            Delete(_deletable);
        _stop.Wait(PauseMs);
    }
}
