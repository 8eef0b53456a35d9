using Microsoft.Win32.SafeHandles;

namespace Exchange.Storage.Files;

/// <summary>The machine's own files.</summary>
/// <remarks>
/// On Linux writes and syncs are the system calls themselves: .NET's flush calls fsync where fdatasync is enough, and
/// takes some errors (a file system gone read-only) for success. Elsewhere .NET's are used; folders are then not
/// synced, so only Linux is fit for money.
/// </remarks>
public sealed class LocalFileSystem : IFileSystem
{
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const int HeldOnWindows = unchecked((int)0x8007_0020);

    public static LocalFileSystem Instance { get; } = new();

    private LocalFileSystem()
    {
    }

    public IFile Create(string path) => OpenFile(path, FileMode.CreateNew, FileAccess.ReadWrite, "Creation");

    public IFile Open(string path) => OpenFile(path, FileMode.Open, FileAccess.ReadWrite, "Opening");

    public IFile OpenRead(string path) => OpenFile(path, FileMode.Open, FileAccess.Read, "Opening");

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            string[] names = [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure("Listing", directory, cause);
        }
    }

    public void Rename(string path, string newPath)
    {
        try
        {
            File.Move(path, newPath, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure("Renaming", path, cause);
        }
    }

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure("Deletion", path, cause);
        }
    }

    public void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsLinux())
            LinuxCalls.SyncDirectory(directory);
    }

    public long FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure("Measuring", directory, cause);
        }
    }

    public IDisposable? TryLock(string path) => TryLock(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    // Who only reads may not be allowed to make files.
    public IDisposable? TryShare(string path) =>
        File.Exists(path) ? TryLock(path, FileMode.Open, FileAccess.Read, FileShare.Read) : Stream.Null;

    private static FileStream? TryLock(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            // On Linux this is flock: it falls with the process, however that ends.
            return new FileStream(path, mode, access, share);
        }
        catch (IOException cause) when (cause.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows)
        {
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure("Locking", path, cause);
        }
    }

    private static LocalFile OpenFile(string path, FileMode mode, FileAccess access, string operation)
    {
        try
        {
            // Shared: readers follow the journal while it is written. The folder's lock keeps a second writer out.
            SafeFileHandle handle = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
            return new LocalFile(path, handle);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Failure(operation, path, cause);
        }
    }

    private static StorageException Failure(string operation, string path, Exception cause) =>
        new(operation, path, ErrorNumber(cause), cause.Message);

    // .NET keeps the errno of what it has no exception type for in the low half of HResult on Unix.
    private static int ErrorNumber(Exception cause) => OperatingSystem.IsWindows() ? cause.HResult & 0xFFFF : cause.HResult;
}
