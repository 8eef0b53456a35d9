namespace Exchange.Grains.Interfaces;

/// <summary>One account; key: account id.</summary>
public interface IPositionGrain : INodeGrain
{
    /// <summary>Takes what the clients of a silo send, as <see cref="INodeReceiver.Deliver"/> does, and learns where to answer.</summary>
    /// <param name="silo">Key of the <see cref="ISiloGrain"/> that the clients are at.</param>
    ValueTask Ask(NodeBatch batch, string silo);
}
