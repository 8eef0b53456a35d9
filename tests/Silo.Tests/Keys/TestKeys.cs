using Exchange.Edge.Authentication;
using Exchange.Silo.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Silo.Tests.Keys;

/// <summary>An edge's store of keys over a database that others may share.</summary>
internal sealed class TestKeys : IAsyncDisposable
{
    public static readonly string Zeros = Convert.ToBase64String(new byte[32]);
    public static readonly string Ones = Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]);

    private readonly NpgsqlDataSource _database;

    private TestKeys(NpgsqlDataSource database, PostgresKeyStore store)
    {
        _database = database;
        Store = store;
    }

    public PostgresKeyStore Store { get; }

    public static async Task<TestKeys> Open(string database, string? masterKey = null, TimeProvider? time = null)
    {
        NpgsqlDataSource source = KeyDatabase.Open(database);
        var keys = new TestKeys(source, new PostgresKeyStore(
            source, new KeyStoreOptions { MasterKey = masterKey ?? Zeros }, isDevelopment: false, time ?? TimeProvider.System, NullLogger<PostgresKeyStore>.Instance));
        try
        {
            await keys.Store.StartAsync(CancellationToken.None);
            return keys;
        }
        catch
        {
            await keys.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.StopAsync(CancellationToken.None);
        Store.Dispose();
        await _database.DisposeAsync();
    }
}
