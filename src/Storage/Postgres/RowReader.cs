using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>The rows of one query over a connection of the pool, its faults told as the store's.</summary>
internal sealed class RowReader : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;
    private readonly CancellationToken _cancellation;

    private RowReader(NpgsqlConnection connection, NpgsqlCommand command, NpgsqlDataReader reader, CancellationToken cancellation)
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
        await _connection.DisposeAsync();
    }

    private static async ValueTask<RowReader> TryQuery(NpgsqlDataSource database, string statement, long[] arguments, CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        NpgsqlCommand? command = null;
        try
        {
            connection = await database.OpenConnectionAsync(cancellation);
            command = new NpgsqlCommand(statement, connection);
            foreach (long argument in arguments)
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = argument });
            return new RowReader(connection, command, await command.ExecuteReaderAsync(cancellation), cancellation);
        }
        catch
        {
            if (command is not null)
                await command.DisposeAsync();
            if (connection is not null)
                await connection.DisposeAsync();
            throw;
        }
    }
}
