namespace Exchange.Acceptance.Processes;

/// <summary>The built command line, <c>exchange</c>, as a process of its own.</summary>
internal static class CommandLine
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    public static ChildProcess Start(DataFolder folder, params ReadOnlySpan<string> arguments) => ChildProcess.Start(
        folder.Path,
        new Dictionary<string, string?>(),
        ["dotnet", RepositoryRoot.Combine("src", "Cli", "bin", Configuration, "net10.0", "exchange.dll"), .. arguments]);
}
