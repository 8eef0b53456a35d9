using System.Net.WebSockets;
using Exchange.Edge.Hosting;
using Exchange.Edge.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Exchange.Edge.Tests.Hosting;

/// <summary>What a server says of itself from its start to its end.</summary>
public sealed class LifeTests
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000","qty":"0.01"}""";

    [Fact]
    public async Task While_the_venue_recovers_the_server_is_alive_and_refuses_everything_else()
    {
        await using WebApplication? starting = await StartingServer.TryStart(new WebApplicationOptions { Args = ["--urls", "http://127.0.0.1:0"] });
        using var client = new HttpClient { BaseAddress = new Uri(starting!.Urls.First()) };

        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/health/live"));
        foreach (string target in (string[])["/health/ready", "/api/v1/time", "/metrics"])
        {
            using HttpResponseMessage refused = await client.GetAsync(target);
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Contains("NOT_READY", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using HttpResponseMessage order = await client.PostAsync("/api/v1/orders", new StringContent(Order));
        Assert.Equal(503, (int)order.StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_left_for_the_server_itself_to_refuse()
    {
        await using EdgeServer server = await EdgeServer.Start();

        Assert.Null(await StartingServer.TryStart(new WebApplicationOptions { Args = ["--urls", server.Address.ToString()] }));
    }

    [Fact]
    public async Task A_server_is_ready_once_it_is_warm_and_takes_orders_before()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Readiness.IsWarm = false;

        Assert.Equal("503 NOT_READY", (await server.Send("GET", "/health/ready")).Refusal);
        Assert.Equal(200, (await server.Send("GET", "/health/live")).Code);
        Assert.Equal(201, (await server.AsTrader("POST", "/api/v1/orders", Order)).Code);

        server.Readiness.IsWarm = true;
        Assert.Equal("""{"status":"ok"}""", (await server.Send("GET", "/health/ready")).Text);
    }

    [Fact]
    public async Task A_stop_waits_for_the_answers_of_orders_in_flight()
    {
        await using EdgeServer server = await EdgeServer.Start();
        server.Exchange.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Reply> order = server.AsTrader("POST", "/api/v1/orders", Order);
        Assert.True(SpinWait.SpinUntil(() => server.Exchange.SubmittedCount == 1, TimeSpan.FromMinutes(1)));

        Task stopped = server.Stop();
        Assert.True(server.Stopping.IsCancellationRequested);
        Assert.False(order.IsCompleted);
        Assert.False(stopped.IsCompleted);
        server.Exchange.Held.SetResult();

        Assert.Equal(201, (await order).Code);
        await stopped;
    }

    [Fact]
    public async Task A_stop_closes_streams_with_a_code_that_says_so()
    {
        await using EdgeServer server = await EdgeServer.Start();
        using StreamClient client = await StreamClient.Connect(server);
        await client.Send("""{"id":1,"op":"subscribe","channels":["trades@BTCUSDT"]}""");
        await client.Receive();

        Task stopped = server.Stop();
        await client.ReceiveLast();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        await stopped;
    }

    [Theory]
    [InlineData("Edge:MaxConnections", "0")]
    [InlineData("Edge:MaxConections", "5")]
    [InlineData("Telemetry:TraceRatio", "2")]
    [InlineData("Keys:MasterKy", "x")]
    public async Task A_setting_out_of_range_or_misspelt_stops_the_start_by_its_full_name(string name, string value)
    {
        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => EdgeServer.Start(null, (name, value)));

        Assert.Contains($"Setting '{name}'", refused.Message, StringComparison.Ordinal);
    }
}
