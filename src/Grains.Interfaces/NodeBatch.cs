using Exchange.Core.Nodes.Messages;

namespace Exchange.Grains.Interfaces;

/// <summary>All that one call of a link carries: never changed once made, so a silo hands it on uncopied.</summary>
/// <param name="envelopes">In the order they were sent; the caller does not touch them again.</param>
public sealed class NodeBatch(NodeEnvelope[] envelopes)
{
    public ReadOnlySpan<NodeEnvelope> Envelopes => envelopes;
}
