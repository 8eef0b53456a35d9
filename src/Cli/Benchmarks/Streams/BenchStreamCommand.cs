using System.CommandLine;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary><c>exchange bench stream</c>: trades to many subscribers, against a bare broadcast of the same bytes by the same server.</summary>
public static class BenchStreamCommand
{
    private const int MostSubscribers = 5_000;
    private const int MostSeconds = 600;

    public static Command Create()
    {
        Option<Uri> url = ServerOptions.Url();
        Option<FileInfo> keys = ServerOptions.Keys();
        Option<int> pid = new("--pid") { Description = "The server's process on this machine, whose CPU time is told.", Required = true };
        Option<int> subscribers = new("--subscribers") { Description = "Streams that get every trade.", DefaultValueFactory = _ => 1_000 };
        Option<int> rate = new("--rate") { Description = "Trades a second.", DefaultValueFactory = _ => 100 };
        Option<int> window = new("--window") { Description = "Window of the channel, ms.", DefaultValueFactory = _ => 0 };
        Option<int> seconds = new("--seconds") { Description = "Time measured, both kinds together.", DefaultValueFactory = _ => 20 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        window.AcceptOnlyFromAmong("0", "10", "100");
        subscribers.RequireRange(1, MostSubscribers);
        rate.RequireRange(1, 10_000);
        seconds.RequireRange(4, MostSeconds);

        Command command = new("stream", "Measures trades to subscribers; the server needs Bench:Broadcast=true and ClientLimits:IsOn=false.")
        {
            url, keys, pid, subscribers, rate, window, seconds, json,
        };
        command.SetAction(parsed =>
        {
            var load = new StreamLoad(
                parsed.GetValue(subscribers), parsed.GetValue(rate), parsed.GetValue(window), parsed.GetValue(seconds));
            return ServerMeasurement.Run(
                "Streams",
                parsed.GetRequiredValue(keys).FullName,
                parsed.GetRequiredValue(pid),
                parsed.GetValue(json),
                parsed.InvocationConfiguration.Output,
                parsed.InvocationConfiguration.Error,
                (admin, process, progress) =>
                    new StreamBenchmark(parsed.GetRequiredValue(url), admin, load, process!, TimeProvider.System).Run(progress));
        });
        return command;
    }
}
