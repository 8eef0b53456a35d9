using System.Net;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>An operator's settings of a connection, as every connection to the database is made with.</summary>
/// <remarks>
/// Nothing is tried that may be gone on without: Npgsql 10.0 does that over the connection whose attempt failed, and which it had taken apart
/// already (npgsql/npgsql#6506). To cancel what waits on such a connection throws.
/// </remarks>
public static class ConnectionSettings
{
    /// <summary>GSS encryption is used where it is required; TLS is used or not, as the settings say, within one machine not unless they do.</summary>
    /// <exception cref="ArgumentException">It is not a connection string, or leaves TLS to what another machine offers.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        bool isRequired = settings.GssEncryptionMode == GssEncryptionMode.Require
            || string.Equals(Environment.GetEnvironmentVariable("PGGSSENCMODE"), "require", StringComparison.OrdinalIgnoreCase);
        if (!isRequired)
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        if (settings.SslMode is not (SslMode.Prefer or SslMode.Allow))
            return settings;
        foreach (string host in (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsThisMachine(host))
            {
                throw new ArgumentException(
                    $"The connection to {host} says nothing certain about TLS: give it 'SSL Mode=VerifyFull' (or VerifyCA, Require), or 'SSL Mode=Disable' "
                    + "where nobody else can listen. Prefer and Allow are not used: a connection that is cut as it opens would be gone on with half open.",
                    nameof(connectionString));
            }
        }

        settings.SslMode = SslMode.Disable;
        return settings;
    }

    /// <param name="host">A folder of a socket, or a name or address, perhaps with a port.</param>
    private static bool IsThisMachine(string host) =>
        host.StartsWith('/')
        || string.Equals(host.Split(':')[0], "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPEndPoint.TryParse(host, out IPEndPoint? address) && IPAddress.IsLoopback(address.Address));
}
