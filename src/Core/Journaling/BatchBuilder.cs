using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>One batch being put together for one write. Reused; allocates nothing once made.</summary>
public sealed class BatchBuilder
{
    private readonly BlockBuffer _buffer;
    private int _used = BatchHeader.Bytes;
    private int _records;

    public BatchBuilder(int maxBatchBytes)
    {
        Invariant.Holds(maxBatchBytes >= JournalFormat.LeastBatchBytes);
        Invariant.Holds(maxBatchBytes % JournalFormat.BlockBytes == 0);
        _buffer = new BlockBuffer(maxBatchBytes);
        MaxBodyBytes = BodyLimit(maxBatchBytes);
    }

    /// <summary>The most that records may take; the rest is header, marks and padding.</summary>
    public int MaxBodyBytes { get; }

    /// <summary>The largest payload that fits a batch of its own.</summary>
    public static int MaxPayloadBytes(int maxBatchBytes) => BodyLimit(maxBatchBytes) - RecordHeader.Bytes;

    public int BodyBytes => _used - BatchHeader.Bytes;

    public int RecordCount => _records;

    /// <summary>Bytes on disk: a whole number of blocks.</summary>
    public int WholeBytes => SectorMarks.WholeBytes(_used);

    public void Clear()
    {
        _used = BatchHeader.Bytes;
        _records = 0;
    }

    internal void Add(ReadOnlySpan<byte> encodedRecords, int recordCount)
    {
        encodedRecords.CopyTo(_buffer.Span[_used..]);
        _used += encodedRecords.Length;
        _records += recordCount;
        Invariant.Holds(BodyBytes <= MaxBodyBytes);
    }

    /// <summary>Completes the batch; its bytes are valid until <see cref="Clear"/>.</summary>
    /// <param name="place">Where it will stand; sizes and checksums are filled in here.</param>
    /// <param name="journalId">As in the segment's header.</param>
    public ReadOnlySpan<byte> Seal(ref BatchHeader place, ulong journalId)
    {
        Invariant.Holds(place.Offset % JournalFormat.BlockBytes == 0);
        int whole = SectorMarks.Set(_buffer.Span, _used);
        Span<byte> batch = _buffer.Span[..whole];

        uint seed = Crc32C.Seed(journalId, place.SegmentId, place.Epoch);
        place.Magic = BatchHeader.ExpectedMagic;
        place.BodyBytes = BodyBytes;
        place.RecordCount = _records;
        place.BodyChecksum = Crc32C.Append(seed, batch[BatchHeader.Bytes..]);
        place.HeaderChecksum = 0;
        MemoryMarshal.Write(batch, in place);
        place.HeaderChecksum = BatchHeader.Checksum(batch, seed);
        MemoryMarshal.Write(batch[BatchHeader.ChecksumOffset..], in place.HeaderChecksum);
        return batch;
    }

    // One byte in 512 is kept apart for the marks; one in 256 leaves room for the bytes those skip.
    private static int BodyLimit(int maxBatchBytes) => (maxBatchBytes - (maxBatchBytes / 256) - BatchHeader.Bytes - 16) & ~7;
}
