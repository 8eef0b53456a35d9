using System.Buffers;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>Market data between silos: events as they lie in memory. Within a silo it is not touched at all.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class MarketBatchCodec : IFieldCodec<MarketBatch>, IDeepCopier<MarketBatch>
{
    private const int HeadBytes = 64;
    private const int BytesAnEvent = 80;
    private const int MostSegments = 1 << 16;
    private const int MostEvents = 1 << 20;

    public MarketBatch DeepCopy(MarketBatch input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, MarketBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        int events = value!.Segments.Sum(segment => segment.Events.Length);
        var bytes = new SnapshotWriter(HeadBytes * (value.Segments.Length + 1) + BytesAnEvent * events + value.State.Length);
        Write(value, bytes);
        WireBytes.Write(ref writer, fieldIdDelta, expectedType, typeof(MarketBatch), bytes);
    }

    public MarketBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<MarketBatch, TInput>(ref reader, field)!;
        MarketBatch batch = Read(new SnapshotReader(WireBytes.Read(ref reader, field)));
        ReferenceCodec.RecordObject(reader.Session, batch);
        return batch;
    }

    internal static void Write(MarketBatch batch, SnapshotWriter to)
    {
        to.Write((byte)batch.Source.Kind);
        to.Write(batch.Source.Key);
        to.Write(batch.Epoch);
        to.Write(batch.Segments.Length);
        foreach (MarketSegment segment in batch.Segments)
        {
            to.Write(segment.After);
            to.Write(segment.Through);
            to.Write(segment.TimeMs);
            to.Write(segment.Held);
            to.WriteStructs<FeedEvent>(segment.Events);
        }

        to.Write(batch.IsSnapshot);
        to.WriteStructs(batch.State.Span);
    }

    internal static MarketBatch Read(SnapshotReader from)
    {
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
