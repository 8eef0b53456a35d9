using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>A migrated database, and the stores that tests open over it.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly List<PostgresStreamStore> _stores = [];

    private PostgresDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public static async Task<PostgresDatabase> Create(TemporaryPostgres server)
    {
        var database = new PostgresDatabase(server.CreateDatabase());
        await PostgresMigrations.Apply(database.ConnectionString, CancellationToken.None);
        return database;
    }

    /// <summary>One more silo's store; ended with this.</summary>
    /// <param name="proxy">Through which it is connected; null: directly.</param>
    public async Task<PostgresStreamStore> Open(TcpProxy? proxy = null, int timeoutSeconds = 60, int appendConnections = 2)
    {
        string connectionString = proxy is null ? ConnectionString : TemporaryPostgres.Through(proxy.Port, ConnectionString);
        PostgresStreamStore store = await PostgresStreamStore.Connect(
            new PostgresStreamStoreOptions
            {
                ConnectionString = connectionString, UpkeepSeconds = 0, LastRetryMs = 50, TransactionTimeoutSeconds = timeoutSeconds, AppendConnections = appendConnections,
            },
            CancellationToken.None);
        _stores.Add(store);
        return store;
    }

    /// <summary>Runs a statement beside the stores.</summary>
    public async Task<object?> Sql(string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Waits until a query says true.</summary>
    public Task Until(string condition) => Condition.Holds(async () => await Sql(condition) is true, condition);

    public async ValueTask DisposeAsync()
    {
        foreach (IStreamStore store in _stores)
            await store.DisposeAsync();
    }
}
