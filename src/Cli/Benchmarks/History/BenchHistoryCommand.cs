using System.CommandLine;
using System.Text.Json;
using Exchange.Core.Port;
using Command = System.CommandLine.Command;
using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Cli.Benchmarks.History;

/// <summary><c>exchange bench history</c>: how fast history is written and read, and the plans of what the API asks.</summary>
public static class BenchHistoryCommand
{
    public static Command Create()
    {
        Option<string> connection = new("--connection") { Description = "A database to measure with, empty at first: Host=…;Username=…;Database=….", Required = true };
        Option<string> fill = new("--fill") { Description = "Fills a table with rows first: trades, candles, fills, ledger, orders, funding.", DefaultValueFactory = _ => "" };
        Option<int> rows = new("--rows") { Description = "So many.", DefaultValueFactory = _ => 10_000_000 };
        Option<bool> insert = new("--insert") { Description = "Measures writing, in turns with a bare COPY of the same rows." };
        Option<bool> read = new("--read") { Description = "Measures reading a symbol's last 500 candles." };
        Option<FileInfo?> plans = new("--plans") { Description = "Writes the plans of the API's queries into this file." };
        Option<int> rounds = new("--rounds") { Description = "Turns of each.", DefaultValueFactory = _ => 5 };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        rows.RequireRange(1_000, 100_000_000);
        rounds.RequireRange(1, 100);
        Command command = new("history", "Measures the history in PostgreSQL.") { connection, fill, rows, insert, read, plans, rounds, json };
        command.SetAction((parsed, cancellation) => Run(
            new HistoryBenchmark(parsed.GetRequiredValue(connection))
            {
                Fill = parsed.GetValue(fill) ?? "", Rows = parsed.GetValue(rows), Inserts = parsed.GetValue(insert), Reads = parsed.GetValue(read),
                Plans = parsed.GetValue(plans)?.FullName, Rounds = parsed.GetValue(rounds),
            },
            parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> Run(HistoryBenchmark benchmark, bool json, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            await PostgresMigrations.Apply(benchmark.ConnectionString, cancellation);
            HistoryReport report = await benchmark.Run(cancellation);
            await output.WriteLineAsync(json ? JsonSerializer.Serialize(report) : report.ToText());
            return ExchangeCommandLine.Done;
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or ArgumentException or HistoryUnavailableException)
        {
            await error.WriteLineAsync(failure.InnerException?.Message ?? failure.Message);
            return ExchangeCommandLine.Failed;
        }
    }
}
