namespace Exchange.Cli.Doctor;

/// <summary>Where a folder lies: a line of /proc/self/mountinfo.</summary>
/// <param name="Device">Major and minor number, such as 254:0.</param>
/// <param name="FileSystem">Its kind, such as ext4.</param>
/// <param name="Options">Those of the mount and of the file system, with commas between.</param>
internal sealed record Mount(string Device, string FileSystem, string Options)
{
    private const string Mounts = "/proc/self/mountinfo";

    /// <returns>Null: the kernel does not tell.</returns>
    public static Mount? Of(Host host, string folder)
    {
        string path = Path.GetFullPath(folder).TrimEnd('/') + "/";
        return (host.Text(Mounts) ?? "").Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words.Length > 9 && path.StartsWith(words[4].TrimEnd('/') + "/", StringComparison.Ordinal))
            // The longest path wins; of several mounts on one path the last does.
            .OrderBy(words => words[4].Length)
            .Select(Parse)
            .LastOrDefault();
    }

    // id parent major:minor root path options [tags…] - kind source options
    private static Mount Parse(string[] words)
    {
        int dash = Array.IndexOf(words, "-");
        return new Mount(words[2], words[dash + 1], $"{words[5]},{words[^1]}");
    }
}
