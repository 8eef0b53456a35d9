using Exchange.Storage.Streams;
using Exchange.Storage.Tests.Streams;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>The contract over PostgreSQL: each call for a store gets a silo's of its own.</summary>
public sealed class PostgresStreamStoreTests : StreamStoreContract, IAsyncLifetime
{
    private PostgresDatabase? _database;

    public async Task InitializeAsync()
    {
        if (TemporaryPostgres.IsInstalled)
            _database = await PostgresDatabase.Create(TemporaryPostgres.Shared);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    protected override async ValueTask<IStreamStore> Store()
    {
        TemporaryPostgres.SkipIfAbsent();
        return await _database!.Open();
    }
}
