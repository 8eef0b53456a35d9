using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Exchange.Cli.Http;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary><c>exchange bench order-stream</c>: orders over Protobuf streams, against the same over HTTP.</summary>
public static class BenchOrderStreamCommand
{
    private const int MostConnections = 100;
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
        connections.RequireRange(1, MostConnections);
        inFlight.RequireRange(1, 128);
        seconds.RequireRange(2, MostSeconds);

        Command command = new("order-stream", "Measures placing and canceling over Protobuf streams; the server needs ClientLimits:IsOn=false.")
        {
            url, keys, connections, inFlight, seconds, pid, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(url),
            parsed.GetRequiredValue(keys).FullName,
            new OrderStreamLoad(parsed.GetValue(connections), parsed.GetValue(inFlight), parsed.GetValue(seconds)),
            parsed.GetValue(pid),
            parsed.GetValue(json),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(Uri url, string keys, OrderStreamLoad load, int? pid, bool json, TextWriter output, TextWriter error)
    {
        OrderStreamReport report;
        try
        {
            ServerKeys admin = ServerKeys.Load(keys);
            using Process? process = pid is { } id ? Process.GetProcessById(id) : null;
            var benchmark = new OrderStreamBenchmark(url, admin, load, process, TimeProvider.System);
            report = ProgressLine.Run("Orders", benchmark.Run);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or SocketException or ArgumentException)
        {
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }

        output.WriteLine(json ? report.ToJson() : report.ToText());
        return ExchangeCommandLine.Done;
    }
}
