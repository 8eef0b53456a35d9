using System.Buffers;
using System.Diagnostics;
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
    private const int TraceIdBytes = 16;
    private const int TraceBytes = TraceIdBytes + sizeof(ulong);

    public NodeBatch DeepCopy(NodeBatch input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, NodeBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        var bytes = new SnapshotWriter(64 + BytesAnEnvelope * value!.Envelopes.Length);
        WriteTrace(value.Trace, bytes);
        NodeMessageCodec.Encode(value.Envelopes, bytes);
        WireBytes.Write(ref writer, fieldIdDelta, expectedType, typeof(NodeBatch), bytes);
    }

    public NodeBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<NodeBatch, TInput>(ref reader, field)!;
        ReadOnlyMemory<byte> bytes = WireBytes.Read(ref reader, field);
        ActivityContext trace = ReadTrace(ref bytes);
        var batch = new NodeBatch(NodeMessageCodec.DecodeBatch(bytes), trace);
        ReferenceCodec.RecordObject(reader.Session, batch);
        return batch;
    }

    /// <summary>A byte that says whether there is one, and if so its ids: what is told of is recorded.</summary>
    private static void WriteTrace(ActivityContext trace, SnapshotWriter to)
    {
        bool isTraced = trace.TraceId != default;
        to.Write(isTraced);
        if (!isTraced)
            return;
        Span<byte> ids = stackalloc byte[TraceBytes];
        trace.TraceId.CopyTo(ids[..TraceIdBytes]);
        trace.SpanId.CopyTo(ids[TraceIdBytes..]);
        foreach (byte one in ids)
            to.Write(one);
    }

    private static ActivityContext ReadTrace(ref ReadOnlyMemory<byte> bytes)
    {
        bool isTraced = !bytes.IsEmpty && bytes.Span[0] != 0;
        if (bytes.Length < 1 + (isTraced ? TraceBytes : 0))
            throw new NodeMessageException("A batch ends within its trace.");
        ReadOnlySpan<byte> ids = bytes.Span[1..];
        ActivityContext trace = isTraced
            ? new ActivityContext(
                ActivityTraceId.CreateFromBytes(ids[..TraceIdBytes]), ActivitySpanId.CreateFromBytes(ids[TraceIdBytes..TraceBytes]),
                ActivityTraceFlags.Recorded, isRemote: true)
            : default;
        bytes = bytes[(1 + (isTraced ? TraceBytes : 0))..];
        return trace;
    }
}
