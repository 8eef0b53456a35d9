using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>The database's schema, by numbered steps; each is one transaction, and none is ever changed once released.</summary>
public static class PostgresMigrations
{
    private const string Folder = ".Postgres.Migrations.";

    private const string Lock = "SELECT pg_advisory_lock(7011990400)";

    private const string CreateVersions = """
        CREATE SCHEMA IF NOT EXISTS exchange;
        CREATE TABLE IF NOT EXISTS exchange.schema_versions (
            version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
        """;

    private const string NewestVersion = "SELECT version, name FROM exchange.schema_versions ORDER BY version DESC LIMIT 1";

    /// <summary>The steps this build knows, in order.</summary>
    public static IReadOnlyList<SchemaVersion> Known { get; } = [.. Resources().Select(Parse).OrderBy(step => step.Number)];

    /// <summary>Brings the schema to the newest version this build knows. Any number of silos may do it at once.</summary>
    /// <returns>The steps that were taken; none if it was there already.</returns>
    /// <exception cref="SchemaVersionException">A newer build has been here.</exception>
    /// <exception cref="NpgsqlException">The database cannot be had, or refuses.</exception>
    public static async Task<IReadOnlyList<SchemaVersion>> Apply(string connectionString, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await Connect(connectionString, cancellation);
        // The session's end unlocks it, also where this process dies.
        await Execute(connection, Lock, cancellation);
        await Execute(connection, CreateVersions, cancellation);
        SchemaVersion? newest = await Newest(connection, cancellation);
        RequireNotNewer(newest);
        List<SchemaVersion> steps = [.. Known.Where(step => newest is null || step.Number > newest.Number)];
        foreach (SchemaVersion step in steps)
            await Apply(connection, step, cancellation);
        return steps;
    }

    /// <exception cref="SchemaVersionException">The schema is older or newer than this build's.</exception>
    /// <exception cref="UnsafeDatabaseException">The database would lose what it acknowledges.</exception>
    public static async Task RequireCurrent(string connectionString, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await Connect(connectionString, cancellation);
        await using (var safety = new NpgsqlCommand("SELECT current_setting('fsync')", connection))
            UnsafeDatabaseException.RequireSync((string?)await safety.ExecuteScalarAsync(cancellation));
        SchemaVersion? newest = null;
        try
        {
            newest = await Newest(connection, cancellation);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Never migrated.
        }

        RequireNotNewer(newest);
        if (newest != Known[^1])
            throw new SchemaVersionException($"The database's schema is {newest?.ToString() ?? "missing"}; this build needs {Known[^1]}. Run: exchange migrate");
    }

    private static async Task Apply(NpgsqlConnection connection, SchemaVersion step, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, ReadScript(step), cancellation);
        await using (var record = new NpgsqlCommand("INSERT INTO exchange.schema_versions (version, name) VALUES ($1, $2)", connection))
        {
            record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = step.Number });
            record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = step.Name });
            await record.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<SchemaVersion?> Newest(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(NewestVersion, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? new SchemaVersion(row.GetInt32(0), row.GetString(1)) : null;
    }

    private static void RequireNotNewer(SchemaVersion? newest)
    {
        if (newest is not null && newest.Number > Known[^1].Number)
            throw new SchemaVersionException($"The database's schema is {newest}; this build knows up to {Known[^1]}. Use the newer build.");
    }

    private static async Task<NpgsqlConnection> Connect(string connectionString, CancellationToken cancellation)
    {
        // Not pooled: its lock must end with it. A step may take long, and waits for those of others.
        NpgsqlConnectionStringBuilder settings = ConnectionSettings.Read(connectionString);
        settings.Pooling = false;
        settings.CommandTimeout = 0;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string statements, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<string> Resources() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal));

    /// <summary>"….Postgres.Migrations.0001-streams.sql".</summary>
    private static SchemaVersion Parse(string resource)
    {
        string file = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^".sql".Length];
        int dash = file.IndexOf('-', StringComparison.Ordinal);
        return new SchemaVersion(int.Parse(file.AsSpan(0, dash), CultureInfo.InvariantCulture), file[(dash + 1)..]);
    }

    private static string ReadScript(SchemaVersion step)
    {
        string resource = Resources().Single(name => Parse(name) == step);
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}

/// <summary>One step of the schema.</summary>
public sealed record SchemaVersion(int Number, string Name)
{
    public override string ToString() => $"version {Number} ({Name})";
}

/// <summary>The database's schema is not the one this build writes.</summary>
public sealed class SchemaVersionException(string message) : IOException(message);
