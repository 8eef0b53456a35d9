using System.Buffers;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>The form of all that travels between silos.</summary>
public static class WireCodec
{
    /// <summary>First byte of everything; a change of anything that travels raises it.</summary>
    public const byte Version = 1;
}

/// <summary>How what is never changed once made travels in a message between silos: in the core's own form, as one run of bytes.</summary>
/// <remarks>Within a silo it is not touched at all. A codec derived from this registers itself with Orleans.</remarks>
public abstract class WireCodec<T> : IFieldCodec<T>, IDeepCopier<T>
    where T : class
{
    /// <summary>What one batch may take between silos; far above what a link gathers (<c>LinkLimits</c>).</summary>
    private const int MostBytes = 64 << 20;

    /// <summary>A room that held more is not kept for the next batch.</summary>
    private const int MostKept = 1 << 20;

    /// <summary>Where the last batch was put together, for whoever is first with the next.</summary>
    private SnapshotWriter? _room;

    public T DeepCopy(T input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        SnapshotWriter bytes = Interlocked.Exchange(ref _room, null) ?? new SnapshotWriter();
        bytes.Clear();
        Write(value!, bytes);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(T), WireType.LengthPrefixed);
        writer.WriteVarUInt32(sizeof(byte) + (uint)bytes.Length);
        writer.WriteByte(WireCodec.Version);
        writer.Write(bytes.Written.Span);
        if (bytes.Length <= MostKept)
            _room = bytes;
    }

    /// <exception cref="NodeMessageException">It is of another version, or longer than any batch is.</exception>
    public T ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<T, TInput>(ref reader, field)!;
        field.EnsureWireType(WireType.LengthPrefixed);
        uint length = reader.ReadVarUInt32();
        if (length > MostBytes)
            throw new NodeMessageException($"A batch of {length} bytes is longer than {MostBytes}.");
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)length);
        T value;
        try
        {
            reader.ReadBytes(bytes.AsSpan(0, (int)length));
            byte version = length == 0 ? (byte)0 : bytes[0];
            if (version != WireCodec.Version)
                throw new NodeMessageException($"{typeof(T).Name} of version {version} is not known here, {WireCodec.Version} is.");
            value = Read(bytes.AsMemory(sizeof(byte), (int)length - sizeof(byte)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        ReferenceCodec.RecordObject(reader.Session, value);
        return value;
    }

    protected abstract void Write(T value, SnapshotWriter to);

    /// <param name="bytes">Used again afterwards: what is kept of them is copied.</param>
    protected abstract T Read(ReadOnlyMemory<byte> bytes);
}
