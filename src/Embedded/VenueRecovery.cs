using System.Buffers.Binary;
using System.Text;
using Exchange.Core;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Port;
using Exchange.Core.Replay;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Brings engine and views back from a snapshot and the journal behind it.</summary>
/// <remarks>
/// On two threads as far as the journal allows: the caller's runs the books, another follows with the accounts and the views.
/// </remarks>
public sealed class VenueRecovery : IDisposable
{
    /// <summary>Inputs in a row that must not have taken the whole engine before books run ahead: to join costs about as much as these.</summary>
    private const int AheadAfter = 64;
    private readonly EngineOutput _output = new();
    private readonly FeedBuffer _events = new();
    private readonly FeedBuilder? _feed;
    private readonly string? _rules;
    private readonly Engine _engine;
    private readonly VenueViews? _views;
    private readonly OwnEventLog? _own;
    private readonly Queued[] _queued = new Queued[Engine.LookAhead];
    private readonly CommandAim[] _aims = new CommandAim[Engine.LookAhead];
    private readonly Queued[] _following = new Queued[Engine.LookAhead];
    private readonly CommandAim[] _followingAims = new CommandAim[2 * Engine.LookAhead];
    private int _queuedCount;
    private readonly ReplayPipeline _pipeline;
    private bool _isAhead;
    private bool _isAlone;
    private int _sinceWhole;

    private VenueRecovery(Engine engine, VenueViews? views, OwnEventLog? own, ulong sequence, string? rules, string writerVersion)
    {
        _rules = rules;
        WriterVersion = writerVersion;
        _engine = engine;
        _views = views;
        _own = own;
        Sequence = sequence;
        _pipeline = new ReplayPipeline(Follow);
        _feed = views is null ? null : new FeedBuilder(engine.Marks);
        if (views is not null)
            _feed!.Resume(views);
    }

    public Engine Engine
    {
        get
        {
            Settle();
            return _engine;
        }
    }

    /// <summary>What readers behind the journal see; null if none were asked for.</summary>
    public VenueViews? Views
    {
        get
        {
            Settle();
            return _views;
        }
    }

    /// <summary>What accounts were told; with the views.</summary>
    public OwnEventLog? Own
    {
        get
        {
            Settle();
            return _own;
        }
    }

    public FeedBuilder? Feed => _feed;

    /// <summary>Told, behind the views, of every input that did something; null: nobody.</summary>
    internal IVenueReader? Reader { get; set; }

    /// <summary>Last record applied.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Build that opened the folder last; empty: none yet.</summary>
    public string WriterVersion { get; private set; } = "";

    /// <summary>Commands applied after the snapshot.</summary>
    public ulong Replayed { get; private set; }

    /// <summary>Of them those whose book ran ahead of their account.</summary>
    public ulong Ahead { get; private set; }

    /// <summary>Restores the newest snapshot of a folder, or starts empty; records follow by <see cref="Apply"/>.</summary>
    /// <param name="directory">Folder of the venue.</param>
    /// <param name="limits">Bounds of the views; null: no views.</param>
    /// <param name="rules">Build that runs: it replays no command that another one wrote. Null: whatever there is.</param>
    /// <param name="passedOver">Told of each damaged snapshot newer than the one used.</param>
    /// <param name="isAlone">Works on the caller's thread only.</param>
    /// <param name="through">Newer snapshots than this sequence's are left aside.</param>
    /// <exception cref="SnapshotException">A snapshot's content is not of this version.</exception>
    public static VenueRecovery Begin(
        string directory, ViewLimits? limits, string? rules, Action<SnapshotDamagedException>? passedOver = null, bool isAlone = false,
        ulong through = ulong.MaxValue)
    {
        var store = new SnapshotStore(directory);
        bool isThere = store.TryRestore((info, stream) => Restore(info, stream, limits, rules), out VenueRecovery? restored, passedOver, through);
        VenueRecovery recovery = isThere && restored is not null ? restored : Empty(limits, rules);
        recovery._isAlone = isAlone;
        return recovery;
    }

