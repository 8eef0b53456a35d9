namespace Exchange.Tests.Shared;

/// <summary>Recorded market data that lies beside the repository, in <c>../shared</c>; it is not part of it.</summary>
/// <remarks>A test that uses it is a <c>[SkippableFact]</c>, and is skipped with the reason where the data is absent.</remarks>
internal static class SharedData
{
    private static readonly string Root = Path.Combine(RepositoryRoot.Path, "..", "shared");

    public static bool IsPresent => Directory.Exists(Path.Combine(Root, "data"));

    /// <summary>A file below <c>../shared/data</c>, to be opened for reading only.</summary>
    /// <exception cref="FileNotFoundException">The data is there but has no such file: the name is wrong.</exception>
    public static string File(params ReadOnlySpan<string> parts)
    {
        Skip.IfNot(IsPresent, "recorded market data absent");
        string path = Path.GetFullPath(Path.Combine([Root, "data", .. parts]));
        return System.IO.File.Exists(path) ? path : throw new FileNotFoundException("No such recorded data.", path);
    }
}
