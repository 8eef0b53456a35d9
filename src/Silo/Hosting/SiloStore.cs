using System.Diagnostics.Metrics;
using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Silo.Hosting;

/// <summary>Opens the database that the silo keeps everything in.</summary>
internal static class SiloStore
{
    /// <summary>Null: it cannot be used, and standard error has been told why.</summary>
    /// <param name="meter">Where the database's figures are told; null: nowhere.</param>
    public static async Task<PostgresStreamStore?> OpenOrSayWhyNot(SiloOptions options, CancellationToken cancellation, Meter? meter = null)
    {
        try
        {
            if (options.Migrate)
                await PostgresMigrations.Apply(options.Database, cancellation);
            return await PostgresStreamStore.Connect(new PostgresStreamStoreOptions { ConnectionString = options.Database, Meter = meter }, cancellation);
        }
        catch (Exception cause) when (cause is IOException or NpgsqlException or ArgumentException)
        {
            Console.Error.WriteLine($"The database cannot be used: {cause.Message}");
            return null;
        }
    }
}
