using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>An operator's settings of a connection, as every connection to the database is made with.</summary>
public static class ConnectionSettings
{
    /// <summary>
    /// GSS encryption is used where it is required, and not tried else: Npgsql 10.0 goes on without it over the connection whose attempt
    /// failed, and which it had taken apart already (npgsql/npgsql#6506). To cancel what waits on such a connection throws.
    /// </summary>
    /// <exception cref="ArgumentException">It is not a connection string.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        bool isRequired = settings.GssEncryptionMode == GssEncryptionMode.Require
            || string.Equals(Environment.GetEnvironmentVariable("PGGSSENCMODE"), "require", StringComparison.OrdinalIgnoreCase);
        if (!isRequired)
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return settings;
    }
}
