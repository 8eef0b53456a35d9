namespace Exchange.Storage.Files;

/// <summary>The few file operations that durability is made of; tests put a disk behind it that tears and fails.</summary>
/// <remarks>Every failure is a <see cref="StorageException"/>. None is retried by its caller.</remarks>
public interface IFileSystem
{
    /// <summary>Makes a new empty file; fails if the name is taken. Durable after its own sync and the folder's.</summary>
    IFile Create(string path);

    /// <summary>Opens an existing file, to write also.</summary>
    IFile Open(string path);

    /// <summary>Opens an existing file, only to read.</summary>
    IFile OpenRead(string path);

    bool Exists(string path);

    /// <summary>Names (without folder) of the files in a folder, in ordinal order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Replaces what has the new name. Durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string path, string newPath);

    void Delete(string path);

    /// <summary>Makes creations, renames and deletions in a folder durable.</summary>
    void SyncDirectory(string directory);

    /// <summary>Bytes that may still be allocated.</summary>
    long FreeBytes(string directory);

    /// <summary>Takes a file (made if missing) for this handle alone; null if another holds it, in any process.</summary>
    IDisposable? TryLock(string path);

    /// <summary>Takes a file together with others who share it; null if one has it for itself alone. A missing file is nobody's.</summary>
    IDisposable? TryShare(string path);
}

/// <summary>An open file, read and written by position.</summary>
public interface IFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer; a file that ends before is a failure.</summary>
    void Read(long offset, Span<byte> buffer);

    /// <summary>Writes all of it, or fails: a short write is a failure.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>From now on reads and writes go to the disk itself, not through the page cache; writes still need a sync to be durable.</summary>
    /// <remarks>Then every one must be whole blocks, to a block's boundary, from one (<see cref="Exchange.Core.Journaling.BlockBuffer"/>).</remarks>
    /// <returns>False: the file system cannot, all is as before.</returns>
    bool TryBypassCache() => false;

    /// <summary>Makes the contents durable (and the length, if it changed), not the times.</summary>
    void SyncData();

    /// <summary>Makes contents and metadata durable.</summary>
    void Sync();
}
