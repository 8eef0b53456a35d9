using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Holds a stream's row, so that writes to it wait in the database until it is lifted.</summary>
internal sealed class Blockade : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private Blockade(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _database = database;
        _connection = connection;
        _transaction = transaction;
    }

    public static Task<Blockade> Of(PostgresDatabase database, StreamId stream) =>
        By(database, $"SELECT FROM exchange.streams WHERE stream = {stream.Value} FOR UPDATE");

    /// <summary>One who is still reading the journal.</summary>
    public static Task<Blockade> OfReader(PostgresDatabase database) => By(database, "SELECT count(*) FROM exchange.journal");

    private static async Task<Blockade> By(PostgresDatabase database, string statement)
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
        return new Blockade(database, connection, transaction);
    }

    /// <summary>Waits until this many sessions wait for it.</summary>
    public Task UntilAWriteWaits(int sessions = 1) =>
        _database.Until($"SELECT count(*) >= {sessions} FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    public async Task Lift() => await _transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
