using System.Text.Json.Nodes;
using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Keys;

/// <summary>Keys that a client makes, lists and revokes for itself.</summary>
public sealed class OwnKeysTests : IAsyncLifetime
{
    private const string Keys = "/api/v1/keys";
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_made_key_works_at_once_within_its_rights_and_is_listed_without_its_secret()
    {
        Reply made = await _server.Signed("POST", Keys, """{"permissions":["read"]}""");

        Assert.Equal(201, made.Code);
        Assert.Equal("no-store", made.Headers.CacheControl!.ToString());
        ApiKey key = Made(made);
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders", key: key)).Code);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.Signed("POST", "/api/v1/orders", Order, key)).Refusal);

        Reply listed = await _server.AsTrader("GET", Keys);
        Assert.DoesNotContain((string)made.Json["secret"]!, listed.Text, StringComparison.Ordinal);
        JsonNode row = listed.Json["keys"]!.AsArray().Single(row => (string?)row!["keyId"] == key.KeyId)!;
        Assert.Equal(
            $$"""{"keyId":"{{key.KeyId}}","accountId":"7","permissions":["read"],"addresses":[],"createdMs":1700000000000,"madeBy":"{{_server.Trader.KeyId}}"}""",
            row.ToJsonString());
    }

    [Fact]
    public async Task Nobody_sees_or_revokes_the_keys_of_another_account()
    {
        ApiKey other = await _server.Keys.Create(8, Permissions.Read);

        Assert.DoesNotContain(other.KeyId, (await _server.AsTrader("GET", Keys)).Text, StringComparison.Ordinal);
        Reply others = await _server.Signed("DELETE", $"{Keys}/{other.KeyId}");
        Reply nobodys = await _server.Signed("DELETE", $"{Keys}/{new string('0', 32)}");
        Assert.Equal("404 UNKNOWN_KEY", others.Refusal);
        Assert.Equal(nobodys.Refusal, others.Refusal);
        Assert.Equal(200, (await _server.Signed("GET", "/api/v1/orders", key: other)).Code);
    }

    [Theory]
    [InlineData("""{"permissions":["admin"]}""", "403 PERMISSION_MISSING")]
    [InlineData("""{"permissions":[]}""", "400 BAD_VALUE")]
    [InlineData("""{"permissions":["withdraw"]}""", "400 BAD_VALUE")]
    [InlineData("""{}""", "400 MISSING_FIELD")]
    [InlineData("""{"permissions":["read"],"expiresMs":1700000000000}""", "422 EXPIRY_IN_PAST")]
    [InlineData("""{"permissions":["read"],"expiresMs":-1}""", "400 BAD_INTEGER")]
    [InlineData("""{"permissions":["read"],"addresses":"10.0.0.1"}""", "400 WRONG_TYPE")]
    [InlineData("""{"permissions":["read"],"addresses":["10.0.0.1/8"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["10.0.0.0/33"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["127.1"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["010.0.0.1"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["[::1]"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["fe80::1%1"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":["example.com"]}""", "400 BAD_ADDRESS")]
    [InlineData("""{"permissions":["read"],"addresses":[""]}""", "400 BAD_ADDRESS")]
    public async Task A_key_that_must_not_be_is_refused_and_not_made(string body, string expected)
    {
        Assert.Equal(expected, (await _server.Signed("POST", Keys, body)).Refusal);
        Assert.Equal(2, _server.Keys.KeysOf(EdgeServer.Account).Count);
    }

    [Fact]
    public async Task A_token_makes_and_revokes_no_keys()
    {
        Assert.Equal("403 SIGNATURE_REQUIRED", (await _server.AsTrader("POST", Keys, """{"permissions":["read"]}""")).Refusal);
        Assert.Equal("403 SIGNATURE_REQUIRED", (await _server.AsTrader("DELETE", $"{Keys}/{_server.Reader.KeyId}")).Refusal);
    }

