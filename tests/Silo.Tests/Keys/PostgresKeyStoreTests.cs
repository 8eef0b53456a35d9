using Exchange.Edge.Authentication;
using Exchange.Storage.Postgres;

namespace Exchange.Silo.Tests.Keys;

/// <summary>Edges that share their keys in a database.</summary>
public sealed class PostgresKeyStoreTests
{
    private const long Forever = long.MaxValue;

    [SkippableFact]
    public async Task A_key_made_at_one_edge_works_at_the_others_with_its_bounds_and_its_token()
    {
        string database = await NewDatabase();
        await using TestKeys one = await TestKeys.Open(database);
        await using TestKeys other = await TestKeys.Open(database);
        var terms = new KeyTerms(7, Permissions.Read | Permissions.Trade)
        {
            Addresses = AddressList.Parse(["10.0.0.0/8", "2001:db8::1"])!, ExpiresMs = 1_800_000_000_000, MadeBy = "x",
        };

        ApiKey made = (await one.Store.Create(terms))!;
        string token = await one.Store.CreateToken(made, Permissions.Read, Forever);

        Assert.Equal(made.RevealSecret(), one.Store.Find(made.KeyId)!.RevealSecret());
        Assert.True(TokenHash.TryOf(token, out TokenHash hash));
        await Condition.Holds(() => other.Store.FindToken(hash) is not null);
        ApiKey seen = other.Store.Find(made.KeyId)!;
        Assert.Equal(made.RevealSecret(), seen.RevealSecret());
        Assert.Equal((terms.Account, terms.Permissions, terms.ExpiresMs, terms.MadeBy), (seen.Account, seen.Permissions, seen.Terms.ExpiresMs, seen.Terms.MadeBy));
        Assert.Equal(terms.Addresses.Texts, seen.Terms.Addresses.Texts);
        Assert.Equal(made.KeyId, Assert.Single(other.Store.KeysOf(7)).KeyId);
        Assert.Equal(new TokenGrant(made.KeyId, 7, Permissions.Read, Forever), other.Store.FindToken(hash));

        // And at one that comes up later.
        await using TestKeys late = await TestKeys.Open(database);
        Assert.NotNull(late.Store.Find(made.KeyId));
        Assert.NotNull(late.Store.FindToken(hash));
    }

