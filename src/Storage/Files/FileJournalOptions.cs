using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Where the journal lives and how much it may take.</summary>
public sealed class FileJournalOptions
{
    public const int LeastSegmentBytes = 4 * JournalFormat.BlockBytes;

    /// <summary>Folder of the journal alone; must exist. No default: to lose it is to lose the exchange.</summary>
    public required string Directory { get; init; }

    /// <summary>Length of each file; at least a header and the largest batch.</summary>
    public long SegmentBytes { get; init; } = 128L << 20;

    /// <summary>Zero-filled files kept ready: the reserve that lasts while the disk is nearly full.</summary>
    public int PreparedSegments { get; init; } = 2;

    /// <summary>Ring between appender and writer, a power of two; full, it refuses records.</summary>
    public int QueueBytes { get; init; } = 16 << 20;

    /// <summary>The most one write takes along; bounds a payload too.</summary>
    public int MaxBatchBytes { get; init; } = 4 << 20;

    /// <summary>Free space on the disk below which the journal reports <see cref="JournalHealth.NearlyFull"/>.</summary>
    public long NearlyFullBytes { get; init; } = 512L << 20;

    /// <summary>How often free space is measured, in milliseconds.</summary>
    public int WatchIntervalMs { get; init; } = 1000;

    /// <summary>
    /// Lets a new journal begin behind a snapshot. Only for an operator's upgrade: otherwise a snapshot without its
    /// journal means that the journal was lost.
    /// </summary>
    public bool StartAfterSnapshot { get; init; }

    /// <summary>False in tests only: the caller does the writer's and the preparer's work, step by step.</summary>
    internal bool OwnThreads { get; init; } = true;

    /// <summary>In tests only: what identifies a new journal; otherwise drawn at random.</summary>
    internal ulong? NewJournalId { get; init; }

    internal void Validate()
    {
        Check(Directory.Length > 0, nameof(Directory), "is required");
        Check(MaxBatchBytes >= JournalFormat.LeastBatchBytes, nameof(MaxBatchBytes), "is less than a block");
        Check(MaxBatchBytes % JournalFormat.BlockBytes == 0, nameof(MaxBatchBytes), "is no whole number of blocks");
        Check(SegmentBytes % JournalFormat.BlockBytes == 0, nameof(SegmentBytes), "is no whole number of blocks");
        Check(SegmentBytes >= LeastSegmentBytes, nameof(SegmentBytes), "is too small");
        Check(SegmentBytes >= JournalFormat.BlockBytes + (long)MaxBatchBytes, nameof(SegmentBytes), "cannot hold a batch");
        Check((QueueBytes & (QueueBytes - 1)) == 0, nameof(QueueBytes), "is no power of two");
        Check(QueueBytes >= 2L * MaxBatchBytes, nameof(QueueBytes), "is less than two batches");
        Check(PreparedSegments is >= 1 and <= 64, nameof(PreparedSegments), "is not from 1 to 64");
        Check(WatchIntervalMs > 0, nameof(WatchIntervalMs), "is not positive");
        Check(NearlyFullBytes >= 0, nameof(NearlyFullBytes), "is negative");
    }

    private static void Check(bool holds, string option, string problem)
    {
        if (!holds)
            throw new ArgumentException($"Journal option {option} {problem}.", option);
    }
}