    [Fact]
    public async Task A_bounded_key_makes_only_keys_within_its_bounds_and_hands_them_on()
    {
        long endsMs = ManualTime.StartMs + 60_000;
        ApiKey bounded = (await _server.Keys.Create(
            new KeyTerms(7, Permissions.Read | Permissions.Trade) { Addresses = AddressList.Parse(["127.0.0.0/8", "10.0.0.0/8"])!, ExpiresMs = endsMs }))!;

        Assert.Equal("403 KEY_TERMS_EXCEEDED", (await Make(bounded, $$"""{"permissions":["read"],"expiresMs":{{endsMs + 1}}}""")).Refusal);
        Assert.Equal("403 KEY_TERMS_EXCEEDED", (await Make(bounded, """{"permissions":["read"],"addresses":[]}""")).Refusal);
        Assert.Equal("403 KEY_TERMS_EXCEEDED", (await Make(bounded, """{"permissions":["read"],"addresses":["126.0.0.0/7"]}""")).Refusal);
        Assert.Equal("403 KEY_TERMS_EXCEEDED", (await Make(bounded, """{"permissions":["read"],"addresses":["10.1.0.0/16","::1"]}""")).Refusal);

        Reply silent = await Make(bounded, """{"permissions":["read"]}""");
        Assert.Equal("""["127.0.0.0/8","10.0.0.0/8"]""", silent.Json["addresses"]!.ToJsonString());
        Assert.Equal(endsMs, (long)silent.Json["expiresMs"]!);
        Reply narrower = await Make(bounded, """{"permissions":["read"],"addresses":["10.1.0.0/16","127.0.0.1"],"expiresMs":1700000000001}""");
        Assert.Equal("""["10.1.0.0/16","127.0.0.1"]""", narrower.Json["addresses"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_revokes_itself_and_what_has_no_further_rights()
    {
        Assert.Equal("403 PERMISSION_MISSING", (await _server.Signed("DELETE", $"{Keys}/{_server.Trader.KeyId}", key: _server.Reader)).Refusal);
        Assert.Equal(200, (await _server.Signed("DELETE", $"{Keys}/{_server.Reader.KeyId}")).Code);
        Assert.Equal(200, (await _server.Signed("DELETE", $"{Keys}/{_server.Trader.KeyId}")).Code);

        Assert.Equal("401 BAD_SIGNATURE", (await _server.Signed("GET", "/api/v1/orders")).Refusal);
        Assert.Equal("401 BAD_SIGNATURE", (await _server.Signed("GET", "/api/v1/orders", key: _server.Reader)).Refusal);
    }

    [Fact]
    public async Task The_tokens_of_a_revoked_key_end_with_it_both_kept_and_short_lived()
    {
        string token = (string)(await _server.Signed("POST", "/api/v1/auth/tokens")).Json["token"]!;
        Assert.Equal(200, (await _server.Send("GET", "/api/v1/orders", null, token)).Code);

        Assert.Equal(200, (await _server.Signed("DELETE", $"{Keys}/{_server.Trader.KeyId}")).Code);

        Assert.Equal("401 BAD_TOKEN", (await _server.Send("GET", "/api/v1/orders", null, token)).Refusal);
        Assert.Equal("401 BAD_TOKEN", (await _server.AsTrader("GET", "/api/v1/orders")).Refusal);
        Assert.Equal(200, (await _server.Send("GET", "/api/v1/orders", null, _server.ReaderToken)).Code);
    }

    [Fact]
    public async Task An_account_has_at_most_64_keys()
    {
        while (_server.Keys.KeysOf(EdgeServer.Account).Count < 64)
            await _server.Keys.Create(EdgeServer.Account, Permissions.Read);

        Reply refused = await _server.Signed("POST", Keys, """{"permissions":["read"]}""");

        Assert.Equal("422 TOO_MANY_KEYS", refused.Refusal);
        Assert.Equal("64", (string?)refused.Json["limit"]);
    }

    [Fact]
    public async Task The_last_key_that_may_administer_cannot_be_revoked()
    {
        Assert.Equal("409 LAST_ADMIN_KEY", (await Revoke(_server.Admin, _server.Admin)).Refusal);

        // One that ends counts only as long as it lives.
        ApiKey ending = (await _server.Keys.Create(new KeyTerms(0, Permissions.Admin | Permissions.Read) { ExpiresMs = ManualTime.StartMs + 60_000 }))!;
        _server.Time.Advance(60_000);
        Assert.Equal("409 LAST_ADMIN_KEY", (await Revoke(_server.Admin, _server.Admin)).Refusal);
        Assert.Equal(200, (await Revoke(ending, _server.Admin)).Code);
        await _server.Keys.Create(0, Permissions.Admin);
        Assert.Equal(200, (await Revoke(_server.Admin, _server.Admin)).Code);
    }

    private Task<Reply> Make(ApiKey key, string body) => _server.Signed("POST", Keys, body, key);

    private Task<Reply> Revoke(ApiKey revoked, ApiKey key)
    {
        _server.Time.Advance(1);
        return _server.Signed("DELETE", $"/api/v1/admin/keys/{revoked.KeyId}", key: key);
    }

    private static ApiKey Made(Reply reply) =>
        new((string)reply.Json["keyId"]!, new KeyTerms(7, Permissions.Read), (string)reply.Json["secret"]!, 0);
}
