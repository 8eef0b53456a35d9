namespace Exchange.Acceptance.Processes;

/// <summary>A folder of one test, gone with it.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder() => Path = Directory.CreateTempSubdirectory("exchange-acceptance-").FullName;

    public string Path { get; }

    /// <summary>For what processes of the test put into the system's temporary folder: who is killed cannot clear up.</summary>
    public string Temporary { get; } = Directory.CreateTempSubdirectory("exchange-acceptance-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The journal's files that hold records, oldest first.</summary>
    public string[] Segments() => [.. Directory.GetFiles(Path, "segment-*.journal").Order(StringComparer.Ordinal)];

    public string[] Snapshots() => [.. Directory.GetFiles(Path, "*.snapshot").Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        Directory.Delete(Temporary, recursive: true);
    }
}
