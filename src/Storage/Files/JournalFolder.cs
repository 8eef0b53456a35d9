using System.Buffers.Binary;
using System.Security.Cryptography;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>A journal's folder, held by this process alone, with every file there that must be.</summary>
internal sealed class JournalFolder : IDisposable
{
    public const string LockName = "journal.lock";

    private readonly IDisposable _lock;

    private JournalFolder(IDisposable folderLock, JournalHead head)
    {
        _lock = folderLock;
        Head = head;
    }

    public JournalHead Head { get; }

    /// <summary>Takes the folder, making a journal in it if it has none, and takes the next epoch.</summary>
    public static JournalFolder Open(IFileSystem files, FileJournalOptions options, ulong afterSequence)
    {
        string directory = options.Directory;
        IDisposable folderLock = files.TryLock(Path.Combine(directory, LockName)) ?? throw new JournalInUseException(directory);
        JournalHead? head = null;
        try
        {
            head = files.Exists(Path.Combine(directory, JournalHead.FileName))
                ? JournalHead.Open(files, directory)
                : Create(files, options, afterSequence);
            // So that there is a file to hold on to; whoever only reads could perhaps make none.
            FolderHold.TryExclude(files, directory)?.Dispose();
            // Names may stem from a process whose sync of them failed.
            files.SyncDirectory(directory);
            // First of all: whatever this opening writes can then never be taken for an earlier one's.
            head.NextEpoch();
            CheckFiles(files, directory, head.State);
            return new JournalFolder(folderLock, head);
        }
        catch
        {
            head?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Head.Dispose();
        _lock.Dispose();
    }

    private static JournalHead Create(IFileSystem files, FileJournalOptions options, ulong afterSequence)
    {
        string directory = options.Directory;
        foreach (ulong segmentId in SegmentFiles.List(files, directory))
            RequireBlank(files, directory, segmentId, $"{JournalHead.FileName} is missing");
        if (afterSequence > 0 && !options.StartAfterSnapshot)
        {
            throw new JournalGapException(
                directory, afterSequence + 1, "there is no journal, although a snapshot tells of one");
        }

        // Left over from a creation that was interrupted.
        foreach (ulong segmentId in SegmentFiles.List(files, directory))
            files.Delete(SegmentFiles.PathOf(directory, segmentId));
        files.SyncDirectory(directory);
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(id);
        ulong journalId = options.NewJournalId ?? BinaryPrimitives.ReadUInt64LittleEndian(id);
        JournalHeadState state = new() { JournalId = journalId, FirstSegment = 1 };
        return JournalHead.Create(files, directory, state);
    }

    private static void CheckFiles(IFileSystem files, string directory, in JournalHeadState state)
    {
        HashSet<ulong> present = [.. SegmentFiles.List(files, directory)];
        for (ulong id = state.FirstSegment; id <= state.PreparedThrough; id++)
        {
            if (!present.Remove(id))
                throw new JournalGapException(SegmentFiles.PathOf(directory, id), 0, "the file is missing");
        }

        foreach (ulong id in present)
        {
            // Older: its deletion was interrupted. Newer: its preparation was, so it must be blank.
            if (id > state.PreparedThrough)
                RequireBlank(files, directory, id, $"{JournalHead.FileName} does not know of it");
            files.Delete(SegmentFiles.PathOf(directory, id));
        }
    }

    private static void RequireBlank(IFileSystem files, string directory, ulong segmentId, string problem)
    {
        string path = SegmentFiles.PathOf(directory, segmentId);
        using IFile file = files.OpenRead(path);
        byte[] start = new byte[Math.Min(file.Length, 2 * JournalFormat.BlockBytes)];
        file.Read(0, start);
        if (start.AsSpan().ContainsAnyExcept((byte)0))
            throw new JournalDamagedException(path, 0, 0, $"it holds records, but {problem}");
    }
}
