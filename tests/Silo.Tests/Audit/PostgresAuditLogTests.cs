using System.Text;
using System.Text.Json.Nodes;
using Exchange.Edge.Audit;
using Exchange.Silo.Audit;
using Exchange.Silo.Keys;
using Exchange.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Silo.Tests.Audit;

/// <summary>The audit log of all edges of a cluster.</summary>
public sealed class PostgresAuditLogTests
{
    /// <summary>As docs/security.md has it: the numbers of lines that do not follow from the line before.</summary>
    private const string BrokenLinks = """
        SELECT count(*) FROM exchange.audit a LEFT JOIN exchange.audit b ON b.number = a.number - 1
        WHERE substring(a.line FROM '"previous":"(.{64})"}$') IS DISTINCT FROM coalesce(encode(sha256(convert_to(b.line, 'UTF8')), 'hex'), repeat('0', 64))
        """;

    [SkippableFact]
    public async Task Lines_of_edges_that_write_at_once_are_one_chain()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        await using NpgsqlDataSource one = KeyDatabase.Open(database);
        await using NpgsqlDataSource other = KeyDatabase.Open(database);
        PostgresAuditLog[] logs = [LogIn(one), LogIn(other)];

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => logs[i % 2].Record(
            new AuditEntry("CreateKey", AuditEntry.Done) { KeyId = "k", Account = 7, Subject = $"é{i}\u0000", Request = """{"a":"ü"}"""u8.ToArray() }).AsTask()));
        await logs[0].RecordHost("CreateFirstKey", "x");

        string[] lines = Sql(database, "SELECT line FROM exchange.audit ORDER BY number").Split('\n');
        Assert.Equal(41, lines.Length);
        string previous = AuditLine.NoHash;
        foreach (string line in lines)
        {
            Assert.Equal(previous, (string?)JsonNode.Parse(line)!["previous"]);
            previous = AuditLine.HashOf(Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal(41, lines.Select(line => (string?)JsonNode.Parse(line)!["subject"]).Distinct().Count());
        Assert.Equal("0", Sql(database, BrokenLinks));
    }

    [SkippableFact]
    public async Task What_was_written_cannot_be_changed_or_taken_out_and_who_does_it_all_the_same_breaks_the_chain()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        await using NpgsqlDataSource source = KeyDatabase.Open(database);
        PostgresAuditLog log = LogIn(source);
        for (int i = 0; i < 3; i++)
            await log.RecordHost("CreateFirstKey", $"{i}");

        foreach (string change in (string[])["UPDATE exchange.audit SET line = ''", "DELETE FROM exchange.audit", "TRUNCATE exchange.audit"])
            Assert.Contains("never changed", Assert.Throws<InvalidOperationException>(() => Sql(database, change)).Message, StringComparison.Ordinal);
        Assert.Equal("0", Sql(database, BrokenLinks));

        Sql(database, "ALTER TABLE exchange.audit DISABLE TRIGGER append_only; UPDATE exchange.audit SET line = replace(line, 'First', 'Last') WHERE number = 2");
        Assert.Equal("1", Sql(database, BrokenLinks));
    }

    [SkippableFact]
    public async Task Nothing_is_recorded_while_the_database_is_away_or_refuses_writes_and_the_chain_goes_on_after()
    {
        using TemporaryPostgres server = TemporaryPostgres.Start();
        string database = server.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        await using NpgsqlDataSource source = KeyDatabase.Open(database);
        PostgresAuditLog log = LogIn(source);
        await log.RecordHost("CreateFirstKey", "before");
        Assert.True(await log.IsWritable());

        server.Configure("default_transaction_read_only", "on");
        await Condition.Holds(async () => !await log.IsWritable());
        await Assert.ThrowsAsync<IOException>(() => log.RecordHost("CreateFirstKey", "read-only").AsTask());
        server.Configure("default_transaction_read_only", "off");
        server.Stop("immediate");
        Assert.False(await log.IsWritable());
        await Assert.ThrowsAsync<IOException>(() => log.RecordHost("CreateFirstKey", "away").AsTask());

        server.StartServer();
        await Condition.Holds(async () => await log.IsWritable());
        await log.RecordHost("CreateFirstKey", "after");
        Assert.Equal("1 before, 2 after", server.Sql(
            new NpgsqlConnectionStringBuilder(database).Database!, "SELECT string_agg(number || ' ' || (line::json ->> 'subject'), ', ' ORDER BY number) FROM exchange.audit"));
    }

    private static PostgresAuditLog LogIn(NpgsqlDataSource database) => new(database, TimeProvider.System, NullLogger<PostgresAuditLog>.Instance);

    private static string Sql(string database, string statement) =>
        TemporaryPostgres.Shared.Sql(new NpgsqlConnectionStringBuilder(database).Database!, statement);
}
