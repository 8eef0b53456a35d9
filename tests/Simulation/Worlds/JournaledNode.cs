using Exchange.Core.Wire;
using Exchange.Simulation.Disks;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>A host of a machine whose inputs are journaled: they act at once, and nothing leaves before they are durable.</summary>
internal abstract class JournaledNode<TInput> : Node
    where TInput : struct
{
    private readonly Queue<(ulong Sequence, int To, Message Message)> _outgoing = [];
    private (int Records, byte[] Bytes)? _snapshot;
    private long _snapshotAtMs;

    protected JournaledNode(World world, int id, string name)
        : base(world, id, name) => Disk = new JournalDisk<TInput>(world.Random);

    public JournalDisk<TInput> Disk { get; }

    public sealed override void Tick()
    {
        if (!Disk.Advance(NowMs, World.Faults))
        {
            World.Trace(this, "cannot write");
            Kill(Random.Between(50, 500));
            return;
        }

        while (_outgoing.TryPeek(out var next) && next.Sequence <= Disk.DurableSequence)
        {
            _outgoing.Dequeue();
            Send(next.To, next.Message);
        }

        if (NowMs >= _snapshotAtMs && Disk.IsIdle)
            TakeSnapshot();
        OnTick();
    }

    protected abstract void OnTick();

    /// <summary>Writes the machine, with what else of the host is a function of the journal.</summary>
    protected abstract void Write(SnapshotWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote into a fresh machine.</summary>
    protected abstract void Read(SnapshotReader reader);

    /// <summary>Half the time a node comes up from a snapshot: it must make no difference.</summary>
    /// <returns>Where the journal's tail begins.</returns>
    protected int Restore()
    {
        _snapshotAtMs = NowMs + Random.Between(2_000, 20_000);
        if (_snapshot is not { } snapshot || Random.Chance(50_000))
            return 0;
        Read(new SnapshotReader(snapshot.Bytes));
        return snapshot.Records;
    }

    private void TakeSnapshot()
    {
        _snapshotAtMs = NowMs + Random.Between(2_000, 20_000);
        var writer = new SnapshotWriter();
        Write(writer);
        _snapshot = (Disk.Durable.Count, writer.Written.ToArray());
    }

    protected override void OnKill()
    {
        Disk.Crash();
        _outgoing.Clear();
    }

    /// <summary>Sends once everything appended so far is durable.</summary>
    protected void SendWhenDurable(int to, Message message)
    {
        if (World.Mutant == Mutant.NoWaitForDurability || Disk.IsIdle)
            Send(to, message);
        else
            _outgoing.Enqueue((Disk.AppendedSequence, to, message));
    }
}
