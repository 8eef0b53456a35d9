using System.CommandLine;

namespace Exchange.Cli.Databases;

/// <summary>Options of the commands that work on a cluster's database.</summary>
internal static class DatabaseOptions
{
    public static Option<string> Connection() =>
        new("--connection") { Description = "The database, as Npgsql takes it: Host=…;Username=…;Database=….", Required = true };
}
