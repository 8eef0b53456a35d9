using System.CommandLine;
using System.Text.Json;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Benchmarks.Features;

/// <summary><c>exchange bench features</c>: indicators kept up, the cache in front of what is computed when asked for, and a read against its computation.</summary>
public static class BenchFeaturesCommand
{
    public static Command Create()
    {
        Option<int> requests = new("--requests") { Description = "Requests of the trace.", DefaultValueFactory = _ => 4_000_000 };
        Option<double> rate = new("--rate") { Description = "Requests of the trace a second of its time.", DefaultValueFactory = _ => 10_000 };
        Option<int> seed = new("--seed") { Description = "Of trace and candles.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        requests.RequireRange(1_000, 100_000_000);
        Command command = new("features", "Measures indicators, the cache of features and reads.") { requests, rate, seed, json };
        command.SetAction(parsed =>
        {
            FeatureReport report = ProgressLine.Run(
                "features", _ => FeatureBenchmark.Run(parsed.GetValue(requests), parsed.GetValue(rate), parsed.GetValue(seed)));
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(report, JsonSerializerOptions.Web) : report.ToText());
            return ExchangeCommandLine.Done;
        });
        return command;
    }
}
