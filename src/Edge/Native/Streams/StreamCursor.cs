using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Exchange.Edge.Native.Streams;

/// <summary>A client's place among the events of its account: which of the server's counts, and a number in it.</summary>
internal readonly record struct StreamCursor(ulong Count, ulong Number)
{
    private const int Bytes = 16;

    /// <summary>A name for a new count: a cursor of another one is never taken for one of this.</summary>
    public static ulong NewCount() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public static bool TryParse(ReadOnlySpan<char> text, out StreamCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Bytes + 2];
        cursor = default;
        if (text.Length > 24 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int length) || length != Bytes)
            return false;
        cursor = new StreamCursor(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Number);
        return Base64Url.EncodeToString(bytes);
    }
}
