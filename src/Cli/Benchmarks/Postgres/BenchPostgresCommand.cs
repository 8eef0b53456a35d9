using System.CommandLine;
using System.Text.Json;
using Npgsql;

namespace Exchange.Cli.Benchmarks.Postgres;

/// <summary><c>exchange bench postgres</c>: a cluster's store, in turns with Npgsql alone that inserts the same rows without a fence.</summary>
public static class BenchPostgresCommand
{
    public static Command Create()
    {
        Option<string> connection = new("--connection") { Description = "An empty database to measure with: Host=…;Username=…;Database=….", Required = true };
        Option<DirectoryInfo?> folder = new("--folder") { Description = "Folder on the server's disk, where this machine has it: its sync is measured beside." };
        Option<int> rounds = new("--rounds") { Description = "Turns of each case.", DefaultValueFactory = _ => 3 };
        Option<int> milliseconds = new("--run-ms") { Description = "Of one turn.", DefaultValueFactory = _ => 1_000 };
        Option<string> only = new("--only") { Description = "Runs the cases with this in their name.", DefaultValueFactory = _ => "" };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        rounds.RequireRange(1, 100);
        milliseconds.RequireRange(10, 60_000);
        Command command = new("postgres", "Measures a cluster's store in PostgreSQL.") { connection, folder, rounds, milliseconds, only, json };
        command.SetAction((parsed, cancellation) => Run(
            new PostgresBenchmark(parsed.GetRequiredValue(connection))
            {
                Folder = parsed.GetValue(folder)?.FullName, Rounds = parsed.GetValue(rounds), RunMs = parsed.GetValue(milliseconds),
                Only = parsed.GetValue(only) ?? "",
            },
            parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> Run(PostgresBenchmark benchmark, bool json, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            PostgresReport report = await benchmark.Run(cancellation);
            await output.WriteLineAsync(json ? JsonSerializer.Serialize(report) : report.ToText());
            return ExchangeCommandLine.Done;
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or ArgumentException)
        {
            await error.WriteLineAsync(failure.Message);
            return ExchangeCommandLine.Failed;
        }
    }
}
