namespace Exchange.Storage.Files;

/// <summary>Keeps a running venue from deleting journal files and snapshots while somebody else reads its folder.</summary>
/// <remarks>
/// Many may hold at once. The venue never waits for them: what it would have deleted goes when they are gone, snapshots with the next one.
/// It falls with the process that has it.
/// </remarks>
public static class FolderHold
{
    internal const string LockName = "reading.lock";

    /// <summary>Holds a folder until it is disposed.</summary>
    /// <param name="directory">Of journal and snapshots.</param>
    /// <param name="files">Null: the machine's own.</param>
    /// <exception cref="FolderBusyException">Files are being deleted at this moment: try again.</exception>
    public static IDisposable Take(string directory, IFileSystem? files = null) =>
        (files ?? LocalFileSystem.Instance).TryShare(Path.Combine(directory, LockName)) ?? throw new FolderBusyException(directory);

    /// <summary>For who deletes; null: somebody reads.</summary>
    internal static IDisposable? TryExclude(IFileSystem files, string directory) => files.TryLock(Path.Combine(directory, LockName));
}

/// <summary>The running venue is deleting old files of the folder just now.</summary>
public sealed class FolderBusyException(string directory)
    : IOException($"The venue in {directory} is deleting old journal files just now: try again in a moment.")
{
}
