using System.Numerics;
using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>The first 64 bytes of a batch. It names its own place, so that a misdirected write is found.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct BatchHeader
{
    public const int Bytes = 64;
    internal const uint ExpectedMagic = 0x4843_5442;   // "BTCH"
    internal const int ChecksumOffset = 4;
    internal const int AfterChecksum = 8;

    internal uint Magic;
    internal uint HeaderChecksum;
    internal uint BodyChecksum;

    /// <summary>Bytes of the records, without marks and padding.</summary>
    public int BodyBytes;

    public int RecordCount;
    public BatchKind Kind;
    public ulong SegmentId;
    public ulong Epoch;

    /// <summary>Where in its file it stands.</summary>
    public long Offset;

    /// <summary>Of its first record; for a batch without records, of the next one to come.</summary>
    public ulong FirstSequence;

    /// <summary>The chain after the batch before.</summary>
    public ulong PreviousChain;

    /// <summary>Bytes on disk: a whole number of blocks.</summary>
    public readonly int WholeBytes => SectorMarks.WholeBytes(Bytes + BodyBytes);

    /// <summary>Binds this batch, and through the one before it all before, to whatever follows.</summary>
    public readonly ulong NextChain
    {
        get
        {
            ulong own = ((ulong)BodyChecksum << 32) | HeaderChecksum;
            ulong mixed = unchecked((PreviousChain ^ own) * 0x9E37_79B9_7F4A_7C15);
            return BitOperations.RotateLeft(mixed, 29) ^ own;
        }
    }

    /// <summary>Reads a header whose checksum fits this journal and segment.</summary>
    /// <param name="window">Starts where a batch may start.</param>
    /// <param name="journalId">As in the segment's header.</param>
    /// <param name="segmentId">As in the segment's header.</param>
    /// <param name="header">Only meaningful if true is returned.</param>
    public static bool TryRead(ReadOnlySpan<byte> window, ulong journalId, ulong segmentId, out BatchHeader header)
    {
        Invariant.Holds(window.Length >= Bytes);
        header = MemoryMarshal.Read<BatchHeader>(window);
        if (header.Magic != ExpectedMagic || header.SegmentId != segmentId)
            return false;
        if (header.HeaderChecksum != Checksum(window, Crc32C.Seed(journalId, segmentId, header.Epoch)))
            return false;
        return header.BodyBytes >= 0 && header.RecordCount >= 0;
    }

    internal static uint Checksum(ReadOnlySpan<byte> batch, uint seed) =>
        Crc32C.Append(Crc32C.Append(seed, batch[..ChecksumOffset]), batch[AfterChecksum..Bytes]);
}

/// <summary>Why a batch was written.</summary>
public enum BatchKind : uint
{
    Records = 1,

    /// <summary>The first of an epoch, without records: what precedes it was recovered and is durable.</summary>
    Opening = 2,

    /// <summary>The last of an orderly stop, without records.</summary>
    Closing = 3,
}
