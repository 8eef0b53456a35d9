using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Benchmarks.Marks;

/// <summary><c>exchange bench marks</c>: mark updates over many open positions, and a crash of the price.</summary>
public static class BenchMarksCommand
{
    public static Command Create()
    {
        Option<int> positions = new("--positions") { Description = "Open positions, each of an account of its own.", DefaultValueFactory = _ => 1_000_000 };
        Option<int> updates = new("--updates") { Description = "Mark updates at which nobody is liquidated.", DefaultValueFactory = _ => 20_000 };
        Option<int> liquidations = new("--liquidations") { Description = "Accounts that a crash of the price liquidates.", DefaultValueFactory = _ => 10_000 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        positions.RequireRange(2, 10_000_000);
        updates.RequireRange(100, 10_000_000);
        liquidations.RequireRange(0, 1_000_000);
        Command command = new("marks", "Measures mark updates over open positions, and the liquidations of a crash.")
        {
            positions, updates, liquidations, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(positions), parsed.GetValue(updates), parsed.GetValue(liquidations), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(int positions, int updates, int liquidations, bool json, TextWriter output)
    {
        liquidations = Math.Min(liquidations, positions / 2);
        (LatencyHistogram latencies, double bookMs, int closed) = Measure(positions, updates, liquidations, bids: liquidations);
        (_, double adlMs, int deleveraged) = Measure(2 * liquidations, 100, liquidations, bids: 0);
        var report = new
        {
            positions,
            updates,
            p50Us = Math.Round(latencies.QuantileUs(0.5), 1),
            p99Us = Math.Round(latencies.QuantileUs(0.99), 1),
            maxUs = Math.Round(latencies.MaxUs, 1),
            liquidations = closed,
            crashMs = Math.Round(bookMs, 1),
            deleveraged,
            deleveragedMs = Math.Round(adlMs, 1),
        };
        output.WriteLine(json
            ? JsonSerializer.Serialize(report)
            : string.Create(CultureInfo.InvariantCulture, $"""
                {report.positions:N0} positions, {report.updates:N0} marks that concern nobody: p50 {report.p50Us} p99 {report.p99Us} max {report.maxUs} us
                crash into bids: {report.liquidations:N0} liquidations in {report.crashMs} ms, one input
                crash into an empty book, without a fund: {report.deleveraged:N0} in {report.deleveragedMs} ms, one input
                """));
        return ExchangeCommandLine.Done;
    }

    private static (LatencyHistogram Latencies, double CrashMs, int Liquidations) Measure(int positions, int updates, int weak, int bids)
    {
        var benchmark = new MarksBenchmark();
        ProgressLine.Run("positions", progress =>
        {
            benchmark.SetUp(positions, weak, progress);
            return true;
        });
        LatencyHistogram latencies = ProgressLine.Run("marks", _ => benchmark.Move(updates));
        double ms = weak == 0 ? 0 : ProgressLine.Run("crash", _ => benchmark.Crash(bids));
        return (latencies, ms, benchmark.Liquidations);
    }
}
