using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Wire;

/// <summary>Collects a machine's state as bytes: little-endian numbers and raw structs, in sections that name themselves.</summary>
/// <remarks>
/// A section is a tag, a length and its content; sections nest up to <see cref="MaxDepth"/>. The reader checks both, so a
/// machine that reads one field too few or too many is found at once. Integrity of the bytes is the store's business.
/// </remarks>
public sealed class SnapshotWriter
{
    public const int MaxDepth = 8;

    private readonly int[] _openSections = new int[MaxDepth];
    private byte[] _bytes;
    private int _length;
    private int _depth;

    public SnapshotWriter(int initialCapacity = 4096)
    {
        Invariant.Holds(BitConverter.IsLittleEndian);
        _bytes = new byte[initialCapacity];
    }

    /// <summary>All that was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Invariant.Holds(_depth == 0);
            return _bytes.AsMemory(0, _length);
        }
    }

    public int Length => _length;

    /// <summary>Forgets the content, keeps the memory.</summary>
    public void Clear()
    {
        _length = 0;
        _depth = 0;
    }

    /// <summary>Opens a section; <paramref name="tag"/> is four characters (<see cref="SnapshotTag.Of"/>).</summary>
    public void BeginSection(uint tag)
    {
        Invariant.Holds(_depth < MaxDepth);
        Write(tag);
        _openSections[_depth++] = _length;
        Write(0);
    }

    public void EndSection()
    {
        Invariant.Holds(_depth > 0);
        int at = _openSections[--_depth];
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), _length - at - sizeof(int));
    }

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Grow(sizeof(long)), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Grow(sizeof(ulong)), value);

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Grow(sizeof(int)), value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Grow(sizeof(uint)), value);

    public void Write(Int128 value) => BinaryPrimitives.WriteInt128LittleEndian(Grow(16), value);

    public void Write(byte value) => Grow(1)[0] = value;

    public void Write(bool value) => Grow(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes one struct as it lies in memory.</summary>
    public void WriteStruct<T>(in T item)
        where T : unmanaged => MemoryMarshal.Write(Grow(Unsafe.SizeOf<T>()), in item);

    /// <summary>Writes the count, then the structs as they lie in memory.</summary>
    public void WriteStructs<T>(ReadOnlySpan<T> items)
        where T : unmanaged
    {
        Write(items.Length);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(items);
        bytes.CopyTo(Grow(bytes.Length));
    }

    /// <summary>Writes bytes as they are, without their count.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    private Span<byte> Grow(int count)
    {
        int at = _length;
        int needed = at + count;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)needed, 2L * _bytes.Length)));
        _length = needed;
        return _bytes.AsSpan(at, count);
    }
}

/// <summary>Names of sections: four ASCII characters in a word.</summary>
public static class SnapshotTag
{
    public static uint Of(string fourCharacters)
    {
        Invariant.Holds(fourCharacters.Length == 4);
        uint tag = 0;
        for (int i = 3; i >= 0; i--)
        {
            Invariant.Holds(fourCharacters[i] is > ' ' and < (char)127);
            tag = (tag << 8) | fourCharacters[i];
        }

        return tag;
    }

    /// <summary>The tag as text, for messages.</summary>
    public static string Text(uint tag)
    {
        Span<char> text = stackalloc char[4];
        for (int i = 0; i < 4; i++)
        {
            uint c = (tag >> (8 * i)) & 0xff;
            text[i] = c is > ' ' and < 127 ? (char)c : '?';
        }

        return new string(text);
    }
}
