using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>An account's events between silos, in binary.</summary>
[RegisterSerializer]
[RegisterCopier]
public sealed class OwnNewsCodec : WireCodec<OwnNews>
{
    protected override void Write(OwnNews value, SnapshotWriter to)
    {
        to.Write((byte)value.Refusal);
        Write(value.Begin, to);
        Write(value.Next, to);
        to.Write(value.Events.Length);
        foreach (ref readonly OwnEvent happened in value.Events.AsSpan())
            Write(in happened, to);
    }

    protected override OwnNews Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new SnapshotReader(bytes);
        var refusal = (CursorRefusal)from.ReadByte();
        OwnCursor begin = ReadCursor(from);
        OwnCursor next = ReadCursor(from);
        var events = new OwnEvent[from.ReadCount(from.Left)];
        foreach (ref OwnEvent happened in events.AsSpan())
            happened = ReadEvent(from);
        return new OwnNews(refusal, begin, events, next);
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
