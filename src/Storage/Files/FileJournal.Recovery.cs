using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <content>Finding the end of the records.</content>
public sealed partial class FileJournal
{
    private static JournalTail Recover(IFileSystem files, FileJournalOptions options, JournalFolder folder,
        ulong afterSequence, JournalRecordHandler replay, out JournalRecovery recovery)
    {
        JournalHeadState head = folder.Head.State;
        if (head.PreparedThrough < head.FirstSegment)
        {
            recovery = new JournalRecovery { LastSequence = afterSequence, Epoch = head.Epoch };
            return RequireEmptyStart(options, head, afterSequence);
        }

        using var reader = new JournalReader(options.Directory, afterSequence, files, head);
        ulong records = 0;
        long lastTimeMs = 0;
        JournalTail tail = reader.FindTail((in record) =>
        {
            records++;
            lastTimeMs = record.TimeMs;
            replay(record);
        });
        if (tail.SegmentId == 0)
            tail = RequireEmptyStart(options, head, afterSequence);
        else if (tail.Position.LastSequence < afterSequence)
            throw new JournalGapException(options.Directory, afterSequence, $"the journal ends at {tail.Position.LastSequence}");
        if (tail.Position.LastSequence < head.DurableThrough && tail.SegmentId > 0)
        {
            throw new JournalGapException(options.Directory, tail.Position.LastSequence + 1,
                $"the records end there, though they were durable through {head.DurableThrough}");
        }

        if (tail.Position.Epoch >= head.Epoch)
        {
            throw new JournalDamagedException(Path.Combine(options.Directory, JournalHead.FileName), 0,
                tail.Position.LastSequence + 1, $"it says epoch {head.Epoch - 1}, the records say {tail.Position.Epoch}");
        }

        recovery = new JournalRecovery
        {
            LastSequence = Math.Max(afterSequence, tail.Position.LastSequence),
            LastTimeMs = lastTimeMs,
            Records = records,
            CutBytes = tail.DirtyBytes,
            Epoch = head.Epoch,
        };
        return tail;
    }

    private static JournalTail RequireEmptyStart(
        FileJournalOptions options, in JournalHeadState head, ulong afterSequence)
    {
        bool hadRecords = head.DurableThrough > (options.StartAfterSnapshot ? afterSequence : 0);
        if (hadRecords || (afterSequence > 0 && !options.StartAfterSnapshot))
            throw new JournalGapException(options.Directory, afterSequence, "the journal is empty");
        return default;
    }
}

/// <summary>What opening a journal found.</summary>
public readonly record struct JournalRecovery
{
    /// <summary>The last record there is; the next one appended follows it.</summary>
    public ulong LastSequence { get; init; }

    /// <summary>Of the last record passed on, in milliseconds; 0 if none was.</summary>
    public long LastTimeMs { get; init; }

    /// <summary>How many were passed on.</summary>
    public ulong Records { get; init; }

    /// <summary>Bytes of an unfinished write that were cut off: nothing in them was ever acknowledged.</summary>
    public long CutBytes { get; init; }

    /// <summary>Of this opening.</summary>
    public ulong Epoch { get; init; }
}
