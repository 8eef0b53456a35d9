namespace Exchange.Tidy.Tests.Repository;

/// <summary>The repository's own files: everything below the root that .gitignore does not name.</summary>
/// <remarks>Files not yet added to git count, so that a fault is found before it is committed.</remarks>
internal static class RepositoryFiles
{
    private static readonly Lazy<IReadOnlyList<string>> Found = new(Find);
    private static readonly Lazy<IReadOnlyList<SourceFile>> Parsed = new(
        () => [.. All.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(SourceFile.Read)]);

    /// <summary>Paths relative to the root, with '/', in ordinal order.</summary>
    public static IReadOnlyList<string> All => Found.Value;

    /// <summary>Every C# file, parsed.</summary>
    public static IReadOnlyList<SourceFile> Sources => Parsed.Value;

    public static IEnumerable<SourceFile> SourcesBelow(string folder) =>
        Sources.Where(source => source.Path.StartsWith(folder, StringComparison.Ordinal));

    public static IEnumerable<ProjectFile> Projects =>
        All.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(ProjectFile.Read);

    public static string Read(string path) => File.ReadAllText(RepositoryRoot.Combine(path));

    /// <summary>The text of a file, or null if it is not text.</summary>
    public static string? ReadText(string path)
    {
        string text = Read(path);
        return text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }

    public static bool Exists(string path) =>
        File.Exists(RepositoryRoot.Combine(path)) || Directory.Exists(RepositoryRoot.Combine(path));

    private static List<string> Find()
    {
        string[] ignored = [.. File.ReadAllLines(RepositoryRoot.Combine(".gitignore")).Where(line => line.Length > 0 && line[0] != '#')];
        var files = new List<string>();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out string? folder))
        {
            var here = new DirectoryInfo(RepositoryRoot.Combine(folder));
            foreach (FileInfo file in here.EnumerateFiles())
                if (file.Name != ".git" && !ignored.Any(rule => rule[0] == '*' && file.Name.EndsWith(rule[1..], StringComparison.Ordinal)))
                    files.Add(folder + file.Name);
            foreach (DirectoryInfo child in here.EnumerateDirectories())
                if (child.Name != ".git" && !ignored.Contains(child.Name + "/") && !ignored.Contains($"/{folder}{child.Name}/"))
                    folders.Push($"{folder}{child.Name}/");
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
