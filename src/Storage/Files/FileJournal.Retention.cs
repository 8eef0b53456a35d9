using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <content>Deleting what snapshots have made superfluous.</content>
public sealed partial class FileJournal
{
    /// <summary>Deletes the segments that hold nothing after a sequence. It waits for the disk: not for the appender's thread.</summary>
    /// <param name="sequence">Of the oldest snapshot that is kept.</param>
    /// <returns>How many were deleted; null: there are some, but somebody holds the folder (<see cref="FolderHold"/>).</returns>
    /// <exception cref="StorageException">The disk failed; so has the journal.</exception>
    public int? DeleteThrough(ulong sequence)
    {
        JournalHeadState head = _folder.Head.State;
        ulong first = head.FirstSegment;
        try
        {
            while (first < head.PreparedThrough && NextBeginsBy(first + 1, sequence, head.JournalId))
                first++;
            if (first == head.FirstSegment)
                return 0;
            using IDisposable? alone = FolderHold.TryExclude(_files, _options.Directory);
            if (alone is null)
                return null;
            // Before the files go: a missing file is otherwise a reason not to start.
            _folder.Head.SetFirstSegment(first);
            for (ulong id = head.FirstSegment; id < first; id++)
                _files.Delete(SegmentFiles.PathOf(_options.Directory, id));
            _files.SyncDirectory(_options.Directory);
            return (int)(first - head.FirstSegment);
        }
        catch (StorageException cause)
        {
            Fail(cause);
            _work.Ring();
            throw;
        }
    }

    private bool NextBeginsBy(ulong segmentId, ulong sequence, ulong journalId) =>
        SegmentFiles.IsInUse(_files, _options.Directory, journalId, segmentId, out SegmentHeader header)
        && header.FirstSequence <= sequence + 1;
}