    /// <summary>A venue in which nothing has happened yet.</summary>
    /// <param name="limits">As of <see cref="Begin"/>.</param>
    /// <param name="rules">As of <see cref="Begin"/>.</param>
    /// <param name="judgesAgain">Accounts judge again what the journal says they allowed: slower, for whoever looks for faults.</param>
    public static VenueRecovery Empty(ViewLimits? limits, string? rules, bool judgesAgain = false) =>
        new(new Engine { JudgesAgain = judgesAgain }, limits is null ? null : new VenueViews(limits), NewLog(limits), 0, rules, "");

    /// <summary>Applies one record of the journal; a check record compares.</summary>
    /// <exception cref="InvariantException">The engine of this build does other things than the one that wrote the journal.</exception>
    public void Apply(in JournalRecord record)
    {
        Sequence = record.Sequence;
        if (record.Kind == VenueHost.CheckKind)
        {
            if (_isAhead)
            {
                _pipeline.Filling.Add(in record, InputCourse.NoMessage);
                return;
            }

            ApplyQueued();
            Compare(in record);
            return;
        }

        if (record.Kind == VenueHost.OpenedKind)
        {
            WriterVersion = Encoding.UTF8.GetString(record.Payload);
            return;
        }

        if (record.Kind == VenueHost.StartedKind)
        {
            Settle();
            _own?.Begin(BinaryPrimitives.ReadUInt64LittleEndian(record.Payload));
            return;
        }

        if (_rules is not null && !string.Equals(WriterVersion, _rules, StringComparison.Ordinal))
            throw new VenueVersionException(WriterVersion, _rules, record.Sequence);
        Replayed++;
        InputCourse course = CommandCodec.CourseOf(record.Kind);
        _sinceWhole = course == InputCourse.Whole ? 0 : _sinceWhole + 1;
        SetAhead(_sinceWhole > AheadAfter && !_isAlone);
        ref Queued queued = ref _queued[_queuedCount];
        CommandCodec.Decode(record.Kind, record.Payload, out queued.Command, out queued.Listing);
        queued.Sequence = record.Sequence;
        queued.TimeMs = record.TimeMs;
        _aims[_queuedCount] = CommandAim.Of(in queued.Command);
        if (_isAhead)
        {
            queued.At = _pipeline.Filling.Count;
            _pipeline.Filling.Add(in record, course);
            Ahead++;
        }

        if (++_queuedCount == _queued.Length)
            ApplyQueued();
    }

    public void Dispose() => _pipeline.Dispose();

    /// <summary>Everything passed to <see cref="Apply"/> is applied, and this thread has the engine for itself.</summary>
    internal void Settle()
    {
        SetAhead(false);
        ApplyQueued();
    }

    private void SetAhead(bool isAhead)
    {
        if (isAhead == _isAhead)
            return;
        ApplyQueued();
        _isAhead = isAhead;
        if (isAhead)
        {
            _engine.BeginAhead();
            return;
        }

        _pipeline.Join();
        _engine.EndAhead();
    }

    /// <summary>Records are decoded some ahead, so that the engine knows what it will touch.</summary>
    private void ApplyQueued()
    {
        if (_queuedCount == 0)
            return;
        int count = _queuedCount;
        _queuedCount = 0;
        if (_isAhead)
        {
            _engine.PrefetchBooks(_aims.AsSpan(0, count));
            for (int i = 0; i < count; i++)
                _engine.RunBook(in _queued[i].Command, _queued[i].TimeMs, _pipeline.Filling, _queued[i].At);
            _pipeline.PassFull();
            return;
        }

        _engine.Prefetch(_aims.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            _engine.Apply(in _queued[i].Command, _queued[i].TimeMs, _output, _queued[i].Listing);
            Tell(in _queued[i]);
        }
    }

    /// <summary>The other thread: what the books were ahead in.</summary>
    private void Follow(ReplayBlock block)
    {
        block.Prefetch(0, Engine.LookAhead);
        for (int first = 0; first < block.Count; first += Engine.LookAhead)
        {
            int count = Math.Min(Engine.LookAhead, block.Count - first);
            int aims = count;
            block.Prefetch(first + count, Engine.LookAhead);
            for (int i = 0; i < count; i++)
            {
                JournalRecord record = block.Record(first + i);
                ref Queued queued = ref _following[i];
                queued.Sequence = record.Sequence;
                queued.TimeMs = record.TimeMs;
                queued.IsCheck = record.Kind == VenueHost.CheckKind;
                if (!queued.IsCheck)
                    CommandCodec.Decode(record.Kind, record.Payload, out queued.Command, out _);
                CommandAim aim = _followingAims[i] = queued.IsCheck ? default : CommandAim.Of(in queued.Command);
                aims = block.AddAims(first + i, in aim, _engine.Clearing, _followingAims, aims);
            }

            _engine.PrefetchAccounts(_followingAims.AsSpan(0, aims));
            for (int i = 0; i < count; i++)
                FollowOne(in _following[i], block, first + i);
        }
    }

