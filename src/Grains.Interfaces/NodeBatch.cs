using System.Diagnostics;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Grains.Interfaces;

/// <summary>All that one call of a link carries: never changed once made, so a silo hands it on uncopied.</summary>
/// <param name="envelopes">In the order they were sent; the caller does not touch them again.</param>
/// <param name="trace">The span that led to one of them, if it is recorded.</param>
/// <param name="traced">To which of them.</param>
/// <param name="silo">Key of the <see cref="ISiloGrain"/> that they come from; null: that is nobody's business.</param>
public sealed class NodeBatch(NodeEnvelope[] envelopes, ActivityContext trace = default, int traced = 0, string? silo = null)
{
    public ReadOnlySpan<NodeEnvelope> Envelopes => envelopes;

    public ActivityContext Trace { get; } = trace;

    public int Traced { get; } = traced;

    public string? Silo { get; } = silo;
}