    [SkippableFact]
    public async Task A_revoked_key_ends_at_every_edge_with_its_tokens_and_its_secret_is_kept_nowhere()
    {
        string database = await NewDatabase();
        await using TestKeys one = await TestKeys.Open(database);
        await using TestKeys other = await TestKeys.Open(database);
        ApiKey key = await one.Store.Create(7, Permissions.Trade);
        string token = (await one.Store.Issue(key.KeyId, 7, Permissions.Trade, Forever))!;
        Assert.True(TokenHash.TryOf(token, out TokenHash hash));
        await Condition.Holds(() => other.Store.FindToken(hash) is not null);

        long began = TimeProvider.System.GetTimestamp();
        Assert.Equal(RevokeOutcome.Revoked, await one.Store.Revoke(key.KeyId));

        Assert.Null(one.Store.Find(key.KeyId));
        await Condition.Holds(() => other.Store.Find(key.KeyId) is null && other.Store.FindToken(hash) is null);
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalSeconds < 20);
        Assert.Equal(RevokeOutcome.Unknown, await other.Store.Revoke(key.KeyId));
        Assert.Equal("", Sql(database, $"SELECT secret FROM exchange.keys WHERE key_id = '{key.KeyId}'"));
        Assert.Equal("0", Sql(database, "SELECT count(*) FROM exchange.tokens"));
    }

    [SkippableFact]
    public async Task Secrets_lie_encrypted_and_tokens_as_hashes()
    {
        string database = await NewDatabase();
        await using TestKeys keys = await TestKeys.Open(database);
        ApiKey key = await keys.Store.Create(7, Permissions.Trade);
        string token = await keys.Store.CreateToken(key, Permissions.Read, Forever);

        string everything = Sql(database, "SELECT string_agg(k::text, '') || string_agg(t::text, '') FROM exchange.keys k, exchange.tokens t");

        Assert.Contains(key.KeyId, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(key.RevealSecret(), everything, StringComparison.Ordinal);
        Assert.DoesNotContain(token, everything, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Of_edges_that_make_the_first_key_at_once_one_makes_it()
    {
        string database = await NewDatabase();
        TestKeys[] edges = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestKeys.Open(database)));
        Assert.All(edges, edge => Assert.True(edge.Store.IsEmpty));

        ApiKey?[] made = await Task.WhenAll(edges.Select(edge => edge.Store.CreateFirst(new KeyTerms(0, Permissions.Admin)).AsTask()));

        ApiKey first = Assert.Single(made.OfType<ApiKey>());
        Assert.Equal(RevokeOutcome.LastAdministrator, await edges[0].Store.Revoke(first.KeyId));
        Assert.Null(await edges[1].Store.CreateFirst(new KeyTerms(0, Permissions.Admin)));
        foreach (TestKeys edge in edges)
            await edge.DisposeAsync();
    }

    [SkippableFact]
    public async Task An_account_has_no_more_keys_over_all_edges_than_one_edge_would_give_it_and_a_key_no_more_tokens()
    {
        string database = await NewDatabase();
        await using TestKeys one = await TestKeys.Open(database);
        await using TestKeys other = await TestKeys.Open(database);

        ApiKey?[] keys = await Task.WhenAll(Enumerable.Range(0, IKeyStore.MostPerAccount + 6)
            .Select(i => (i % 2 == 0 ? one : other).Store.Create(new KeyTerms(7, Permissions.Read)).AsTask()));
        ApiKey key = keys.OfType<ApiKey>().First();
        string?[] tokens = await Task.WhenAll(Enumerable.Range(0, ITokenStore.MostPerKey + 6)
            .Select(i => (i % 2 == 0 ? one : other).Store.Issue(key.KeyId, 7, Permissions.Read, Forever).AsTask()));

        Assert.Equal(IKeyStore.MostPerAccount, keys.OfType<ApiKey>().Count());
        Assert.Equal(ITokenStore.MostPerKey, tokens.OfType<string>().Count());
    }

    [SkippableFact]
    public async Task A_new_master_key_takes_over_in_one_start_with_both()
    {
        string database = await NewDatabase();
        ApiKey key;
        await using (TestKeys first = await TestKeys.Open(database))
            key = await first.Store.Create(7, Permissions.Read);

        await Assert.ThrowsAsync<InvalidOperationException>(() => TestKeys.Open(database, $"2:{TestKeys.Ones}"));
        await using (TestKeys both = await TestKeys.Open(database, $"1:{TestKeys.Zeros},2:{TestKeys.Ones}"))
            Assert.Equal(key.RevealSecret(), both.Store.Find(key.KeyId)!.RevealSecret());
        await using (TestKeys newer = await TestKeys.Open(database, $"2:{TestKeys.Ones}"))
            Assert.Equal(key.RevealSecret(), newer.Store.Find(key.KeyId)!.RevealSecret());
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestKeys.Open(database));
    }

    [SkippableFact]
    public async Task While_the_database_is_away_known_keys_go_on_and_nothing_changes_and_what_was_missed_is_seen_after()
    {
        using TemporaryPostgres server = TemporaryPostgres.Start();
        string database = server.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        await using TestKeys keys = await TestKeys.Open(database);
        await using TestKeys other = await TestKeys.Open(database);
        ApiKey key = await keys.Store.Create(7, Permissions.Read);
        await Condition.Holds(() => other.Store.Find(key.KeyId) is not null);

        server.Stop("immediate");
        await Assert.ThrowsAsync<KeyStoreException>(() => keys.Store.Create(7, Permissions.Read).AsTask());
        await Assert.ThrowsAsync<KeyStoreException>(() => keys.Store.Revoke(key.KeyId).AsTask());
        Assert.NotNull(keys.Store.Find(key.KeyId));
        Assert.NotNull(other.Store.Find(key.KeyId));

        server.StartServer();
        RevokeOutcome revoked = default;
        await Condition.Holds(async () =>
        {
            try
            {
                revoked = await keys.Store.Revoke(key.KeyId);
                return true;
            }
            catch (KeyStoreException)
            {
                return false;
            }
        });
        Assert.Equal(RevokeOutcome.Revoked, revoked);
        await Condition.Holds(() => other.Store.Find(key.KeyId) is null);
    }

    /// <summary>Npgsql would go on with what is left of it, and whoever canceled what waits there - the edge, when it ends - would be thrown at.</summary>
    [SkippableFact]
    public async Task A_connection_that_is_cut_while_it_is_opened_is_not_gone_on_with()
    {
        string database = await NewDatabase();
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        string through = TemporaryPostgres.Through(proxy.Port, database);

        proxy.RefuseNext(1);
        await Assert.ThrowsAsync<KeyStoreException>(() => TestKeys.Open(through));

        await using TestKeys keys = await TestKeys.Open(through);
        Assert.NotNull(await keys.Store.Create(7, Permissions.Read));
    }

    private static async Task<string> NewDatabase()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        return database;
    }

    private static string Sql(string database, string statement) =>
        TemporaryPostgres.Shared.Sql(new Npgsql.NpgsqlConnectionStringBuilder(database).Database!, statement);
}
