using System.Text.RegularExpressions;
using Exchange.Acceptance.Clients;

namespace Exchange.Acceptance.Processes;

/// <summary>The built server as a process of its own, on a port that the system chose.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly ChildProcess _process;

    private ServerProcess(ChildProcess process, DataFolder folder, Uri address)
    {
        _process = process;
        Folder = folder;
        Address = address;
    }

    public static string AssemblyPath { get; } = RepositoryRoot.Combine("src", "Api", "bin", Configuration, "net10.0", "Exchange.Api.dll");

    public DataFolder Folder { get; }

    public Uri Address { get; }

    public int Id => _process.Id;

    public string Output => _process.Output;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the server and waits until it says that it listens.</summary>
    public static async Task<ServerProcess> Start(DataFolder folder, ServerSettings? settings = null)
    {
        ChildProcess process = Launch(folder, settings);
        try
        {
            return new ServerProcess(process, folder, await WaitUntilItListens(process));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that is to refuse: its exit code and all it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> Refuse(DataFolder folder, ServerSettings? settings = null)
    {
        await using ChildProcess process = Launch(folder, settings);
        int exitCode = await process.WaitForExit();
        return (exitCode, process.Output);
    }

    /// <summary>Starts the server and returns at once.</summary>
    public static ChildProcess Launch(DataFolder folder, ServerSettings? settings = null)
    {
        settings ??= new ServerSettings();
        Dictionary<string, string?> variables = new(settings.Variables)
        {
            ["ASPNETCORE_ENVIRONMENT"] = settings.Environment, ["DOTNET_ENVIRONMENT"] = null, ["ASPNETCORE_URLS"] = null,
            ["TMPDIR"] = folder.Temporary,
        };
        // Small journal files: the default ones would fill 400 MB for every test.
        return ChildProcess.Start(folder.Path, variables, [
            "dotnet", AssemblyPath, "--urls", settings.Url, "--SegmentBytes", "8388608", "--NearlyFullBytes", "1000000",
            "--WarmUp", settings.WarmsUp ? "true" : "false",
            .. (ReadOnlySpan<string>)(settings.HasClientLimits ? [] : ["--ClientLimits:IsOn=false"]),
            .. (ReadOnlySpan<string>)(settings.NamesFolder ? ["--data", folder.Path] : []), .. settings.Arguments,
        ]);
    }

    /// <summary>Where a server listens, once it says so: by then it takes orders.</summary>
    public static async Task<Uri> WaitUntilItListens(ChildProcess process)
    {
        await process.WaitForOutput(output => Listens().IsMatch(output));
        return new Uri(Listens().Match(process.Output).Groups["url"].Value);
    }

    /// <summary>A client with the token of alice, bob or admin.</summary>
    public ApiClient As(string name) => new(Address, DemoKeys.Of(Folder)[name].Token);

    public ApiClient Anonymous() => new(Address, null);

    /// <summary>A line of what the system tells of its memory.</summary>
    /// <param name="name">As there: <c>VmRSS:</c> what it has, <c>VmHWM:</c> the most it had.</param>
    public long MemoryBytes(string name)
    {
        string line = System.IO.File.ReadLines($"/proc/{Id}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
    }

    public void Signal(int signal) => _process.Signal(signal);

    public Task<int> WaitForExit() => _process.WaitForExit();

    /// <summary>Stops it as an operator does, with Ctrl-C, and returns its exit code.</summary>
    public async Task<int> Stop()
    {
        _process.Signal(ProcessSignal.Interrupt);
        return await _process.WaitForExit();
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        _process.Signal(ProcessSignal.Kill);
        await _process.WaitForExit();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"^Exchange listens on (?<url>\S+); the venue lives in ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Listens();
}
