using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>The first block of a segment: whose it is, and where in the chain it continues.</summary>
/// <remarks>Magic, version and checksum keep their places in every version, so that a newer one is known as such.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct SegmentHeader
{
    private const ulong ExpectedMagic = 0x4C4E_524A_5845_01DE;   // DE 01 "EXJRNL"
    private const int ChecksumOffset = 12;
    private const int AfterChecksum = 16;

    private ulong _magic;
    public uint Version;
    private uint _checksum;

    /// <summary>Drawn at random when the journal is created: files of two journals never mix.</summary>
    public ulong JournalId;

    /// <summary>1, 2, 3 …</summary>
    public ulong SegmentId;

    /// <summary>The epoch in which the segment was taken into use.</summary>
    public ulong Epoch;

    /// <summary>Of the first record that will be in this segment.</summary>
    public ulong FirstSequence;

    /// <summary>The chain after the last batch of the segment before.</summary>
    public ulong Chain;

    /// <summary>Length of the file.</summary>
    public long SegmentBytes;

    /// <summary>The most that one write, and so one torn write, may span.</summary>
    public int MaxBatchBytes;

    /// <summary>Fills one block.</summary>
    public readonly void Write(Span<byte> block)
    {
        Invariant.Holds(block.Length == JournalFormat.BlockBytes);
        SegmentHeader header = this;
        header._magic = ExpectedMagic;
        MemoryMarshal.Write(block, in header);
        SectorMarks.Set(block, Unsafe.SizeOf<SegmentHeader>());
        MemoryMarshal.Write(block[ChecksumOffset..], Checksum(block));
    }

    /// <summary>Judges one block as it was read.</summary>
    public static SegmentHeaderVerdict Read(ReadOnlySpan<byte> block, out SegmentHeader header)
    {
        Invariant.Holds(block.Length == JournalFormat.BlockBytes);
        header = MemoryMarshal.Read<SegmentHeader>(block);
        if (header._magic == ExpectedMagic && header._checksum == Checksum(block))
            return header.Version <= JournalFormat.Version ? SegmentHeaderVerdict.Valid : SegmentHeaderVerdict.Newer;
        if (block.IndexOfAnyExcept((byte)0) < 0)
            return SegmentHeaderVerdict.Blank;
        return SectorMarks.AnyMissing(block) ? SegmentHeaderVerdict.Torn : SegmentHeaderVerdict.Damaged;
    }

    private static uint Checksum(ReadOnlySpan<byte> block) =>
        Crc32C.Append(Crc32C.Append(uint.MaxValue, block[..ChecksumOffset]), block[AfterChecksum..]);
}

/// <summary>What a segment's first block turned out to be.</summary>
public enum SegmentHeaderVerdict
{
    Valid,

    /// <summary>All zero: prepared and not yet used.</summary>
    Blank,

    /// <summary>Its write never finished: nothing can have been written behind it.</summary>
    Torn,

    /// <summary>Written whole, and not what was written.</summary>
    Damaged,

    /// <summary>Intact, of a version this build does not know.</summary>
    Newer,
}