    private void FollowOne(in Queued queued, ReplayBlock block, int at)
    {
        if (queued.IsCheck)
        {
            Compare(block.Record(at));
            return;
        }

        _engine.ApplyAnswered(in queued.Command, queued.TimeMs, _output, block, at);
        Tell(in queued);
    }

    /// <exception cref="InvariantException">The engine has said other things than a check record knows of.</exception>
    private void Compare(in JournalRecord check)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(check.Payload) != _engine.OutputHash)
            throw new InvariantException($"Outputs up to record {check.Sequence} differ from those when it was written.");
    }

    /// <summary>Tells the views what the input has done.</summary>
    private void Tell(in Queued queued)
    {
        if (_views is null)
            return;
        _events.Clear();
        _feed!.Build(in queued.Command, queued.Sequence, _engine.TimeMs, _output, _events);
        Instrument? listed = _output.Reason == RejectReason.None ? queued.Listing : null;
        if (listed is not null)
            _views.List(listed);
        _views.ApplyInput(in queued.Command, queued.Sequence, _events.Events);
        _own!.AddOwn(_events.Events);
        Reader?.OnInput(in queued.Command, listed, queued.Sequence, _events.Events);
    }

    private struct Queued
    {
        public Command Command;
        public Instrument? Listing;
        public ulong Sequence;
        public long TimeMs;

        /// <summary>Where in the block; of what is run ahead.</summary>
        public int At;
        public bool IsCheck;
    }

    /// <summary>Saves a snapshot of the present state; durable when it returns.</summary>
    /// <param name="writer">To be used for it, empty; null: a new one.</param>
    /// <returns>The sequence of the older of the two snapshots kept; 0: there is one only.</returns>
    public static ulong Save(
        string directory, Engine engine, VenueViews? views, OwnEventLog? own, ulong sequence, string version, SnapshotWriter? writer = null)
    {
        writer ??= new SnapshotWriter(1 << 20);
        engine.Snapshot(writer);
        writer.Write(views is not null);
        views?.Write(writer);
        own?.Write(writer);
        var info = new SnapshotInfo
        {
            Sequence = sequence, TimeMs = engine.TimeMs, StateHash = (ulong)engine.StateHash(), WriterVersion = version,
        };
        return new SnapshotStore(directory).Save(info, writer.Written);
    }

    /// <summary>The venue of one snapshot.</summary>
    internal static VenueRecovery Restore(SnapshotInfo info, Stream stream, ViewLimits? limits, string? rules, bool judgesAgain = false)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var reader = new SnapshotReader(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        var engine = new Engine { JudgesAgain = judgesAgain };
        VenueViews? views = limits is null ? null : new VenueViews(limits);
        OwnEventLog? own = NewLog(limits);
        try
        {
            engine.Restore(reader);
            if ((ulong)engine.StateHash() != info.StateHash)
                throw new InvariantException($"The snapshot at {info.Sequence} restores to another state than it was taken of.");
            if (reader.ReadBool())
            {
                views?.Read(reader);
                views?.TakePositions(engine);
                own?.Read(reader);
            }
        }
        catch (Exception cause) when (cause is ArithmeticException or IndexOutOfRangeException or ArgumentException or NullReferenceException)
        {
            // Its checksums are right, so somebody wrote it so: one more way to say that it does not fit.
            throw new SnapshotException($"The snapshot at {info.Sequence} contradicts itself: {cause.Message}");
        }

        return new VenueRecovery(engine, views, own, info.Sequence, rules, info.WriterVersion);
    }

    private static OwnEventLog? NewLog(ViewLimits? limits) => limits is null ? null : new OwnEventLog(limits.OwnEvents);
}
