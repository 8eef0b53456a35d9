namespace Exchange.Core.Journaling;

/// <summary>Sizes and marks of the journal's files; all numbers on disk are little-endian.</summary>
/// <remarks>
/// A segment is a header block and then batches, each a whole number of blocks. The file is zero-filled before it is
/// used and never reused, so that what a torn write has left out reads as zero. Decision: docs/decisions.
/// </remarks>
public static class JournalFormat
{
    /// <summary>The version this build writes, and the newest it reads.</summary>
    public const uint Version = 1;

    /// <summary>Batches start and end on this boundary: a block that holds acknowledged records is never written again.</summary>
    public const int BlockBytes = 4096;

    /// <summary>The most that a disk is trusted to write whole.</summary>
    public const int SectorBytes = 512;

    /// <summary>The last byte of every written sector: a sector ending in zero was never (wholly) written.</summary>
    public const byte SectorMark = 0xA5;

    /// <summary>The least that <c>MaxBatchBytes</c> may be.</summary>
    public const int LeastBatchBytes = BlockBytes;

    /// <summary>What a record takes of a batch, its header and padding included.</summary>
    public static int RecordBytes(int payloadBytes) => RecordHeader.WholeBytes(payloadBytes);

    /// <summary>The number of whole blocks' bytes that hold <paramref name="bytes"/>.</summary>
    public static int AlignToBlock(int bytes) => (bytes + BlockBytes - 1) & ~(BlockBytes - 1);
}
