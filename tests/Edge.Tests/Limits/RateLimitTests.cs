using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Tests.Limits;

/// <summary>What a client may ask for (S17); buckets here are small and hardly filled again while a test runs.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";

    private EdgeServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public async Task An_answer_tells_what_is_left_of_the_keys_bucket_and_of_the_addresss_for_strangers()
    {
        EdgeServer server = await Start();

        Reply own = await server.Send("GET", "/api/v1/orders", null, server.ReaderToken);
        AssertStanding("\"key\";q=100;w=100", 100, 95, own);
        own = await server.Send("GET", "/api/v1/orders", null, server.ReaderToken);
        AssertStanding("\"key\";q=100;w=100", 100, 90, own);
        AssertStanding("\"address\";q=200;w=200", 200, 189, await server.Send("GET", "/nothing"));
    }

    [Fact]
    public async Task A_used_up_key_is_told_when_to_come_back_and_hinders_no_other()
    {
        EdgeServer server = await Start();

        (_, Reply refused) = await Spend(20, () => server.Send("GET", "/api/v1/orders", null, server.ReaderToken));

        Assert.Equal("429 TOO_MANY_REQUESTS", refused.Refusal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.Equal("100", (string?)refused.Json["limit"]);
        Assert.Equal(200, (await server.AsTrader("GET", "/api/v1/orders")).Code);
        Assert.Equal(201, (await server.AsTrader("POST", "/api/v1/orders", Order)).Code);
    }

    [Fact]
    public async Task A_used_up_bucket_fills_again()
    {
        EdgeServer server = await Start(("ClientLimits:KeyWeightPerSecond", "50"), ("ClientLimits:RefusalsBurst", "1000000"));
        await Spend(20, () => server.Send("GET", "/api/v1/orders", null, server.ReaderToken));

        Reply reply;
        do
            reply = await server.Send("GET", "/api/v1/orders", null, server.ReaderToken);
        while (reply.Code == 429);

        Assert.Equal(200, reply.Code);
    }

    [Fact]
    public async Task Orders_are_counted_by_account_whatever_key_and_in_batches_one_by_one()
    {
        EdgeServer server = await Start(("ClientLimits:KeyWeightBurst", "1000"));
        ApiKey second = await server.Keys.Create(EdgeServer.Account, Permissions.Trade);
        string token = await server.Keys.CreateToken(second, second.Permissions, long.MaxValue);
        string batch = $"{{\"orders\":[{string.Join(',', Enumerable.Repeat(Order, 60))}]}}";
        Assert.Equal(200, (await server.AsTrader("POST", "/api/v1/orders/batch", batch)).Code);

        Assert.Equal("429 ORDER_RATE", (await server.AsTrader("POST", "/api/v1/orders/batch", batch)).Refusal);

        (int taken, Reply refused) = await Spend(40, () => server.Send("POST", "/api/v1/orders", Order, token));

        Assert.Equal("429 ORDER_RATE", refused.Refusal);
        Assert.Equal("\"orders\";q=100;w=100", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(60 + taken, server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task Cancels_pass_when_everything_else_is_used_up()
    {
        EdgeServer server = await Start(("ClientLimits:AddressWeightBurst", "100"));
        (_, Reply refused) = await Spend(94, () => server.AsTrader("POST", "/api/v1/orders", Order));
        Assert.Equal("429", refused.Refusal[..3]);
        (_, refused) = await Spend(0, () => server.Send("GET", "/nothing"));
        Assert.Equal("429 TOO_MANY_REQUESTS", refused.Refusal);

        Reply cancel = await server.AsTrader("DELETE", "/api/v1/orders?symbol=BTCUSDT");

        Assert.Equal(200, cancel.Code);
        AssertStanding("\"cancels\";q=100;w=100", 100, 99, cancel);
    }

    [Fact]
    public async Task Cancels_have_an_end_of_their_own()
    {
        EdgeServer server = await Start();

        (_, Reply refused) = await Spend(100, () => server.AsTrader("DELETE", "/api/v1/orders?symbol=BTCUSDT"));

        Assert.Equal("429 CANCEL_RATE", refused.Refusal);
        Assert.Equal(201, (await server.AsTrader("POST", "/api/v1/orders", Order)).Code);
    }

    [Fact]
    public async Task Guessing_credentials_uses_up_the_address_and_not_the_key()
    {
        EdgeServer server = await Start();

        // Of 200 each guess takes 25; a few more come in while a slow test guesses.
        (int guesses, Reply refused) = await Spend(8, () => server.Signed("GET", "/api/v1/orders", signing: new() { Signature = new string('0', 64) }));

        Assert.InRange(guesses, 8, 30);
        Assert.Equal("429 TOO_MANY_REQUESTS", refused.Refusal);
        AssertStanding("\"cancels\";q=100;w=100", 100, 99, await server.AsTrader("DELETE", "/api/v1/orders?symbol=BTCUSDT"));
    }

    [Fact]
    public async Task Health_is_never_refused()
    {
        EdgeServer server = await Start();
        (_, Reply refused) = await Spend(200, () => server.Send("GET", "/openapi/v1.json"));
        Assert.Equal("429 TOO_MANY_REQUESTS", refused.Refusal);

        Reply health = await server.Send("GET", "/health/ready");

        Assert.Equal(200, health.Code);
        Assert.False(health.Headers.Contains("RateLimit-Limit"));
    }

    [Fact]
    public async Task Clients_behind_a_trusted_proxy_are_counted_each_by_its_own_address()
    {
        EdgeServer server = await Start(("Edge:TrustedProxies", "127.0.0.1"), ("ClientLimits:AddressWeightBurst", "100"));
        await Spend(100, () => server.Send(From("203.0.113.7")));

        Assert.Equal(404, (await server.Send(From("203.0.113.8"))).Code);
    }

    [Fact]
    public async Task All_limits_can_be_switched_off()
    {
        EdgeServer server = await Start(("ClientLimits:IsOn", "false"));

        for (int i = 0; i < 300; i++)
            Assert.False((await server.AsTrader("GET", "/api/v1/orders")).Headers.Contains("RateLimit-Limit"));
    }

    [Theory]
    [InlineData("AddressWeightPerSecond", "0")]
    [InlineData("KeyWeightBurst", "99")]
    [InlineData("OrdersPerSecond", "many")]
    [InlineData("StreamsPerKey", "-1")]
    public async Task A_limit_that_cannot_be_stops_the_start_and_is_named(string name, string value)
    {
        _server = await EdgeServer.Start();

        Exception fault = await Assert.ThrowsAnyAsync<Exception>(() => EdgeServer.Start(null, ($"ClientLimits:{name}", value)));

        Assert.True(fault is OptionsValidationException or InvalidOperationException, fault.ToString());
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
    }

    private async Task<EdgeServer> Start(params (string Name, string Value)[] settings) => _server = await EdgeServer.Start(
        null,
        [
            ("ClientLimits:AddressWeightPerSecond", "1"), ("ClientLimits:AddressWeightBurst", "200"),
            ("ClientLimits:KeyWeightPerSecond", "1"), ("ClientLimits:KeyWeightBurst", "100"),
            ("ClientLimits:OrdersPerSecond", "1"), ("ClientLimits:OrdersBurst", "100"),
            ("ClientLimits:CancelsPerSecond", "1"), ("ClientLimits:CancelsBurst", "100"),
            .. settings,
        ]);

    /// <summary>Sends until one is refused: so many are not, and a few more for what comes in meanwhile.</summary>
    private static async Task<(int Taken, Reply Refused)> Spend(int atLeast, Func<Task<Reply>> send)
    {
        for (int taken = 0; ; taken++)
        {
            Reply reply = await send();
            if (reply.Code != 429)
                continue;
            Assert.True(taken >= atLeast, $"refused after {taken}: {reply.Text}");
            return (taken, reply);
        }
    }

    private static HttpRequestMessage From(string address)
    {
        HttpRequestMessage request = EdgeServer.Request("GET", "/nothing", null, null);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        return request;
    }

    /// <param name="remaining">At least; what comes in meanwhile may be there besides.</param>
    private static void AssertStanding(string policy, int limit, int remaining, Reply reply)
    {
        Assert.Equal(policy, reply.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal($"{limit}", reply.Headers.GetValues("RateLimit-Limit").Single());
        int told = int.Parse(reply.Headers.GetValues("RateLimit-Remaining").Single());
        Assert.InRange(told, remaining, limit);
        Assert.Equal($"{limit - told}", reply.Headers.GetValues("RateLimit-Reset").Single());
    }
}
