using System.Buffers;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>How a batch in the core's own form travels in a message between silos: as one run of bytes.</summary>
internal static class WireBytes
{
    /// <summary>What one batch may take between silos; far above what a link gathers (<c>LinkLimits</c>).</summary>
    private const int MostBytes = 64 << 20;

    public static void Write<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Type type, SnapshotWriter bytes)
        where TBufferWriter : IBufferWriter<byte>
    {
        writer.WriteFieldHeader(fieldIdDelta, expectedType, type, WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes.Written.Span);
    }

    /// <exception cref="NodeMessageException">They are more than any batch has.</exception>
    public static byte[] Read<TInput>(ref Reader<TInput> reader, Field field)
    {
        field.EnsureWireType(WireType.LengthPrefixed);
        uint length = reader.ReadVarUInt32();
        return length <= MostBytes ? reader.ReadBytes(length) : throw new NodeMessageException($"A batch of {length} bytes is longer than {MostBytes}.");
    }
}
