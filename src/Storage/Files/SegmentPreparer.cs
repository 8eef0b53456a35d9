using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Makes the segments to come, off the writer's way, and watches the space they need.</summary>
/// <remarks>
/// A file that grows is half as fast to sync, and one merely allocated no faster: segments are filled with zeros and
/// synced before they get their name.
/// </remarks>
internal sealed class SegmentPreparer(IFileSystem files, FileJournalOptions options, JournalHead head)
{
    private const int SyncEveryBytes = 8 << 20;
    private static readonly BlockBuffer s_zeros = new(1 << 20);

    private readonly Queue<ulong> _ready = new();
    private readonly object _gate = new();
    private volatile bool _stopped;
    private volatile bool _lacksSpace;
    private volatile bool _isNearlyFull;

    /// <summary>Whether free space or the reserve is below its limit.</summary>
    public bool IsNearlyFull => _isNearlyFull;

    public bool IsStopped => _stopped;

    public int ReadyCount
    {
        get
        {
            lock (_gate)
                return _ready.Count;
        }
    }

    /// <summary>Hands over a segment found blank at the start.</summary>
    public void Add(ulong segmentId)
    {
        lock (_gate)
        {
            _ready.Enqueue(segmentId);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Makes what is missing of a reserve and measures space.</summary>
    /// <returns>Whether the reserve is as large as it should be.</returns>
    public bool Replenish(int segments)
    {
        bool lacksSpace = false;
        while (ReadyCount < segments && !lacksSpace && !_stopped)
            lacksSpace = !TryPrepare();

        _lacksSpace = lacksSpace;
        _isNearlyFull = lacksSpace || files.FreeBytes(options.Directory) < options.NearlyFullBytes;
        lock (_gate)
            Monitor.PulseAll(_gate);
        return !lacksSpace;
    }

    /// <summary>Takes the next segment; waits while one is being made.</summary>
    /// <exception cref="JournalFullException">None is left and there is no space for one.</exception>
    public ulong Take()
    {
        lock (_gate)
        {
            while (_ready.Count == 0)
            {
                if (_lacksSpace || _stopped || !options.OwnThreads)
                    throw new JournalFullException(options.Directory);
                Monitor.Wait(_gate);
            }

            return _ready.Dequeue();
        }
    }

    public void WaitReady(int segments)
    {
        lock (_gate)
        {
            while (_ready.Count < segments && !_lacksSpace && !_stopped)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Ends all waiting.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool TryPrepare()
    {
        if (files.FreeBytes(options.Directory) < options.SegmentBytes)
            return false;

        ulong segmentId = head.State.PreparedThrough + 1;
        string path = SegmentFiles.PathOf(options.Directory, segmentId);
        string unfinished = path + SegmentFiles.UnfinishedSuffix;
        if (files.Exists(unfinished))
            files.Delete(unfinished);
        try
        {
            using (IFile file = files.Create(unfinished))
                Fill(file);
            files.Rename(unfinished, path);
        }
        catch (StorageException cause) when (cause.IsSpaceShortage)
        {
            // Nobody relies on this file yet, so here, and only here, a failure is not the end.
            if (files.Exists(unfinished))
                files.Delete(unfinished);
            return false;
        }

        files.SyncDirectory(options.Directory);
        head.SetPreparedThrough(segmentId);
        Add(segmentId);
        return true;
    }

    private void Fill(IFile file)
    {
        file.TryBypassCache();
        for (long offset = 0; offset < options.SegmentBytes; offset += s_zeros.Bytes)
        {
            int bytes = (int)Math.Min(s_zeros.Bytes, options.SegmentBytes - offset);
            file.Write(offset, s_zeros.Span[..bytes]);
            // In slices: one large flush would hold up the journal's own syncs.
            if ((offset + bytes) % SyncEveryBytes == 0)
                file.SyncData();
        }

        file.Sync();
    }
}
