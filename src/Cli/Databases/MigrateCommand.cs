using System.CommandLine;
using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Cli.Databases;

/// <summary><c>exchange migrate</c>: brings a cluster's database to the schema of this build.</summary>
public static class MigrateCommand
{
    public static Command Create()
    {
        Option<string> connection = DatabaseOptions.Connection();
        Command command = new("migrate", "Brings a cluster's database to the schema of this build.") { connection };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(connection), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> Run(string connection, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<SchemaVersion> steps = await PostgresMigrations.Apply(connection, cancellation);
            foreach (SchemaVersion step in steps)
                await output.WriteLineAsync($"applied {step}");
            await output.WriteLineAsync($"the database is at {PostgresMigrations.Known[^1]}");
            return ExchangeCommandLine.Done;
        }
        catch (Exception refusal) when (refusal is NpgsqlException or ArgumentException or IOException)
        {
            await error.WriteLineAsync(refusal.Message);
            return ExchangeCommandLine.Failed;
        }
    }
}
