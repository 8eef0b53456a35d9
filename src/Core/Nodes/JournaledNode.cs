using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <summary>A node whose inputs are journaled: they act at once, and nothing leaves before they are durable.</summary>
/// <remarks>
/// A host: takes the next epoch of the node's stream, then <see cref="Restore(ReadOnlyMemory{byte})"/>s a snapshot if there is one, <see cref="Replay(ReadOnlyMemory{byte})"/>s
/// the records after its <see cref="Sequence"/>, and <see cref="Start"/>s it; then <see cref="Receive"/> as messages come and
/// <see cref="Tick"/> when <see cref="NextTickMs"/> is reached. Where an append fails or its outcome is unknown, the object is
/// forgotten. Everything that is read back is a function of the journal; what was asked, answered and repeated is not kept.
/// </remarks>
public abstract class JournaledNode
{
    /// <summary>Of snapshots and records, in every record above its kind: a change of what any of them says raises it. Below 16.</summary>
    /// <remarks>1: books had no texts of client ids. What it wrote is read.</remarks>
    public const byte Format = 2;

    private const int KindBits = 4;
    private static readonly uint Tag = SnapshotTag.Of("NODE");
    private readonly SnapshotWriter _record = new(1_024);

    /// <summary>Time of the last record: the node's own may be ahead, but that nobody could read back.</summary>
    private long _recordMs;

    private protected JournaledNode(NodeId id, IJournalHost host, NodeSettings? settings)
    {
        Id = id;
        Host = host;
        Settings = settings ?? NodeSettings.Default;
    }

    public NodeId Id { get; }

    /// <summary>Number of the last record that the node has applied.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>The largest time the node has seen, ms.</summary>
    public long TimeMs { get; private set; }

    /// <summary>When <see cref="Tick"/> is wanted at the latest, by the host's clock; <see cref="long.MaxValue"/>: not at all.</summary>
    public abstract long NextTickMs { get; }

    private protected IJournalHost Host { get; }

    private protected NodeSettings Settings { get; }

    /// <summary>Reads a snapshot into a fresh node.</summary>
    /// <exception cref="SnapshotException">It is damaged, another node's, or of another format.</exception>
    public void Restore(ReadOnlyMemory<byte> snapshot) => Restore(new SnapshotReader(snapshot));

    /// <summary>Reads a snapshot into a fresh node; what its host keeps with it may follow.</summary>
    /// <exception cref="SnapshotException">It is damaged, or another node's.</exception>
    public void Restore(SnapshotReader reader)
    {
        Invariant.Holds(Sequence == 0);
        reader.BeginSection(Tag);
        RequireFormat(reader.ReadByte(), "snapshot");
        if ((NodeKind)reader.ReadByte() != Id.Kind || reader.ReadUInt32() != Id.Key)
            throw new SnapshotException($"The snapshot is not that of {Id}.");
        Sequence = reader.ReadUInt64();
        TimeMs = _recordMs = reader.ReadInt64();
        Read(reader);
        reader.EndSection();
    }

    /// <summary>Writes all that is a function of the journal, as of <see cref="Sequence"/>.</summary>
    public void WriteSnapshot(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(Format);
        writer.Write((byte)Id.Kind);
        writer.Write(Id.Key);
        writer.Write(Sequence);
        writer.Write(_recordMs);
        Write(writer);
        writer.EndSection();
    }

    /// <summary>Applies the next record of the journal.</summary>
    /// <exception cref="SnapshotException">It is none of this version.</exception>
    public void Replay(ReadOnlyMemory<byte> record)
    {
        var reader = new SnapshotReader(record);
        byte kind = reader.ReadByte();
        RequireFormat((byte)(kind >> KindBits), "journal");
        TimeMs = _recordMs = reader.ReadInt64();
        Sequence++;
        Replay((byte)(kind & ((1 << KindBits) - 1)), reader);
        if (!reader.IsAtEnd)
            throw new SnapshotException($"Record {Sequence} of {Id} has {reader.Left} bytes too many.");
    }

    /// <summary>The journal is read: from here on the node acts.</summary>
    public abstract void Start();

    public abstract void Receive(NodeId from, NodeMessage message);

    /// <summary>Time passes: what is due is done, what is unanswered is repeated.</summary>
    public abstract void Tick();

    private protected abstract void Write(SnapshotWriter writer);

    private protected abstract void Read(SnapshotReader reader);

    private protected abstract void Replay(byte kind, SnapshotReader record);

    private void RequireFormat(byte format, string what)
    {
        if (format is 0 or > Format)
            throw new SnapshotException($"The {what} of {Id} is of format {format}, this build's is {Format}.");
    }

    /// <summary>The node's own time goes on to the host's, never back.</summary>
    private protected void Advance() => TimeMs = Math.Max(TimeMs, Host.NowMs);

    /// <summary>Begins the next record, as of now.</summary>
    private protected SnapshotWriter BeginRecord(byte kind)
    {
        Advance();
        _recordMs = TimeMs;
        Sequence++;
        _record.Clear();
        _record.Write((byte)(Format << KindBits | kind));
        _record.Write(TimeMs);
        return _record;
    }

    /// <summary>Appends the record; what is sent from now on waits for it.</summary>
    private protected void EndRecord() => Host.Append(_record.Written.Span);
}
