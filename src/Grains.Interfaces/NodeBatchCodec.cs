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
    /// <summary>What one batch may take between silos; far above what a link gathers (<c>LinkLimits</c>).</summary>
    private const int MostBytes = 64 << 20;
    private const int BytesAnEnvelope = 192;

    public NodeBatch DeepCopy(NodeBatch input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, NodeBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        var bytes = new SnapshotWriter(64 + BytesAnEnvelope * value!.Envelopes.Length);
        NodeMessageCodec.Encode(value.Envelopes, bytes);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(NodeBatch), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes.Written.Span);
    }

    public NodeBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<NodeBatch, TInput>(ref reader, field)!;
        field.EnsureWireType(WireType.LengthPrefixed);
        uint length = reader.ReadVarUInt32();
        if (length > MostBytes)
            throw new NodeMessageException($"A batch of {length} bytes is longer than {MostBytes}.");
        byte[] bytes = reader.ReadBytes(length);
        var batch = new NodeBatch(NodeMessageCodec.DecodeBatch(bytes));
        ReferenceCodec.RecordObject(reader.Session, batch);
        return batch;
    }
}
