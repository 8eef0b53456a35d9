using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>Market data between silos: events as they lie in memory.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class MarketBatchCodec : WireCodec<MarketBatch>
{
    private const int MostSegments = 1 << 16;
    private const int MostEvents = 1 << 20;

    protected override void Write(MarketBatch value, SnapshotWriter to)
    {
        to.Write((byte)value.Source.Kind);
        to.Write(value.Source.Key);
        to.Write(value.Epoch);
        to.Write(value.Segments.Length);
        foreach (MarketSegment segment in value.Segments)
        {
            to.Write(segment.After);
            to.Write(segment.Through);
            to.Write(segment.TimeMs);
            to.Write(segment.Held);
            to.WriteStructs<FeedEvent>(segment.Events);
        }

        to.Write(value.IsSnapshot);
        to.WriteStructs(value.State.Span);
    }

    protected override MarketBatch Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new SnapshotReader(bytes);
        var source = new NodeId((NodeKind)from.ReadByte(), from.ReadUInt32());
        ulong epoch = from.ReadUInt64();
        var segments = new MarketSegment[from.ReadCount(MostSegments)];
        foreach (ref MarketSegment segment in segments.AsSpan())
        {
            segment = new MarketSegment(
                from.ReadUInt64(), from.ReadUInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadStructs<FeedEvent>(MostEvents));
        }

        bool isSnapshot = from.ReadBool();
        byte[] state = from.ReadStructs<byte>(from.Left);
        if (!isSnapshot)
            return new MarketBatch(source, epoch, segments);
        return segments.Length == 1
            ? new MarketBatch(source, epoch, segments[0], state)
            : throw new NodeMessageException($"A snapshot of {source} in {segments.Length} segments.");
    }
}
