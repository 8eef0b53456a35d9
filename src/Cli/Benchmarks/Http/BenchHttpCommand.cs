using System.CommandLine;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary><c>exchange bench http</c>: orders over kept connections, against the same server doing nothing.</summary>
public static class BenchHttpCommand
{
    private const int MostConnections = 1_000;
    private const int MostSeconds = 600;

    public static Command Create()
    {
        Option<Uri> url = ServerOptions.Url();
        Option<FileInfo> keys = ServerOptions.Keys();
        Option<int> connections = new("--connections") { Description = "Kept connections, one request outstanding on each.", DefaultValueFactory = _ => 256 };
        Option<int> seconds = new("--seconds") { Description = "Time measured, all kinds together.", DefaultValueFactory = _ => 20 };
        Option<int?> pid = new("--pid") { Description = "The server's process on this machine: also tells its CPU time." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        connections.RequireRange(1, MostConnections);
        seconds.RequireRange(2, MostSeconds);

        Command command = new("http", "Measures placing and canceling over HTTP, with a bearer token and signed; the server needs the settings Bench:NoopEndpoint=true and ClientLimits:IsOn=false.")
        {
            url, keys, connections, seconds, pid, json,
        };
        command.SetAction(parsed => ServerMeasurement.Run(
            "HTTP",
            parsed.GetRequiredValue(keys).FullName,
            parsed.GetValue(pid),
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            (admin, process, progress) => new HttpBenchmark(
                parsed.GetRequiredValue(url), admin, parsed.GetValue(connections), parsed.GetValue(seconds), process, TimeProvider.System).Run(progress)));
        return command;
    }
}
