using Exchange.Storage.Files;

namespace Exchange.Embedded.Backups;

/// <summary>A folder in the making: it gets its name only when it is whole, so half of one never passes for it.</summary>
internal sealed class StagedFolder : IDisposable
{
    private const string Suffix = ".unfinished";
    private readonly string _target;
    private bool _isFinished;

    private StagedFolder(string target)
    {
        _target = target;
        Path = target + Suffix;
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <param name="target">Does not exist, or is an empty folder.</param>
    /// <param name="source">What is copied; the target must not lie in it.</param>
    /// <exception cref="TargetFolderException">The target cannot be used.</exception>
    public static StagedFolder Begin(string target, string source)
    {
        target = FullPath(target);
        string inside = FullPath(source) + System.IO.Path.DirectorySeparatorChar;
        if ((target + System.IO.Path.DirectorySeparatorChar).StartsWith(inside, StringComparison.Ordinal))
            throw new TargetFolderException(target, $"lies in {source}");
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new TargetFolderException(target, "is not an empty folder");
        var staged = new StagedFolder(target);
        if (Directory.Exists(staged.Path))
            throw new TargetFolderException(staged.Path, "is left of one that was interrupted; remove it");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(staged.Path);
        else
            Directory.CreateDirectory(staged.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return staged;
    }

    /// <summary>Gives it its name; durable when it returns.</summary>
    public void Finish()
    {
        LocalFileSystem.Instance.SyncDirectory(Path);
        if (Directory.Exists(_target))
            Directory.Delete(_target);
        Directory.Move(Path, _target);
        _isFinished = true;
        LocalFileSystem.Instance.SyncDirectory(System.IO.Path.GetDirectoryName(_target)!);
    }

    public void Dispose()
    {
        if (!_isFinished)
            Directory.Delete(Path, recursive: true);
    }

    private static string FullPath(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
}

/// <summary>Where a backup or a restored venue was to go, something is in the way. Nothing was written.</summary>
public sealed class TargetFolderException(string path, string problem) : IOException($"{path} {problem}.")
{
}
