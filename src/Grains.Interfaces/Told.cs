using System.Buffers;
using System.Text.Json;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>What a reader asked for: a view of the port, never changed once made.</summary>
public sealed record Told<T>(T Value);

/// <summary>Views between silos, as JSON: they are asked for by people and programs, not on an order's way.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class ToldCodec<T> : IFieldCodec<Told<T>>, IDeepCopier<Told<T>>
{
    private const int MostBytes = 64 << 20;

    public Told<T> DeepCopy(Told<T> input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Told<T>? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value!.Value);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(Told<T>), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    public Told<T> ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<Told<T>, TInput>(ref reader, field)!;
        field.EnsureWireType(WireType.LengthPrefixed);
        uint length = reader.ReadVarUInt32();
        if (length > MostBytes)
            throw new InvalidDataException($"A view of {length} bytes is longer than {MostBytes}.");
        var told = new Told<T>(JsonSerializer.Deserialize<T>(reader.ReadBytes(length))!);
        ReferenceCodec.RecordObject(reader.Session, told);
        return told;
    }
}
