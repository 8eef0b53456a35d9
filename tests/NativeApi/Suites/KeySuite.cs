using System.Text.Json;
using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>Keys, signatures and tokens, on every edge alike.</summary>
public abstract class KeySuite(VenueServer server) : NativeApiSuite(server)
{
    [SkippableFact]
    public async Task A_made_key_works_on_every_edge_within_its_rights_and_is_listed_without_its_secret()
    {
        ApiReply made = (await Alice.Signed("POST", "/api/v1/keys", """{"permissions":["read"]}""")).Required(201);
        var key = new ServerKey(made["keyId"], made["secret"]);
        await Server.WaitUntilKnown(key);

        foreach (Uri edge in Server.Edges)
        {
            (await Signed.Send(edge, key.KeyId, key.Secret, "GET", "/api/v1/orders", "")).Required();
            Assert.Equal("403 PERMISSION_MISSING", (await Signed.Send(edge, key.KeyId, key.Secret, "POST", "/api/v1/orders", Order)).Refusal);
        }

        ApiReply listed = (await Alice.Get("/api/v1/keys")).Required();
        Assert.DoesNotContain(key.Secret, listed.Text, StringComparison.Ordinal);
        Assert.Equal([Alice.Key.KeyId, key.KeyId], listed.Rows("keys", "keyId"));
        Assert.Equal([Alice.Account, Alice.Account], listed.Rows("keys", "accountId"));
    }

    [SkippableFact]
    public async Task A_revoked_key_is_refused_on_every_edge_and_its_streams_end()
    {
        ServerKey key = await Server.NewKey(Alice.Account, """{"permissions":["read","trade"]}""");
        List<(StreamClient Stream, ApiClient Client)> users = [];
        foreach (Uri edge in Server.Edges)
        {
            string token = await VenueServer.TokenAt(edge, key);
            StreamClient stream = await StreamClient.Connect(edge);
            await stream.LogOn(token);
            users.Add((stream, new ApiClient(edge, token)));
        }

        (await Alice.Signed("DELETE", $"/api/v1/keys/{key.KeyId}")).Required();

        foreach ((StreamClient stream, ApiClient client) in users)
        {
            (await stream.Receive()).GetProperty("error").Shows("code=KEY_REVOKED");
            Assert.Null(await stream.ReceiveOrEnd());
            Assert.Equal("401 BAD_TOKEN", (await client.Get("/api/v1/account")).Refusal);
            Assert.Equal("401 BAD_SIGNATURE", (await Signed.Send(client.Address, key.KeyId, key.Secret, "GET", "/api/v1/account", "")).Refusal);
            stream.Dispose();
            client.Dispose();
        }
    }

    [SkippableFact]
    public async Task A_signature_that_changes_something_is_taken_once_whichever_edge_it_comes_to()
    {
        using Trader elsewhere = await Server.Elsewhere(Alice);
        SignedRequest request = SignedRequest.Now(Alice.Key, "POST", "/api/v1/orders", Order);

        Assert.Equal(201, (await request.SendTo(Alice.Address)).Status);
        Assert.Equal("401 SIGNATURE_REUSED", (await request.SendTo(elsewhere.Address)).Refusal);
        Assert.Equal("401 SIGNATURE_REUSED", (await request.SendTo(Alice.Address)).Refusal);
        Assert.Equal(1, (await Alice.Get("/api/v1/orders")).Count("orders"));
    }

    [SkippableFact]
    public async Task Bad_credentials_are_refused_by_name()
    {
        using var nobody = new ApiClient(Alice.Address, null);
        using var wrong = new ApiClient(Alice.Address, "xt_wrong");

        Assert.Equal("401 CREDENTIALS_MISSING", (await nobody.Get("/api/v1/account")).Refusal);
        Assert.Equal("401 BAD_TOKEN", (await wrong.Get("/api/v1/account")).Refusal);
        Assert.Equal("401 BAD_SIGNATURE", (await Signed.Send(Alice.Address, Alice.Key.KeyId, "wrong", "GET", "/api/v1/account", "")).Refusal);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        SignedRequest old = new SignedRequest(Alice.Key, "GET", "/api/v1/account", "", now - 6_000);
        Assert.Equal("401 STALE_TIMESTAMP", (await old.SendTo(Alice.Address)).Refusal);
        SignedRequest ahead = new SignedRequest(Alice.Key, "GET", "/api/v1/account", "", now + 60_000);
        Assert.Equal("401 TIMESTAMP_AHEAD", (await ahead.SendTo(Alice.Address)).Refusal);
    }

