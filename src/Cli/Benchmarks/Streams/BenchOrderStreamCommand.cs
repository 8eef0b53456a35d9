using System.CommandLine;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary><c>exchange bench order-stream</c>: orders over Protobuf streams, against the same over HTTP.</summary>
public static class BenchOrderStreamCommand
{
    private const int MostSeconds = 600;

    public static Command Create()
    {
        Option<Uri> url = ServerOptions.Url();
        Option<FileInfo> keys = ServerOptions.Keys();
        Option<int> connections = new("--connections") { Description = "Protobuf streams.", DefaultValueFactory = _ => 8 };
        Option<int> inFlight = new("--in-flight") { Description = "Commands outstanding on each.", DefaultValueFactory = _ => 64 };
        Option<int> seconds = new("--seconds") { Description = "Time measured, both kinds together.", DefaultValueFactory = _ => 20 };
        Option<int?> pid = new("--pid") { Description = "The server's process on this machine: also tells its CPU time." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        connections.RequireRange(1, OrderStreamLoad.MostConnections);
        inFlight.RequireRange(1, 128);
        seconds.RequireRange(2, MostSeconds);

        Command command = new("order-stream", "Measures placing and canceling over Protobuf streams; the server needs ClientLimits:IsOn=false.")
        {
            url, keys, connections, inFlight, seconds, pid, json,
        };
        command.SetAction(parsed =>
        {
            var load = new OrderStreamLoad(parsed.GetValue(connections), parsed.GetValue(inFlight), parsed.GetValue(seconds));
            return ServerMeasurement.Run(
                "Orders",
                parsed.GetRequiredValue(keys).FullName,
                parsed.GetValue(pid),
                parsed.GetValue(json),
                parsed.InvocationConfiguration.Output,
                parsed.InvocationConfiguration.Error,
                (admin, process, progress) =>
                    new OrderStreamBenchmark(parsed.GetRequiredValue(url), admin, load, process, TimeProvider.System).Run(progress));
        });
        return command;
    }
}
