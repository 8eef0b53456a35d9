namespace Exchange.Tests.Shared;

/// <summary>The folder this repository was checked out to, found from the running test's own place.</summary>
internal static class RepositoryRoot
{
    /// <summary>Absolute path of the folder that holds the solution.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Exchange.Orleans.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Exchange.Orleans.sln.");
    }
}
