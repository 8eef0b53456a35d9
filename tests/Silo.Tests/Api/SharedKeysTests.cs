using System.Net;
using System.Text.Json;
using Exchange.Edge.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Silo.Tests.Api;

/// <summary>What one edge knows of keys and signatures the others know.</summary>
public sealed class SharedKeysTests
{
    [SkippableFact]
    public async Task A_signature_counts_once_over_all_silos_and_also_after_the_one_that_remembered_it_is_gone()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo one = await ApiSilo.Start(database, cluster, "one");
        var taken = new List<SignedRequest>();
        await using (ApiSilo other = await ApiSilo.Start(database, cluster, "other"))
        {
            // Of all parts of the accounts, so that of some the other silo may be asked.
            for (uint account = 1; account <= 12; account++)
            {
                ApiKey key = await one.KeyOf(account);
                await Condition.Holds(() => other.Keys.Find(key.KeyId) is not null);
                SignedRequest request = await TakenAt(other, key);
                Assert.Equal("401 SIGNATURE_REUSED", await request.SendTo(one));
                taken.Add(request);
            }
        }

        foreach (SignedRequest request in taken)
            Assert.Contains(await request.SendTo(one), (string[])["401 SIGNATURE_REUSED", "401 STALE_TIMESTAMP", "503 SIGNATURE_UNCHECKED"]);
        ApiKey later = await one.KeyOf(13);
        await TakenAt(one, later);
        foreach (SignedRequest request in taken)
            Assert.StartsWith("401", await Known(request, one), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Keys_tokens_revocations_and_the_record_of_them_are_one_over_all_silos()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo one = await ApiSilo.Start(database, cluster, "one");
        await using ApiSilo other = await ApiSilo.Start(database, cluster, "other");
        await one.Post(await one.TokenOf(0), "/api/v1/admin/accounts", new { accountId = "7" });
        ApiKey key = await one.KeyOf(7);
        await Condition.Holds(() => other.Keys.Find(key.KeyId) is not null);
        string token = (await other.App.Services.GetRequiredService<ITokenStore>().Issue(key.KeyId, 7, Permissions.Read, long.MaxValue))!;
        await Condition.Holds(async () => await Answers(one, token) && await Answers(other, token));
        using OrderStream stream = await other.Listen(token);

        Assert.Equal("200", await Known(() => new SignedRequest(key, HttpMethod.Delete, $"/api/v1/keys/{key.KeyId}"), one));

        Assert.False(await Answers(one, token));
        await stream.EndedWith("KEY_REVOKED");
        await Condition.Holds(async () => !await Answers(other, token));
        string[] actions = TemporaryPostgres.Shared.Sql(
            new Npgsql.NpgsqlConnectionStringBuilder(database).Database!, "SELECT line FROM exchange.audit ORDER BY number").Split('\n');
        Assert.Equal("CreateAccount done, RevokeKey done", string.Join(", ", actions.Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => $"{line.GetProperty("action")} {line.GetProperty("outcome")}")));
    }

    private static async Task<bool> Answers(ApiSilo silo, string token)
    {
        try
        {
            await silo.Get(token, "/api/v1/keys");
            return true;
        }
        catch (HttpRequestException refused) when (refused.StatusCode == HttpStatusCode.Unauthorized)
        {
            return false;
        }
    }

    /// <summary>A request that changes something and was taken.</summary>
    private static async Task<SignedRequest> TakenAt(ApiSilo silo, ApiKey key)
    {
        SignedRequest last = null!;
        string answer = "";
        // A memory that has just come up takes only what was signed a moment after its start.
        await Condition.Holds(async () =>
            (answer = await Known(() => last = new SignedRequest(key, HttpMethod.Post, "/api/v1/auth/tokens"), silo)) != "401 STALE_TIMESTAMP");
        Assert.Equal("201", answer);
        return last;
    }

    private static Task<string> Known(SignedRequest request, ApiSilo silo) => Known(() => request, silo);

    /// <summary>The first answer of who knows, as a client gets it that signs anew.</summary>
    private static async Task<string> Known(Func<SignedRequest> sign, ApiSilo silo)
    {
        string answer = "";
        await Condition.Holds(async () => (answer = await sign().SendTo(silo)) != "503 SIGNATURE_UNCHECKED");
        return answer;
    }
}
