using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>A count of own events, and the last number it came to.</summary>
public readonly record struct OwnCount(ulong Count, ulong Last);

/// <summary>What an <see cref="OwnFeed"/> keeps, to go on after a stop: cursors of before are good then.</summary>
/// <param name="Counts">Of the starts up to now, the last one last; never empty.</param>
/// <param name="Events">The last ones, oldest first.</param>
public sealed record OwnHistory(OwnCount[] Counts, FeedEvent[] Events)
{
    /// <summary>Cursors of older starts are too old.</summary>
    public const int MostCounts = 16;

    private const int CountBytes = 2 * sizeof(ulong);

    /// <summary>The bytes of it; of this version of the events only.</summary>
    public byte[] ToBytes()
    {
        ReadOnlySpan<byte> events = MemoryMarshal.AsBytes(Events.AsSpan());
        var bytes = new byte[2 * sizeof(int) + Counts.Length * CountBytes + events.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Counts.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int)), Marshal.SizeOf<FeedEvent>());
        Span<byte> rest = bytes.AsSpan(2 * sizeof(int));
        foreach (OwnCount count in Counts)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, count.Count);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[sizeof(ulong)..], count.Last);
            rest = rest[CountBytes..];
        }

        events.CopyTo(rest);
        return bytes;
    }

    /// <summary>Null: it is not what <see cref="ToBytes"/> of this version makes.</summary>
    public static OwnHistory? FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 * sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(int)..]) != Marshal.SizeOf<FeedEvent>())
            return null;
        int counts = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes = bytes[(2 * sizeof(int))..];
        if (counts is < 1 or > MostCounts || bytes.Length < counts * CountBytes || (bytes.Length - counts * CountBytes) % Marshal.SizeOf<FeedEvent>() != 0)
            return null;
        var known = new OwnCount[counts];
        foreach (ref OwnCount count in known.AsSpan())
        {
            count = new OwnCount(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]));
            bytes = bytes[CountBytes..];
        }

        FeedEvent[] events = MemoryMarshal.Cast<byte, FeedEvent>(bytes).ToArray();
        return known[^1].Last >= (ulong)events.Length ? new OwnHistory(known, events) : null;
    }
}
