using System.Buffers.Binary;
using System.Text;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Embedded.Feed;
using Exchange.Embedded.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Brings engine and views back from a snapshot and the journal behind it.</summary>
public sealed class VenueRecovery
{
    private readonly EngineOutput _output = new();
    private readonly FeedBuffer _events = new();
    private readonly FeedBuilder? _feed;
    private readonly string? _rules;
    private readonly Engine _engine;
    private readonly VenueViews? _views;
    private readonly Queued[] _queued = new Queued[Engine.LookAhead];
    private readonly CommandAim[] _aims = new CommandAim[Engine.LookAhead];
    private int _queuedCount;

    private VenueRecovery(Engine engine, VenueViews? views, ulong sequence, string? rules, string writerVersion)
    {
        _rules = rules;
        WriterVersion = writerVersion;
        _engine = engine;
        _views = views;
        Sequence = sequence;
        _feed = views is null ? null : new FeedBuilder(engine.Marks);
        if (views is not null)
            _feed!.Resume(views);
    }

    public Engine Engine
    {
        get
        {
            ApplyQueued();
            return _engine;
        }
    }

    /// <summary>What readers behind the journal see; null if none were asked for.</summary>
    public VenueViews? Views
    {
        get
        {
            ApplyQueued();
            return _views;
        }
    }

    public FeedBuilder? Feed => _feed;

    /// <summary>Last record applied.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Build that opened the folder last; empty: none yet.</summary>
    public string WriterVersion { get; private set; } = "";

    /// <summary>Commands applied after the snapshot.</summary>
    public ulong Replayed { get; private set; }

    /// <summary>Restores the newest snapshot of a folder, or starts empty; records follow by <see cref="Apply"/>.</summary>
    /// <param name="directory">Folder of the venue.</param>
    /// <param name="limits">Bounds of the views; null: no views.</param>
    /// <param name="rules">Build that runs: it replays no command that another one wrote. Null: whatever there is.</param>
    /// <param name="passedOver">Told of each damaged snapshot newer than the one used.</param>
    /// <exception cref="SnapshotException">A snapshot's content is not of this version.</exception>
    public static VenueRecovery Begin(
        string directory, ViewLimits? limits, string? rules, Action<SnapshotDamagedException>? passedOver = null)
    {
        var store = new SnapshotStore(directory);
        if (store.TryRestore((info, stream) => Restore(info, stream, limits, rules), out VenueRecovery? restored, passedOver) && restored is not null)
            return restored;
        return Empty(limits, rules);
    }

    /// <summary>A venue in which nothing has happened yet.</summary>
    public static VenueRecovery Empty(ViewLimits? limits, string? rules) =>
        new(new Engine(), limits is null ? null : new VenueViews(limits), 0, rules, "");

    /// <summary>Applies one record of the journal; a check record compares.</summary>
    /// <exception cref="InvariantException">The engine of this build does other things than the one that wrote the journal.</exception>
    public void Apply(in JournalRecord record)
    {
        Sequence = record.Sequence;
        if (record.Kind == VenueHost.CheckKind)
        {
            ulong expected = BinaryPrimitives.ReadUInt64LittleEndian(record.Payload);
            if (expected != Engine.OutputHash)
                throw new InvariantException($"Outputs up to record {record.Sequence} differ from those when it was written.");
            return;
        }

        if (record.Kind == VenueHost.OpenedKind)
        {
            WriterVersion = Encoding.UTF8.GetString(record.Payload);
            return;
        }

        if (_rules is not null && !string.Equals(WriterVersion, _rules, StringComparison.Ordinal))
            throw new VenueVersionException(WriterVersion, _rules, record.Sequence);
        Replayed++;
        ref Queued queued = ref _queued[_queuedCount];
        CommandCodec.Decode(record.Kind, record.Payload, out queued.Command, out queued.Listing);
        queued.Sequence = record.Sequence;
        queued.TimeMs = record.TimeMs;
        _aims[_queuedCount] = CommandAim.Of(in queued.Command);
        if (++_queuedCount == _queued.Length)
            ApplyQueued();
    }

    /// <summary>Records are decoded some ahead, so that the engine knows what it will touch.</summary>
    private void ApplyQueued()
    {
        if (_queuedCount == 0)
            return;
        int count = _queuedCount;
        _queuedCount = 0;
        _engine.Prefetch(_aims.AsSpan(0, count));
        for (int i = 0; i < count; i++)
            ApplyOne(in _queued[i]);
    }

    private void ApplyOne(in Queued queued)
    {
        _engine.Apply(in queued.Command, queued.TimeMs, _output, queued.Listing);
        if (_views is null)
            return;
        _events.Clear();
        _feed!.Build(in queued.Command, queued.Sequence, _engine.TimeMs, _output, _events);
        if (queued.Listing is not null && _output.Reason == RejectReason.None)
            _views.List(queued.Listing);
        _views.ApplyInput(in queued.Command, queued.Sequence, _events.Events);
    }

    private struct Queued
    {
        public Command Command;
        public Instrument? Listing;
        public ulong Sequence;
        public long TimeMs;
    }

    /// <summary>Saves a snapshot of the present state; durable when it returns.</summary>
    public static void Save(string directory, Engine engine, VenueViews? views, ulong sequence, string version)
    {
        var writer = new SnapshotWriter(1 << 20);
        engine.Snapshot(writer);
        writer.Write(views is not null);
        views?.Write(writer);
        var info = new SnapshotInfo
        {
            Sequence = sequence, TimeMs = engine.TimeMs, StateHash = (ulong)engine.StateHash(), WriterVersion = version,
        };
        new SnapshotStore(directory).Save(info, writer.Written);
    }

    /// <summary>The venue of one snapshot.</summary>
    internal static VenueRecovery Restore(SnapshotInfo info, Stream stream, ViewLimits? limits, string? rules)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var reader = new SnapshotReader(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        var engine = new Engine();
        VenueViews? views = limits is null ? null : new VenueViews(limits);
        try
        {
            engine.Restore(reader);
            if ((ulong)engine.StateHash() != info.StateHash)
                throw new InvariantException($"The snapshot at {info.Sequence} restores to another state than it was taken of.");
            if (reader.ReadBool())
                views?.Read(reader);
        }
        catch (Exception cause) when (cause is ArithmeticException or IndexOutOfRangeException or ArgumentException or NullReferenceException)
        {
            // Its checksums are right, so somebody wrote it so: one more way to say that it does not fit.
            throw new SnapshotException($"The snapshot at {info.Sequence} contradicts itself: {cause.Message}");
        }

        return new VenueRecovery(engine, views, info.Sequence, rules, info.WriterVersion);
    }
}
