using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Storage.Tests.Postgres;

public sealed class MigrationTests
{
    [SkippableFact]
    public async Task Of_many_silos_that_migrate_at_once_each_step_is_taken_by_one()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();

        IReadOnlyList<SchemaVersion>[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresMigrations.Apply(database, CancellationToken.None)));

        Assert.Equal(PostgresMigrations.Known, taken.SelectMany(steps => steps));
        await PostgresMigrations.RequireCurrent(database, CancellationToken.None);
    }

    [SkippableFact]
    public async Task A_newer_schema_is_refused_by_name()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        await Execute(database, "INSERT INTO exchange.schema_versions (version, name) VALUES (9999, 'of-tomorrow')");

        SchemaVersionException refusal = await Assert.ThrowsAsync<SchemaVersionException>(() => PostgresMigrations.Apply(database, CancellationToken.None));
        Assert.Contains("version 9999 (of-tomorrow)", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SchemaVersionException>(() => Connect(database));
    }

    [SkippableFact]
    public async Task A_database_that_was_never_migrated_is_refused_with_the_command_that_does_it()
    {
        SchemaVersionException refusal = await Assert.ThrowsAsync<SchemaVersionException>(() => Connect(TemporaryPostgres.Shared.CreateDatabase()));

        Assert.Contains("missing", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("exchange migrate", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_step_that_fails_leaves_nothing_behind_and_is_taken_again()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await Execute(database, "CREATE SCHEMA exchange; CREATE TABLE exchange.log (in_the_way integer)");
        await Assert.ThrowsAsync<PostgresException>(() => PostgresMigrations.Apply(database, CancellationToken.None));

        await Execute(database, "DROP TABLE exchange.log");

        Assert.Equal(PostgresMigrations.Known, await PostgresMigrations.Apply(database, CancellationToken.None));
    }

    [SkippableFact]
    public void Steps_are_numbered_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, PostgresMigrations.Known.Count), PostgresMigrations.Known.Select(step => step.Number));

    [SkippableFact]
    public async Task A_database_that_does_not_sync_is_refused()
    {
        using TemporaryPostgres server = TemporaryPostgres.Start();
        string database = server.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        server.Configure("fsync", "off");

        await Assert.ThrowsAsync<UnsafeDatabaseException>(() => Connect(database));
    }

    private static Task<PostgresStreamStore> Connect(string database) =>
        PostgresStreamStore.Connect(new PostgresStreamStoreOptions { ConnectionString = database, UpkeepSeconds = 0 }, CancellationToken.None);

    private static async Task Execute(string database, string statements)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync();
    }
}
