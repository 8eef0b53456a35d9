using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>Where a reader stands: what the next batch must continue.</summary>
public struct JournalPosition
{
    public ulong LastSequence;
    public ulong Chain;
    public ulong Epoch;
}

/// <summary>What stands where a batch is expected.</summary>
public enum BatchVerdict
{
    /// <summary>Intact and next in the chain.</summary>
    Valid,

    /// <summary>Nothing was written here, or later sectors only.</summary>
    Absent,

    /// <summary>Some sectors are missing: a write that never finished, if nothing follows.</summary>
    Torn,

    /// <summary>Wholly written, and not what was written.</summary>
    Damaged,

    /// <summary>Intact, but it does not continue what is before it: a write went astray or was lost.</summary>
    Misplaced,
}

/// <summary>Judges and reads one batch.</summary>
public static class BatchCheck
{
    /// <summary>Judges what stands at the start of <paramref name="window"/>; restores the records' bytes if valid.</summary>
    /// <param name="window">Reaches at least to the end of the batch, or to the end of the segment.</param>
    /// <param name="segment">The segment's header.</param>
    /// <param name="offset">Of the window in its file.</param>
    /// <param name="position">What the batch must continue.</param>
    /// <param name="header">Meaningful unless the header itself is absent, torn or damaged (then it has no bytes).</param>
    public static BatchVerdict Judge(
        Span<byte> window, in SegmentHeader segment, long offset, in JournalPosition position, out BatchHeader header)
    {
        if (!BatchHeader.TryRead(window, segment.JournalId, segment.SegmentId, out header))
        {
            header = default;
            Span<byte> first = window[..JournalFormat.SectorBytes];
            if (!SectorMarks.AnyMissing(first))
                return BatchVerdict.Damaged;
            return first.ContainsAnyExcept((byte)0) ? BatchVerdict.Torn : BatchVerdict.Absent;
        }

        int whole = header.WholeBytes;
        if (whole > window.Length)
            return BatchVerdict.Damaged;
        Span<byte> batch = window[..whole];
        uint seed = Crc32C.Seed(segment.JournalId, segment.SegmentId, header.Epoch);
        if (Crc32C.Append(seed, batch[BatchHeader.Bytes..]) != header.BodyChecksum)
            return SectorMarks.AnyMissing(batch) ? BatchVerdict.Torn : BatchVerdict.Damaged;
        if (!Continues(header, offset, position))
            return BatchVerdict.Misplaced;

        SectorMarks.Restore(batch, BatchHeader.Bytes + header.BodyBytes);
        return BatchVerdict.Valid;
    }

    /// <summary>Passes the records of a valid batch on.</summary>
    /// <returns>False if the records are not what the header says, which no disk can bring about.</returns>
    public static bool Read(ReadOnlySpan<byte> window, in BatchHeader header, ulong afterSequence, JournalRecordHandler handler)
    {
        ReadOnlySpan<byte> left = window.Slice(BatchHeader.Bytes, header.BodyBytes);
        for (int index = 0; index < header.RecordCount; index++)
        {
            if (left.Length < RecordHeader.Bytes)
                return false;
            ref readonly RecordHeader record = ref Unsafe.As<byte, RecordHeader>(ref MemoryMarshal.GetReference(left));
            if (record.Sequence != header.FirstSequence + (ulong)index)
                return false;
            if (record.PayloadBytes < 0 || record.PayloadBytes > left.Length - RecordHeader.Bytes)
                return false;
            if (record.Sequence > afterSequence)
                handler(new JournalRecord(in record, left.Slice(RecordHeader.Bytes, record.PayloadBytes)));
            left = left[RecordHeader.WholeBytes(record.PayloadBytes)..];
        }

        return left.IsEmpty;
    }

    /// <summary>The position after a valid batch.</summary>
    public static JournalPosition After(in BatchHeader header) => new()
    {
        LastSequence = header.FirstSequence + (ulong)header.RecordCount - 1,
        Chain = header.NextChain,
        Epoch = header.Epoch,
    };

    private static bool Continues(in BatchHeader header, long offset, in JournalPosition position)
    {
        if (header.Offset != offset || header.PreviousChain != position.Chain)
            return false;
        if (header.FirstSequence != position.LastSequence + 1)
            return false;
        // The segment may have been taken into use, in this same epoch, for the opening batch itself.
        return header.Kind == BatchKind.Opening ? header.Epoch >= position.Epoch : header.Epoch == position.Epoch;
    }
}
