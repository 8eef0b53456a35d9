using System.Diagnostics;
using System.Text;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>Batches between silos: the core's own form as one run of bytes.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class NodeBatchCodec : WireCodec<NodeBatch>
{
    private const int TraceIdBytes = 16;
    private const int TraceBytes = TraceIdBytes + sizeof(ulong);
    private const byte IsTraced = 1;
    private const byte HasSilo = 2;
    private const int MostSiloBytes = 256;

    /// <summary>A byte that says what comes first: the span that is recorded and the envelope that it led to, and the silo; then the envelopes.</summary>
    protected override void Write(NodeBatch value, SnapshotWriter to)
    {
        bool isTraced = value.Trace.TraceId != default;
        to.Write((byte)((isTraced ? IsTraced : 0) | (value.Silo is not null ? HasSilo : 0)));
        if (isTraced)
        {
            Span<byte> ids = stackalloc byte[TraceBytes];
            value.Trace.TraceId.CopyTo(ids[..TraceIdBytes]);
            value.Trace.SpanId.CopyTo(ids[TraceIdBytes..]);
            to.WriteBytes(ids);
            to.Write(value.Traced);
        }

        if (value.Silo is { } silo)
            to.WriteStructs<byte>(Encoding.ASCII.GetBytes(silo));
        NodeMessageCodec.Encode(value.Envelopes, to);
    }

    protected override NodeBatch Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var from = new SnapshotReader(bytes);
            byte has = from.ReadByte();
            ActivityContext trace = (has & IsTraced) != 0 ? ReadTrace(from) : default;
            int traced = (has & IsTraced) != 0 ? from.ReadInt32() : 0;
            string? silo = (has & HasSilo) != 0 ? Encoding.ASCII.GetString(from.ReadStructs<byte>(MostSiloBytes)) : null;
            return new NodeBatch(NodeMessageCodec.DecodeBatch(bytes[from.Position..]), trace, traced, silo);
        }
        catch (SnapshotException broken)
        {
            throw new NodeMessageException("A batch ends before its envelopes.", broken);
        }
    }

    private static ActivityContext ReadTrace(SnapshotReader from)
    {
        Span<byte> ids = stackalloc byte[TraceBytes];
        foreach (ref byte one in ids)
            one = from.ReadByte();
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(ids[..TraceIdBytes]), ActivitySpanId.CreateFromBytes(ids[TraceIdBytes..]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
