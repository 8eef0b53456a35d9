using System.Net.Sockets;
using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Silo.Keys;

/// <summary>The database of keys, tokens and the audit log: few connections of their own, that no order waits for.</summary>
internal static class KeyDatabase
{
    private const int PatienceSeconds = 5;

    /// <param name="connectionString">As for the silo's streams.</param>
    public static NpgsqlDataSource Open(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings = ConnectionSettings.Read(connectionString);
        settings.Options = $"{settings.Options} -c synchronous_commit=on";   // Durable whatever the database's default is.
        settings.ApplicationName = "exchange keys";
        settings.Timeout = PatienceSeconds;
        settings.CommandTimeout = PatienceSeconds;
        settings.CancellationTimeout = -1;   // What is out of time is not waited for: its connection is cut.
        settings.MaxPoolSize = 4;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>A fault of the database or of the way to it; the rest are our own.</summary>
    public static bool IsFault(Exception failure) => failure is NpgsqlException or IOException or TimeoutException or SocketException;

    /// <summary>A statement with its parameters in the order $1, $2 …</summary>
    public static NpgsqlCommand Statement(NpgsqlConnection connection, string text, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
