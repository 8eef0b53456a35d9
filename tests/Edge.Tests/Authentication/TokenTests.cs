using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Authentication;

public sealed class TokenTests : IAsyncLifetime
{
    private const string Tokens = "/api/v1/auth/tokens";

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_signed_request_gets_a_token_that_ends_at_its_time()
    {
        Reply reply = await _server.Signed("POST", Tokens, """{"lifetimeMs":60000,"permissions":["read"]}""");

        Assert.Equal(201, reply.Code);
        Assert.Equal("no-store", reply.Headers.CacheControl!.ToString());
        string token = (string)reply.Json["token"]!;
        Assert.Equal(200, (await _server.Send("GET", "/api/v1/orders", null, token)).Code);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.Send("DELETE", "/api/v1/orders?symbol=BTCUSDT", null, token)).Refusal);
        _server.Time.NowMs = (long)reply.Json["expiresMs"]!;
        Assert.Equal("401 BAD_TOKEN", (await _server.Send("GET", "/api/v1/orders", null, token)).Refusal);
    }

    [Fact]
    public async Task Without_a_body_the_token_may_what_the_key_may_for_an_hour()
    {
        Reply reply = await _server.Signed("POST", Tokens);

        Assert.Equal("""["read","trade"]""", reply.Json["permissions"]!.ToJsonString());
        Assert.Equal(ManualTime.StartMs + 3_600_000, (long)reply.Json["expiresMs"]!);
    }

    [Fact]
    public async Task A_token_cannot_make_tokens_nor_may_more_than_its_key()
    {
        Assert.Equal("403 SIGNATURE_REQUIRED", (await _server.AsTrader("POST", Tokens)).Refusal);
        Assert.Equal("403 PERMISSION_MISSING", (await _server.Signed("POST", Tokens, """{"permissions":["admin"]}""")).Refusal);
        Assert.Equal("400 BAD_VALUE", (await _server.Signed("POST", Tokens, """{"permissions":["root"]}""")).Refusal);
        Assert.Equal("400 BAD_VALUE", (await _server.Signed("POST", Tokens, """{"permissions":[]}""")).Refusal);
        Assert.Equal("400 BAD_INTEGER", (await _server.Signed("POST", Tokens, """{"lifetimeMs":86400001}""")).Refusal);
    }

    [Fact]
    public async Task A_key_has_a_bounded_number_of_live_tokens()
    {
        for (int i = 0; i < 64; i++)
        {
            _server.Time.Advance(1);
            Assert.Equal(201, (await _server.Signed("POST", Tokens, """{"lifetimeMs":1000}""")).Code);
        }

        _server.Time.Advance(1);
        Assert.Equal("422 TOO_MANY_TOKENS", (await _server.Signed("POST", Tokens, """{"lifetimeMs":1000}""")).Refusal);
        _server.Time.Advance(1_000);
        Assert.Equal(201, (await _server.Signed("POST", Tokens, """{"lifetimeMs":1000}""")).Code);
    }
}
