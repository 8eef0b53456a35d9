namespace Exchange.Grains.Interfaces;

/// <summary>Whoever has an address of the protocol (<see cref="Core.Nodes.NodeId"/>).</summary>
public interface INodeReceiver : IGrain
{
    /// <summary>Takes what was sent to it, in order. Answered once it is taken, not once it is done: a turn never waits for another machine.</summary>
    ValueTask Deliver(NodeBatch batch);
}
