using System.Buffers;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>Batches between silos: the core's own form as one run of bytes. Within a silo they are not touched at all.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class NodeBatchCodec : IFieldCodec<NodeBatch>, IDeepCopier<NodeBatch>
{
    private const int BytesAnEnvelope = 192;

    public NodeBatch DeepCopy(NodeBatch input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, NodeBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        var bytes = new SnapshotWriter(64 + BytesAnEnvelope * value!.Envelopes.Length);
        NodeMessageCodec.Encode(value.Envelopes, bytes);
        WireBytes.Write(ref writer, fieldIdDelta, expectedType, typeof(NodeBatch), bytes);
    }

    public NodeBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<NodeBatch, TInput>(ref reader, field)!;
        var batch = new NodeBatch(NodeMessageCodec.DecodeBatch(WireBytes.Read(ref reader, field)));
        ReferenceCodec.RecordObject(reader.Session, batch);
        return batch;
    }
}
