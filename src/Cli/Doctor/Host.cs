using System.Globalization;
using Exchange.Storage.Files;

namespace Exchange.Cli.Doctor;

/// <summary>The machine as it tells of itself: its files below a root, and the few things that only a system call knows.</summary>
internal sealed class Host
{
    private SyncTimes? _syncs;

    /// <summary>What stands before /proc and /sys: empty on a real machine.</summary>
    public string Root { get; init; } = "";

    /// <summary>The folder that a journal or a database lies in, or will; it exists.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Settings of the runtime that only a process knows.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public Func<ClockState?> Clock { get; init; } = LinuxClock.Read;

    public Func<string, InterruptCoalescing?> Coalescing { get; init; } = InterruptCoalescing.Of;

    public Func<string, SyncTimes> MeasureSyncs { get; init; } = SyncTimes.Measure;

    /// <summary>Of the data folder; measured when first asked for.</summary>
    /// <exception cref="StorageException">It takes no file, or fails.</exception>
    public SyncTimes Syncs => _syncs ??= MeasureSyncs(DataFolder);

    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Of this process: on a machine whose processors are shared out, those that it may use.</summary>
    public int Processors { get; init; } = System.Environment.ProcessorCount;

    /// <summary>A file without the white space around; null: it is not there or may not be read.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Root + path).Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public long? Number(string path) =>
        long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The chosen word of a file such as <c>always [madvise] never</c>.</summary>
    public string? Choice(string path) => Text(path) is { } text && text.IndexOf('[', StringComparison.Ordinal) is >= 0 and int from
        ? text[(from + 1)..text.IndexOf(']', from)]
        : null;

    /// <summary>Names of the files and folders in a folder, in order; none where it does not exist.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Root + folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Value of a line <c>Name: 123 kB</c>.</summary>
    public long? Field(string path, string name)
    {
        string? line = Text(path)?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string[] words = line?[name.Length..].Split([' ', ':', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 0 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long value) ? value : null;
    }
}
