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
        Option<int> rate = new("--rate") { Description = "Other commands per second while the crash is worked.", DefaultValueFactory = _ => 50_000 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        positions.RequireRange(2, 10_000_000);
        updates.RequireRange(100, 10_000_000);
        liquidations.RequireRange(0, 1_000_000);
        rate.RequireRange(1, 1_000_000);
        Command command = new("marks", "Measures mark updates over open positions, and the liquidations of a crash.")
        {
            positions, updates, liquidations, rate, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(positions), parsed.GetValue(updates), parsed.GetValue(liquidations), parsed.GetValue(rate), parsed.GetValue(json),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(int positions, int updates, int liquidations, int rate, bool json, TextWriter output)
    {
        liquidations = Math.Min(liquidations, positions / 2);
        WarmUp();
        Figures book = Measure(positions, updates, liquidations, bids: liquidations, rate);
        Figures adl = Measure(2 * liquidations, 100, liquidations, bids: 0, rate);
        Figures wide = Measure(positions, 100, liquidations, bids: 0, rate);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                positions,
                updates,
                p50Us = Math.Round(book.Latencies.QuantileUs(0.5), 1),
                p99Us = Math.Round(book.Latencies.QuantileUs(0.99), 1),
                maxUs = Math.Round(book.Latencies.MaxUs, 1),
                rate,
                first = book.First,
                book.Liquidations,
                bids = book.Crash,
                adl = adl.Crash,
                adlOfAll = wide.Crash,
            }));
            return ExchangeCommandLine.Done;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {positions:N0} positions, {updates:N0} marks that concern nobody: p50 {book.Latencies.QuantileUs(0.5):0.0} p99 {book.Latencies.QuantileUs(0.99):0.0} max {book.Latencies.MaxUs:0.0} us
            first mark after all have traded: {Tell(book.First)}
            crash, {book.Liquidations:N0} liquidations, {rate:N0} other commands a second
              into bids: {Tell(book.Crash)}
              no bids, no fund, {2 * liquidations:N0} positions: {Tell(adl.Crash)}
              no bids, no fund, {positions:N0} positions: {Tell(wide.Crash)}
            """));
        return ExchangeCommandLine.Done;
    }

    /// <summary>A server is warm before it takes requests: code that the runtime compiles at its first use is not what is measured.</summary>
    private static void WarmUp()
    {
        for (int round = 0; round < 8; round++)
        {
            var benchmark = new MarksBenchmark();
            benchmark.SetUp(positions: 4_000, weak: 1_000, static _ => { });
            benchmark.First();
            benchmark.Move(1_000);
            benchmark.Crash(round % 2 == 0 ? 1_000 : 0, perSecond: 200_000);
        }
    }

    private static string Tell(in PassFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.TotalMs:0.0} ms in {figures.Inputs:N0} inputs, the longest {figures.LongestMs:0.00} ms; {figures.Commands:N0} commands between, longest wait {figures.LongestWaitMs:0.00} ms");

    private static Figures Measure(int positions, int updates, int weak, int bids, int rate)
    {
        var benchmark = new MarksBenchmark();
        ProgressLine.Run("positions", progress =>
        {
            benchmark.SetUp(positions, weak, progress);
            return true;
        });
        PassFigures first = ProgressLine.Run("first mark", _ => benchmark.First());
        LatencyHistogram latencies = ProgressLine.Run("marks", _ => benchmark.Move(updates));
        PassFigures crash = weak == 0 ? default : ProgressLine.Run("crash", _ => benchmark.Crash(bids, rate));
        return new Figures(first, latencies, crash, benchmark.Liquidations);
    }

    private sealed record Figures(PassFigures First, LatencyHistogram Latencies, PassFigures Crash, int Liquidations);
}
