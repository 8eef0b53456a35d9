using System.Buffers;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Exchange.Grains.Interfaces;

/// <summary>An account's events between silos, in binary. Within a silo they are not touched at all.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class OwnNewsCodec : IFieldCodec<OwnNews>, IDeepCopier<OwnNews>
{
    public OwnNews DeepCopy(OwnNews input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, OwnNews? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
            return;
        var bytes = new SnapshotWriter(256 + value!.Events.Length * 256);
        bytes.Write((byte)value.Refusal);
        Write(value.Begin, bytes);
        Write(value.Next, bytes);
        bytes.Write(value.Events.Length);
        foreach (ref readonly OwnEvent happened in value.Events.AsSpan())
            Write(in happened, bytes);
        WireBytes.Write(ref writer, fieldIdDelta, expectedType, typeof(OwnNews), bytes);
    }

    public OwnNews ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<OwnNews, TInput>(ref reader, field)!;
        var bytes = new SnapshotReader(WireBytes.Read(ref reader, field));
        var refusal = (CursorRefusal)bytes.ReadByte();
        OwnCursor begin = ReadCursor(bytes);
        OwnCursor next = ReadCursor(bytes);
        var events = new OwnEvent[bytes.ReadCount(bytes.Left)];
        foreach (ref OwnEvent happened in events.AsSpan())
            happened = ReadEvent(bytes);
        var news = new OwnNews(refusal, begin, events, next);
        ReferenceCodec.RecordObject(reader.Session, news);
        return news;
    }

    private static void Write(in OwnEvent happened, SnapshotWriter to)
    {
        to.WriteStruct(happened.Happened);
        Write(happened.Cursor, to);
        to.Write(happened.Order is not null);
        if (happened.Order is { } order)
            CommandReplyWire.Write(order, to);
    }

    private static OwnEvent ReadEvent(SnapshotReader from)
    {
        FeedEvent happened = from.ReadStruct<FeedEvent>();
        OwnCursor cursor = ReadCursor(from);
        return new OwnEvent(happened, from.ReadBool() ? CommandReplyWire.ReadOrder(from) : null, cursor);
    }

    private static void Write(OwnCursor cursor, SnapshotWriter to)
    {
        to.Write(cursor.Count);
        to.Write(cursor.Number);
        to.WriteStructs(cursor.Ahead);
    }

    private static OwnCursor ReadCursor(SnapshotReader from) =>
        new(from.ReadUInt64(), from.ReadUInt64(), from.ReadStructs<OwnPlace>(OwnCursor.MostAhead));
}
