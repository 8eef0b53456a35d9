using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Hosting;

public sealed class AvailabilityTests
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"market","qty":"1"}""";

    [Fact]
    public async Task While_the_venue_recovers_nothing_is_taken_and_readiness_says_so()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Exchange.IsReady = false;

        Reply refused = await server.AsTrader("POST", "/api/v1/orders", Order);

        Assert.Equal("503 NOT_READY", refused.Refusal);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("503 NOT_READY", (await server.Send("GET", "/health/ready")).Refusal);
        Assert.Equal(200, (await server.Send("GET", "/health/live")).Code);
        Assert.Equal(200, (await server.Send("GET", "/api/v1/time")).Code);
        server.Exchange.IsReady = true;
        Assert.Equal("""{"status":"ok"}""", (await server.Send("GET", "/health/ready")).Text);
        Assert.Equal("""{"status":"ok"}""", (await server.Send("GET", "/health")).Text);
    }

    [Fact]
    public async Task A_stopped_venue_is_not_ready_and_takes_nothing()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Exchange.Health = VenueHealth.Stopped;

        Assert.Equal("503 VENUE_STOPPED", (await server.AsTrader("POST", "/api/v1/orders", Order)).Refusal);
        Assert.Equal("503 VENUE_STOPPED", (await server.Send("GET", "/health/ready")).Refusal);
        Assert.Equal(0, server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_venue_that_takes_cancels_only_is_ready()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Exchange.Health = VenueHealth.CancelOnly;

        Assert.Equal("""{"status":"cancel_only"}""", (await server.Send("GET", "/health/ready")).Text);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_has_an_unknown_outcome()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("Edge:CommandTimeoutMs", "100"));
        server.Exchange.IsStuck = true;

        Assert.Equal("504 OUTCOME_UNKNOWN", (await server.AsTrader("POST", "/api/v1/orders", Order)).Refusal);
        Assert.Equal(1, server.Exchange.SubmittedCount);
    }

    [Fact]
    public async Task A_fault_of_ours_tells_nothing_of_itself()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Exchange.Failing = new InvalidOperationException("node secret-9");

        Reply reply = await server.AsTrader("POST", "/api/v1/orders", Order);

        Assert.Equal("500 INTERNAL", reply.Refusal);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoint_for_benchmarks_is_only_there_when_asked_for()
    {
        await using EdgeServer without = await EdgeServer.Start();
        await using EdgeServer with = await EdgeServer.Start(null, ("Bench:NoopEndpoint", "true"));

        Assert.Equal("404 NOT_FOUND", (await without.Send("POST", "/api/v1/bench/noop", Order)).Refusal);
        Reply reply = await with.Send("POST", "/api/v1/bench/noop", Order);
        Assert.Equal((200, 200), (reply.Code, reply.Text.Length));
    }

    [Fact]
    public async Task Settings_out_of_range_stop_the_start() =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => EdgeServer.Start(null, ("Edge:MaxConnections", "0")));
}
