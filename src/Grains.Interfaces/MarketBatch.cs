using Exchange.Core.Nodes;
using Exchange.Core.Port;

namespace Exchange.Grains.Interfaces;

/// <summary>Some of what a source tells, in one call: what it did since, or how all stands. Never changed once made.</summary>
public sealed class MarketBatch
{
    /// <param name="segments">Each goes on where the one before ends.</param>
    public MarketBatch(NodeId source, ulong epoch, MarketSegment[] segments)
    {
        Source = source;
        Epoch = epoch;
        Segments = segments;
    }

    /// <param name="state">What the source keeps of its symbol.</param>
    public MarketBatch(NodeId source, ulong epoch, MarketSegment now, ReadOnlyMemory<byte> state)
        : this(source, epoch, [now])
    {
        IsSnapshot = true;
        State = state;
    }

    public NodeId Source { get; }

    /// <summary>Of the activation that tells it.</summary>
    public ulong Epoch { get; }

    public MarketSegment[] Segments { get; }

    /// <summary>How all stands: its one segment has no events, and ends where what follows begins.</summary>
    public bool IsSnapshot { get; }

    public ReadOnlyMemory<byte> State { get; }
}

/// <summary>What some records of a source's journal told: whole ones, and all of them are durable.</summary>
/// <param name="After">The record before.</param>
/// <param name="Through">The last one.</param>
/// <param name="TimeMs">The source's time then.</param>
/// <param name="Held">What a book then held long, lots; what was in the insurance fund, 1e-8; of a mark nothing.</param>
/// <param name="Events">Valid for ever.</param>
public sealed record MarketSegment(ulong After, ulong Through, long TimeMs, long Held, FeedEvent[] Events);
