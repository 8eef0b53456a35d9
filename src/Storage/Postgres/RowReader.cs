using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>The rows of one query over a connection of the pool or the caller's, its faults told as the store's.</summary>
internal sealed class RowReader : IAsyncDisposable
{
    private readonly NpgsqlConnection? _connection;
    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;
    private readonly CancellationToken _cancellation;

    /// <param name="connection">To be given back; null: it is the caller's.</param>
    private RowReader(NpgsqlConnection? connection, NpgsqlCommand command, NpgsqlDataReader reader, CancellationToken cancellation)
    {
        _connection = connection;
        _command = command;
        _reader = reader;
        _cancellation = cancellation;
    }

    public NpgsqlDataReader Row => _reader;

    /// <exception cref="StoreUnavailableException">Twice in a row: what was once pooled may be a connection that has died since.</exception>
    public static async ValueTask<RowReader> Query(NpgsqlDataSource database, string statement, long[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await TryQuery(database, statement, arguments, cancellation);
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure) && failure is not PostgresException { InvariantSeverity: "ERROR" })
        {
            database.Clear();
        }

        try
        {
            return await TryQuery(database, statement, arguments, cancellation);
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    /// <summary>Over a connection that is the caller's, and has no other query open.</summary>
    /// <exception cref="StoreUnavailableException">It was lost.</exception>
    public static async ValueTask<RowReader> Query(NpgsqlConnection connection, string statement, long[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await Begin(connection, null, statement, arguments, cancellation);
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    /// <exception cref="StoreUnavailableException">The connection was lost.</exception>
    public async ValueTask<bool> Next()
    {
        try
        {
            return await _reader.ReadAsync(_cancellation);
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _reader.DisposeAsync();
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            // It was read as far as anybody wanted.
        }

        await _command.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private static async ValueTask<RowReader> TryQuery(NpgsqlDataSource database, string statement, long[] arguments, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            return await Begin(connection, connection, statement, arguments, cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<RowReader> Begin(
        NpgsqlConnection connection, NpgsqlConnection? owned, string statement, long[] arguments, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(statement, connection);
        try
        {
            foreach (long argument in arguments)
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = argument });
            return new RowReader(owned, command, await command.ExecuteReaderAsync(cancellation), cancellation);
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }
}
