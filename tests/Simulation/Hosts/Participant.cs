using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Someone in the world who gets messages and sends some.</summary>
internal abstract class Participant(World world, NodeId id)
{
    public NodeId Id { get; } = id;

    /// <summary>Nothing is left to do but what goes on for ever: marks, samples.</summary>
    public abstract bool IsAtRest { get; }

    public World World { get; } = world;

    protected SplitMix Random => World.Random;

    public abstract void Receive(NodeId from, NodeMessage message);

    /// <summary>Once a step: what is due.</summary>
    public abstract void Step();

    public override string ToString() => Id.ToString().ToLowerInvariant();

    protected void Send(NodeId to, NodeMessage message) => World.Send(Id, to, message);
}
