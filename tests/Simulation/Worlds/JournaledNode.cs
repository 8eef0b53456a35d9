using Exchange.Simulation.Disks;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>A host of a machine whose inputs are journaled: they act at once, and nothing leaves before they are durable.</summary>
internal abstract class JournaledNode<TInput> : Node
    where TInput : struct
{
    private readonly Queue<(ulong Sequence, int To, Message Message)> _outgoing = [];

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

        OnTick();
    }

    protected abstract void OnTick();

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
