using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres;

/// <summary>One session and its one prepared statement, which takes an array a column and writes many streams at once.</summary>
internal sealed class WriteConnection : IDisposable
{
    /// <summary>
    /// Durable whatever the database's default is. The plan is fixed: it goes through the arrays in their order, stream by stream
    /// by the index, so that two sessions lock rows in one order and cannot wait for each other in a circle.
    /// </summary>
    internal const string SessionSettings =
        "-c synchronous_commit=on -c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c enable_material=off -c work_mem=64MB";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;

    private WriteConnection(NpgsqlConnection connection, NpgsqlCommand command)
    {
        _connection = connection;
        _command = command;
    }

    /// <exception cref="NpgsqlException">It cannot be had now.</exception>
    public static WriteConnection Open(PostgresStreamStoreOptions options, string statement, IReadOnlyList<NpgsqlParameter> columns)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = false,
            Options = $"{given.Options} {SessionSettings}",
            ApplicationName = "exchange writer",
            Timeout = 5,
            CommandTimeout = options.TransactionTimeoutSeconds,
            CancellationTimeout = -1,   // A transaction out of time is not waited for: its connection is cut.
            WriteBufferSize = 64 * 1_024,
        }.ConnectionString);
        try
        {
            connection.Open();
            RequireDurable(connection);
            var command = new NpgsqlCommand(statement, connection);
            foreach (NpgsqlParameter column in columns)
                command.Parameters.Add(column.Clone());
            command.Prepare();
            return new WriteConnection(connection, command);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public bool IsOpen => _connection.State == ConnectionState.Open;

    /// <summary>A column's array: of bigint, integer or bytea.</summary>
    public static NpgsqlParameter Column(NpgsqlDbType type) => new() { NpgsqlDbType = NpgsqlDbType.Array | type };

    public void Set(int column, object array) => _command.Parameters[column].Value = array;

    /// <summary>Carries the statement out; when it returns, it is committed.</summary>
    public void Execute(Action<NpgsqlDataReader> readRow)
    {
        using NpgsqlDataReader reader = _command.ExecuteReader(CommandBehavior.SequentialAccess);
        while (reader.Read())
            readRow(reader);
        // The commit comes behind the last row: its failure shows here only.
        while (reader.NextResult())
        {
        }
    }

    public void Dispose()
    {
        _command.Dispose();
        _connection.Dispose();
    }

    private static void RequireDurable(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT current_setting('fsync')", connection);
        UnsafeDatabaseException.RequireSync((string?)command.ExecuteScalar());
    }
}

/// <summary>The database is set up to lose what it acknowledged; nothing is written to it.</summary>
public sealed class UnsafeDatabaseException(string detail) : IOException($"The database is not safe to write to: {detail}.")
{
    /// <param name="fsync">The server's setting.</param>
    internal static void RequireSync(string? fsync)
    {
        if (fsync != "on")
            throw new UnsafeDatabaseException("fsync is off, so what it acknowledges would not outlive a crash of its machine");
    }
}
