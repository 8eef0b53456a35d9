using System.Diagnostics;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>Batches between silos: the core's own form as one run of bytes.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class NodeBatchCodec : WireCodec<NodeBatch>
{
    private const int BytesAnEnvelope = 192;
    private const int TraceIdBytes = 16;
    private const int TraceBytes = TraceIdBytes + sizeof(ulong);

    protected override int BytesOf(NodeBatch value) => 64 + BytesAnEnvelope * value.Envelopes.Length;

    protected override void Write(NodeBatch value, SnapshotWriter to)
    {
        WriteTrace(value.Trace, to);
        NodeMessageCodec.Encode(value.Envelopes, to);
    }

    protected override NodeBatch Read(ReadOnlyMemory<byte> bytes)
    {
        ActivityContext trace = ReadTrace(ref bytes);
        return new NodeBatch(NodeMessageCodec.DecodeBatch(bytes), trace);
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
