using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Wire;

/// <summary>Reads what a <see cref="SnapshotWriter"/> wrote, in the same order; checks tags, lengths and counts.</summary>
/// <remarks>Anything that does not fit throws <see cref="SnapshotException"/>: the snapshot is damaged or of another version.</remarks>
public sealed class SnapshotReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _sectionEnds = new int[SnapshotWriter.MaxDepth + 1];
    private readonly uint[] _sectionTags = new uint[SnapshotWriter.MaxDepth + 1];
    private int _depth;
    private int _at;

    public SnapshotReader(ReadOnlyMemory<byte> bytes)
    {
        Invariant.Holds(BitConverter.IsLittleEndian);
        _bytes = bytes;
        _sectionEnds[0] = bytes.Length;
    }

    /// <summary>Bytes read so far.</summary>
    public int Position => _at;

    /// <summary>Whether the open section (or the whole snapshot) is read to its end.</summary>
    public bool IsAtEnd => _at == _sectionEnds[_depth];

    /// <summary>Bytes that the open section (or the whole) still has.</summary>
    public int Left => _sectionEnds[_depth] - _at;

    /// <summary>Enters the next section, which must have this tag.</summary>
    public void BeginSection(uint tag)
    {
        Invariant.Holds(_depth < SnapshotWriter.MaxDepth);
        uint found = ReadUInt32();
        int length = ReadInt32();
        if (found != tag)
            throw Bad($"section {SnapshotTag.Text(tag)} expected, {SnapshotTag.Text(found)} found");
        if (length < 0 || length > _sectionEnds[_depth] - _at)
            throw Bad($"section {SnapshotTag.Text(tag)} of {length} bytes is cut short");
        _sectionEnds[++_depth] = _at + length;
        _sectionTags[_depth] = tag;
    }

    /// <summary>Leaves a section, which must have been read to its end.</summary>
    public void EndSection()
    {
        Invariant.Holds(_depth > 0);
        if (!IsAtEnd)
            throw Bad($"section {SnapshotTag.Text(_sectionTags[_depth])} has {_sectionEnds[_depth] - _at} bytes too many");
        _depth--;
    }

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public Int128 ReadInt128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    public byte ReadByte() => Take(1)[0];

    public bool ReadBool() => ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw Bad($"{other} is no truth value"),
    };

    /// <summary>A count written as an Int32, between 0 and <paramref name="max"/>.</summary>
    public int ReadCount(int max)
    {
        int count = ReadInt32();
        return count >= 0 && count <= max ? count : throw Bad($"count {count} is not within 0 and {max}");
    }

    public T ReadStruct<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    /// <summary>Structs written by <see cref="SnapshotWriter.WriteStructs"/>, at most <paramref name="max"/>, as a new array.</summary>
    public T[] ReadStructs<T>(int max)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = TakeStructs<T>(max, out int count);
        var items = new T[count];
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        return items;
    }

    /// <summary>Structs into an array that is there already; returns how many.</summary>
    public int ReadStructs<T>(Span<T> destination)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = TakeStructs<T>(destination.Length, out int count);
        bytes.CopyTo(MemoryMarshal.AsBytes(destination));
        return count;
    }

    private ReadOnlySpan<byte> TakeStructs<T>(int max, out int count)
        where T : unmanaged
    {
        count = ReadCount(max);
        long bytes = (long)count * Unsafe.SizeOf<T>();
        return bytes <= _sectionEnds[_depth] - _at ? Take((int)bytes) : throw Bad($"{count} items are cut short");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _sectionEnds[_depth] - _at)
            throw Bad($"{count} bytes expected, {_sectionEnds[_depth] - _at} left");
        _at += count;
        return _bytes.Span.Slice(_at - count, count);
    }

    private SnapshotException Bad(string what) => new($"Snapshot at byte {_at}: {what}.");
}

/// <summary>A snapshot does not read as one: damaged, cut short, or written by another version.</summary>
public sealed class SnapshotException : Exception
{
    public SnapshotException(string message)
        : base(message)
    {
    }
}
