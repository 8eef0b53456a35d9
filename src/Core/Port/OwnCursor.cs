using System.Buffers.Binary;
using System.Buffers.Text;

namespace Exchange.Core.Port;

/// <summary>A place among the events of one account, to go on from after having been away. Clients keep it as opaque text.</summary>
/// <remarks>
/// One number is enough where one counter numbers the events. Where an account that comes up again may apply in another order what it
/// had not written yet, the places in its sources that it was ahead of <see cref="Number"/> come along (docs/protocol.md 4).
/// </remarks>
public readonly struct OwnCursor(ulong count, ulong number, OwnPlace[]? ahead = null)
{
    /// <summary>Sources that a cursor can name; of more, some events are told twice.</summary>
    public const int MostAhead = 64;

    private const int HeadBytes = 16;
    private const int PlaceBytes = 12;
    private const int MostBytes = HeadBytes + MostAhead * PlaceBytes;
    private readonly OwnPlace[]? _ahead = ahead is { Length: > MostAhead } ? ahead[..MostAhead] : ahead;

    /// <summary>Which count of numbers it is of: a cursor of another one is never taken for one of this.</summary>
    public ulong Count => count;

    /// <summary>Events up to here are told.</summary>
    public ulong Number => number;

    /// <summary>Sources of which later events are told too, and up to where.</summary>
    public ReadOnlySpan<OwnPlace> Ahead => _ahead;

    public static bool TryParse(ReadOnlySpan<char> text, out OwnCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[MostBytes + 2];
        cursor = default;
        if (text.Length > (MostBytes + 2) / 3 * 4 || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out int length) || length < HeadBytes || (length - HeadBytes) % PlaceBytes != 0
            || length > MostBytes)
            return false;
        var ahead = new OwnPlace[(length - HeadBytes) / PlaceBytes];
        for (int i = 0; i < ahead.Length; i++)
        {
            ReadOnlySpan<byte> place = bytes[(HeadBytes + i * PlaceBytes)..];
            ahead[i] = new OwnPlace(BinaryPrimitives.ReadInt32LittleEndian(place), BinaryPrimitives.ReadUInt64LittleEndian(place[4..]));
        }

        cursor = new OwnCursor(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), ahead);
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Number);
        int length = HeadBytes;
        foreach (OwnPlace place in Ahead)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[length..], place.Source);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(length + 4)..], place.Number);
            length += PlaceBytes;
        }

        return Base64Url.EncodeToString(bytes[..length]);
    }
}

/// <summary>How far the events of one source are told: a symbol's book, or the account itself (-1).</summary>
public readonly record struct OwnPlace(int Source, ulong Number);
