using System.Text.Json.Nodes;
using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Keys;

/// <summary>Addresses, expiry and revocation hold however a key is used (S10): signed, as a token and on a stream.</summary>
public sealed class KeyBoundsTests : IAsyncLifetime
{
    private const string Private = """{"id":9,"op":"subscribe","channels":["orders"]}""";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("::1", false)]
    public async Task A_key_is_used_only_from_where_it_may_be(string range, bool isAllowed)
    {
        (ApiKey key, string token) = await Make(new KeyTerms(7, Permissions.Read) { Addresses = AddressList.Parse([range])! });
        string expected = isAllowed ? "200" : "403 ADDRESS_NOT_ALLOWED";

        Assert.Equal(expected, Outcome(await _server.Signed("GET", "/api/v1/orders", key: key)));
        Reply bearer = await _server.Send("GET", "/api/v1/orders", null, token);
        Assert.Equal(expected, Outcome(bearer));
        Assert.Equal(expected, await LogOn(key));
        Assert.Equal(expected, await LogOn(token));
        if (!isAllowed)
            Assert.Equal("127.0.0.1", (string?)bearer.Json["value"]);
    }

    [Fact]
    public async Task A_key_ends_at_its_time_and_so_do_its_tokens_and_streams()
    {
        (ApiKey key, string token) = await Make(new KeyTerms(7, Permissions.Read) { ExpiresMs = ManualTime.StartMs + 60_000 });
        using StreamClient stream = await StreamClient.Connect(_server);
        await stream.LogOn(token);
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders", key: key)).Code);

        _server.Time.Advance(60_000);

        Assert.Equal("401 KEY_EXPIRED", (await _server.Signed("GET", "/api/v1/orders", key: key)).Refusal);
        Assert.Equal("401 KEY_EXPIRED", (await _server.Send("GET", "/api/v1/orders", null, token)).Refusal);
        Assert.Equal("401 KEY_EXPIRED", await LogOn(key));
        Assert.NotNull(await stream.ReceiveLast());
    }

    [Fact]
    public async Task A_token_lives_no_longer_than_its_key()
    {
        (ApiKey key, _) = await Make(new KeyTerms(7, Permissions.Read) { ExpiresMs = ManualTime.StartMs + 60_000 });

        Reply token = await _server.Signed("POST", "/api/v1/auth/tokens", """{"lifetimeMs":3600000}""", key);

        Assert.Equal(ManualTime.StartMs + 60_000, (long)token.Json["expiresMs"]!);
    }

    [Fact]
    public async Task A_revoked_keys_streams_are_told_and_closed_within_a_second_and_no_others()
    {
        (ApiKey key, string token) = await Make(new KeyTerms(7, Permissions.Read));
        using StreamClient bySignature = await StreamClient.Connect(_server);
        using StreamClient byToken = await StreamClient.Connect(_server);
        using StreamClient other = await StreamClient.Connect(_server);
        Assert.Null((await bySignature.Ask(Signature(key)))["error"]);
        await byToken.LogOn(token);
        await other.LogOn(_server.ReaderToken);

        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal(RevokeOutcome.Revoked, await _server.Keys.Revoke(key.KeyId));

        Assert.Equal("KEY_REVOKED", (string?)(await bySignature.ReceiveLast())!["error"]!["code"]);
        Assert.Equal("KEY_REVOKED", (string?)(await byToken.ReceiveLast())!["error"]!["code"]);

        // The sweep is every half second; the rest is for a busy machine.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 5);
        Assert.True((bool)(await other.Ask(Private))["ok"]!);
    }

    [Fact]
    public async Task An_administrator_makes_lists_and_revokes_keys_of_any_account()
    {
        _server.Exchange.Account = new Core.Port.AccountView(9, false, Core.Orders.TradingState.Trading, false, 0, 0, 0, 0, 0, [], []);
        Reply made = await _server.AsAdmin("POST", "/api/v1/admin/accounts/9/keys",
            """{"permissions":["read"],"addresses":["127.0.0.1","2001:db8::/32"],"expiresMs":1800000000000}""");
        string keyId = (string)made.Json["keyId"]!;

        Reply listed = await _server.AsAdmin("GET", "/api/v1/admin/accounts/9/keys");
        Assert.Equal(keyId, (string?)listed.Json["keys"]!.AsArray().Single()!["keyId"]);
        Assert.DoesNotContain("secret", listed.Text, StringComparison.Ordinal);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsTrader("GET", "/api/v1/admin/accounts/9/keys")).Refusal);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.AsTrader("DELETE", $"/api/v1/admin/keys/{keyId}")).Refusal);
        Assert.Equal(200, (await _server.AsAdmin("DELETE", $"/api/v1/admin/keys/{keyId}")).Code);
        Assert.Equal("404 UNKNOWN_KEY", (await _server.AsAdmin("DELETE", $"/api/v1/admin/keys/{keyId}")).Refusal);
    }

    [Fact]
    public async Task An_administrators_key_makes_no_other_that_may_be_used_from_further_away()
    {
        _server.Exchange.Account = new Core.Port.AccountView(9, false, Core.Orders.TradingState.Trading, false, 0, 0, 0, 0, 0, [], []);
        ApiKey near = (await _server.Keys.Create(new KeyTerms(0, Permissions.Admin) { Addresses = AddressList.Parse(["127.0.0.1"])! }))!;

        Reply further = await _server.Signed("POST", "/api/v1/admin/accounts/9/keys", """{"permissions":["admin"],"addresses":[]}""", near);
        Reply taken = await _server.Signed("POST", "/api/v1/admin/accounts/9/keys", """{"permissions":["admin"]}""", near);

        Assert.Equal("403 KEY_TERMS_EXCEEDED", further.Refusal);
        Assert.Equal("""["127.0.0.1"]""", taken.Json["addresses"]!.ToJsonString());
    }

    private async Task<(ApiKey Key, string Token)> Make(KeyTerms terms)
    {
        ApiKey key = (await _server.Keys.Create(terms))!;
        return (key, await _server.Keys.CreateToken(key, terms.Permissions, ManualTime.StartMs + 86_400_000));
    }

    private async Task<string> LogOn(string token) => await LogOnWith($$"""{"op":"authenticate","token":"{{token}}"}""");

    private async Task<string> LogOn(ApiKey key) => await LogOnWith(Signature(key));

    private async Task<string> LogOnWith(string message)
    {
        using StreamClient stream = await StreamClient.Connect(_server);
        JsonNode answer = await stream.Ask(message);
        return answer["error"] is { } error ? $"{error["status"]} {error["code"]}" : "200";
    }

    private string Signature(ApiKey key)
    {
        string signature = Signing.Of(key.RevealSecret(), $"{_server.Time.NowMs}", "GET", "/api/v1/stream", []);
        return $$"""{"op":"authenticate","key":"{{key.KeyId}}","timestamp":{{_server.Time.NowMs}},"signature":"{{signature}}"}""";
    }

    private static string Outcome(Reply reply) => reply.Code == 200 ? "200" : reply.Refusal;
}