    [SkippableFact]
    public async Task A_token_has_at_most_the_rights_of_its_key_and_makes_no_keys()
    {
        string token = await VenueServer.TokenAt(Alice.Address, Alice.Key, """{"permissions":["read"],"lifetimeMs":60000}""");
        using var reader = new ApiClient(Alice.Address, token);

        (await reader.Get("/api/v1/account")).Required();
        Assert.Equal("403 PERMISSION_MISSING", (await reader.Place(Order)).Refusal);
        Assert.Equal("403 SIGNATURE_REQUIRED", (await Alice.Post("/api/v1/keys", """{"permissions":["read"]}""")).Refusal);
        Assert.Equal(
            "403 PERMISSION_MISSING",
            (await Alice.Signed("POST", "/api/v1/auth/tokens", """{"permissions":["admin"]}""")).Refusal);
    }

    [SkippableFact]
    public async Task A_key_is_bound_to_its_addresses_and_makes_no_key_beyond_its_bounds()
    {
        ServerKey elsewhere = await Server.NewKey(Alice.Account, """{"permissions":["read"],"addresses":["10.0.0.0/8"]}""");
        Assert.Equal("403 ADDRESS_NOT_ALLOWED", (await Signed.Send(Alice.Address, elsewhere.KeyId, elsewhere.Secret, "GET", "/api/v1/account", "")).Refusal);

        ServerKey here = await Server.NewKey(Alice.Account, """{"permissions":["read"],"addresses":["127.0.0.0/8"]}""");
        (await Signed.Send(Alice.Address, here.KeyId, here.Secret, "GET", "/api/v1/account", "")).Required();
        Assert.Equal(
            "403 KEY_TERMS_EXCEEDED",
            (await Signed.Send(Alice.Address, here.KeyId, here.Secret, "POST", "/api/v1/keys", """{"permissions":["read"],"addresses":[]}""")).Refusal);
        Assert.Equal(
            "403 PERMISSION_MISSING",
            (await Signed.Send(Alice.Address, here.KeyId, here.Secret, "POST", "/api/v1/keys", """{"permissions":["trade"]}""")).Refusal);
    }

    [SkippableFact]
    public async Task A_key_ends_at_its_expiry()
    {
        long soon = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1_500;
        ServerKey key = await Server.NewKey(Alice.Account, $$"""{"permissions":["read"],"expiresMs":{{soon}}}""");
        using StreamClient stream = await StreamClient.Connect(Alice.Address);
        await stream.LogOn(await VenueServer.TokenAt(Alice.Address, key));

        JsonElement told = await stream.Receive();

        told.GetProperty("error").Shows("code=BAD_TOKEN");
        Assert.Equal("401 KEY_EXPIRED", (await Signed.Send(Alice.Address, key.KeyId, key.Secret, "GET", "/api/v1/account", "")).Refusal);
    }

    [SkippableFact]
    public async Task Nobody_sees_or_revokes_the_keys_of_another_account()
    {
        Assert.DoesNotContain(Bob.Key.KeyId, (await Alice.Get("/api/v1/keys")).Text, StringComparison.Ordinal);
        Assert.Equal("404 UNKNOWN_KEY", (await Alice.Signed("DELETE", $"/api/v1/keys/{Bob.Key.KeyId}")).Refusal);
        (await Bob.Signed("GET", "/api/v1/account")).Required();
    }

    private string Order => Market.Limit("buy", "49000", "0.1");
}
