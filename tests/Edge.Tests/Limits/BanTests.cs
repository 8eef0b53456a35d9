using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Limits;

/// <summary>Who goes on asking after it was refused is shut out (S17), for longer each time.</summary>
public sealed class BanTests : IAsyncLifetime
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"0.003"}""";
    private const int FirstBanSeconds = 120;

    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start(
        null, ("ClientLimits:AddressWeightBurst", "100"), ("ClientLimits:AddressWeightPerSecond", "1"),
        ("ClientLimits:RefusalsBurst", "10"), ("ClientLimits:RefusalsPerSecond", "1"), ("ClientLimits:LongestBanSeconds", "300"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Who_goes_on_after_refusals_is_shut_out_and_told_for_how_long()
    {
        Reply reply = await AskUntil(418);

        Assert.Equal("418 BANNED", reply.Refusal);
        Assert.Equal(FirstBanSeconds, RetryAfter(reply));
        _server.Time.Advance(100_000);
        Assert.Equal(20, RetryAfter(await _server.Send("GET", "/api/v1/time")));
        Assert.Equal("418 BANNED", (await _server.AsTrader("POST", "/api/v1/orders", Order)).Refusal);
    }

    [Fact]
    public async Task Cancels_and_health_pass_while_an_address_is_shut_out()
    {
        await AskUntil(418);

        Assert.Equal(200, (await _server.AsTrader("DELETE", "/api/v1/orders?symbol=BTCUSDT")).Code);
        Assert.Equal(200, (await _server.Send("GET", "/health/live")).Code);
    }

    [Fact]
    public async Task It_is_let_in_again_when_its_time_is_over()
    {
        await AskUntil(418);

        _server.Time.Advance(FirstBanSeconds * 1_000);

        Assert.NotEqual(418, (await _server.Send("GET", "/api/v1/time")).Code);
    }

    [Fact]
    public async Task Each_time_is_twice_as_long_up_to_a_bound()
    {
        await AskUntil(418);
        Assert.Equal(2 * FirstBanSeconds, RetryAfter(await AskUntilLonger(FirstBanSeconds)));
        Assert.Equal(300, RetryAfter(await AskUntilLonger(2 * FirstBanSeconds)));

        // Good for as long as the longest ban: then all is as at first.
        _server.Time.Advance(601_000);
        Assert.Equal(FirstBanSeconds, RetryAfter(await AskUntil(418)));
    }

    private Task<Reply> AskUntil(int code) => AskUntil(reply => reply.Code == code);

    private Task<Reply> AskUntilLonger(int seconds) => AskUntil(reply => RetryAfter(reply) > seconds);

    private async Task<Reply> AskUntil(Func<Reply, bool> isSo)
    {
        for (int asked = 0; asked < 2_000; asked++)
        {
            Reply reply = await _server.Send("GET", "/api/v1/time");
            if (isSo(reply))
                return reply;
        }

        throw new InvalidOperationException("It never came.");
    }

    private static int RetryAfter(Reply reply) => (int)(reply.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0);
}
