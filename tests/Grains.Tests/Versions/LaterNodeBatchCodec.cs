using System.Buffers;
using System.Collections.Concurrent;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Tests.Versions;

/// <summary>Batches as two builds write and read them: while it is so, in a form that this one does not know.</summary>
internal sealed class LaterNodeBatchCodec(LaterBuild later) : IFieldCodec<NodeBatch>
{
    private readonly NodeBatchCodec _ofThisBuild = new();

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, NodeBatch? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (!later.Writes || value is null)
        {
            _ofThisBuild.WriteField(ref writer, fieldIdDelta, expectedType, value);
            return;
        }

        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        byte[] content = [WireCodec.Version + 1, 0xC0, 0xFF, 0xEE];
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(NodeBatch), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)content.Length);
        writer.Write(content);
    }

    public NodeBatch ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        try
        {
            return _ofThisBuild.ReadValue(ref reader, field);
        }
        catch (NodeMessageException refusal)
        {
            later.Refusals.Enqueue(refusal.Message);
            throw;
        }
    }
}

/// <summary>A build to come.</summary>
internal sealed class LaterBuild
{
    private volatile bool _writes;

    /// <summary>What silos say to each other is in its form.</summary>
    public bool Writes { get => _writes; set => _writes = value; }

    /// <summary>What the build that does not know it said.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();
}
