using System.Text;
using System.Threading.Channels;
using Exchange.Edge.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Tests.Telemetry;

/// <summary>What a collector is sent by OTLP.</summary>
public sealed class CollectorTests : IAsyncLifetime
{
    private readonly Channel<(string Path, string Body)> _received = Channel.CreateUnbounded<(string, string)>();
    private WebApplication _collector = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.MapPost("/{**path}", Receive);
        await _collector.StartAsync();
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Metrics_are_sent_again_and_again()
    {
        await using EdgeServer server = await Start();

        string body = await Next("/v1/metrics", "trades_executed_total");
        await Next("/v1/metrics", "trades_executed_total");

        Assert.Contains("order_queue_depth", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_told_as_a_span_of_the_trace_it_came_with()
    {
        string requestId;
        await using (EdgeServer server = await Start())
        {
            HttpRequestMessage request = EdgeServer.Request("GET", "/api/v1/time", null, null);
            request.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            requestId = (await server.Send(request)).Headers.GetValues("X-Request-Id").Single();
        }

        // Spans wait for others to go with; the end of the server sends them.
        string body = await Next("/v1/traces", requestId);

        Assert.Contains("GetTime", body, StringComparison.Ordinal);
        Assert.Contains("/api/v1/time", body, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString("4bf92f3577b34da6a3ce929d0e0e4736")), body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Telemetry:OtlpEndpoint", "collector:4317")]
    [InlineData("Telemetry:OtlpProtocol", "carrier-pigeon")]
    [InlineData("Telemetry:ExportIntervalMs", "1")]
    public async Task A_setting_that_cannot_be_meant_stops_the_start_by_its_name(string name, string value)
    {
        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => EdgeServer.Start(null, (name, value)));

        Assert.Contains($"Setting '{name}'", refused.Message, StringComparison.Ordinal);
    }

    private async Task Receive(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Writer.TryWrite((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
    }

    private Task<EdgeServer> Start() => EdgeServer.Start(null,
        ("Telemetry:OtlpEndpoint", _collector.Urls.First()), ("Telemetry:OtlpProtocol", "http"), ("Telemetry:ExportIntervalMs", "100"),
        ("Telemetry:TraceRatio", "1"));

    /// <summary>The next message to a path that tells something.</summary>
    private async Task<string> Next(string path, string told)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            (string Path, string Body) received = await _received.Reader.ReadAsync(patience.Token);
            if (received.Path == path && received.Body.Contains(told, StringComparison.Ordinal))
                return received.Body;
        }
    }
}
