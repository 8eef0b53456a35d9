using Exchange.Acceptance.Processes;
using Exchange.Silo.Hosting;

namespace Exchange.Silo.Tests.Processes;

/// <summary>An engine silo as a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, string name, int port)
    {
        _process = process;
        Name = name;
        Port = port;
    }

    public string Name { get; }

    /// <summary>For other silos.</summary>
    public int Port { get; }

    public string Output => _process.Output;

    public bool HasExited => _process.HasExited;

    /// <param name="options">Of any silo of the cluster.</param>
    /// <param name="warmsUp">It costs seconds.</param>
    public static async Task<SiloProcess> Start(SiloOptions options, string name, int port, bool warmsUp = false)
    {
        var variables = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = null, ["ASPNETCORE_URLS"] = null,
        };
        string[] pins = [.. options.PinnedSymbols.SelectMany(pin => (string[])[$"--Silo:PinnedSymbols:{pin.Key}", pin.Value])];
        var process = new SiloProcess(ChildProcess.Start(AppContext.BaseDirectory, variables, [
            "dotnet", typeof(SiloOptions).Assembly.Location, "--urls", "http://127.0.0.1:0", "--Silo:Database", options.Database, "--Silo:ClusterId", options.ClusterId,
            "--Silo:Name", name, "--Silo:Role", "Engine", "--Silo:SiloPort", $"{port}",
            "--Silo:WarmUp", $"{warmsUp}", "--Silo:ProbeMs", $"{options.ProbeMs}", "--Silo:SettleAfterMs", $"{options.SettleAfterMs}", .. pins,
        ]), name, port);
        try
        {
            await process._process.WaitForOutput(output => output.Contains("is in cluster", StringComparison.Ordinal));
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public void Signal(int signal) => _process.Signal(signal);

    public Task<int> WaitForExit() => _process.WaitForExit();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
