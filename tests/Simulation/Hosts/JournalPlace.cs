using Exchange.Core.Nodes;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Where a journaled node lives, and beside it one that only follows its journal: what that one says is what has happened.</summary>
internal abstract class JournalPlace<TNode> : Place
    where TNode : JournaledNode
{
    private readonly Func<IJournalHost, TNode> _create;

    protected JournalPlace(World world, NodeId id, TNode follower, Func<IJournalHost, TNode> create)
        : base(world, id, record => follower.Replay(record))
    {
        Follower = follower;
        _create = create;
    }

    /// <summary>The node as its journal says, from the first record to the last durable one.</summary>
    public TNode Follower { get; }

    /// <summary>The node of the living activation; null while there is none.</summary>
    public TNode? Node => (Living as JournalActivation<TNode>)?.Node;

    /// <summary>Records that the living activation has applied and does not know to be durable.</summary>
    public IEnumerable<byte[]> NotDurable => (Living as JournalActivation<TNode>)?.NotDurable ?? [];

    /// <summary>How many records it knows to be durable; the store may have more.</summary>
    public ulong Known => (Living as JournalActivation<TNode>)?.Known ?? 0;

    /// <summary>The last snapshot that an activation has taken.</summary>
    public byte[]? Snapshot { get; set; }

    protected override Activation Create() => new JournalActivation<TNode>(this, _create);
}
