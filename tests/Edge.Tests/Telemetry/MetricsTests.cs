using System.Globalization;
using System.Text.RegularExpressions;
using Exchange.Core.Port;
using Exchange.Edge.Telemetry;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Telemetry;

public sealed partial class MetricsTests : IAsyncLifetime
{
    private const string Order = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000","qty":"0.01"}""";
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_line_is_in_the_text_format_of_prometheus()
    {
        await _server.AsTrader("POST", "/api/v1/orders", Order);

        Reply reply = await _server.Send("GET", "/metrics");

        Assert.Equal((200, "text/plain"), (reply.Code, reply.ContentType));
        string[] lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        string[] named = [.. lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.Equal(named.Length, named.Distinct().Count());
        Assert.Superset(
            new HashSet<string>
            {
                "order_processing_latency_ms", "orders_processed_total", "trades_executed_total", "active_websocket_connections", "order_queue_depth",
            },
            named.ToHashSet());
    }

    [Fact]
    public async Task What_the_venue_counts_is_told_as_it_stands()
    {
        _server.Exchange.QueueDepth = 12;
        VenueFigures figures = _server.Exchange.Figures;
        figures.CountTrades(5);
        figures.CountCommand(CommandKind.Place, isRefused: false);
        figures.CountCommand(CommandKind.Cancel, isRefused: true);
        figures.CountShed(CommandKind.Place);
        figures.SampleEngine(1_500);
        figures.SampleEngine(700_000);

        Assert.Equal("5", await Value("trades_executed_total"));
        Assert.Equal("12", await Value("order_queue_depth"));
        Assert.Equal("1", await Value("""orders_processed_total{action="place",outcome="accepted"}"""));
        Assert.Equal("1", await Value("""orders_processed_total{action="place",outcome="shed"}"""));
        Assert.Equal("1", await Value("""orders_processed_total{action="cancel",outcome="refused"}"""));
        Assert.Equal("1", await Value("""matching_engine_latency_ms_bucket{le="0.002"}"""));
        Assert.Equal("2", await Value("""matching_engine_latency_ms_bucket{le="1"}"""));
        Assert.Equal("2", await Value("matching_engine_latency_ms_count"));
    }

    [Fact]
    public async Task The_time_an_order_takes_is_measured_by_operation_and_that_of_other_requests_is_not()
    {
        await _server.AsTrader("POST", "/api/v1/orders", Order);
        await _server.AsTrader("POST", "/api/v1/orders", "{}");
        await _server.AsTrader("GET", "/api/v1/orders");

        Assert.Equal("2", await Value("""order_processing_latency_ms_count{operation="PlaceOrder"}"""));
        Assert.Equal("2", await Value("""order_processing_latency_ms_bucket{operation="PlaceOrder",le="+Inf"}"""));
        Assert.True(double.Parse(await Value("""order_processing_latency_ms_sum{operation="PlaceOrder"}"""), CultureInfo.InvariantCulture) > 0);
        Assert.DoesNotContain("ListOrders", (await _server.Send("GET", "/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_is_measured_by_route_when_a_setting_says_so()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("Telemetry:HttpMetrics", "true"));
        await server.Send("GET", "/api/v1/time");

        Assert.Contains("http_route=\"/api/v1/time\"", (await server.Send("GET", "/metrics")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_server_request_duration", (await _server.Send("GET", "/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_streams_are_counted()
    {
        using StreamClient client = await StreamClient.Connect(_server);
        await client.Send("""{"id":1,"op":"subscribe","channels":["trades@BTCUSDT"]}""");
        await client.Receive();

        Assert.Equal("1", await Value("active_websocket_connections"));
    }

    [Fact]
    public async Task No_secret_of_a_key_or_token_is_in_the_metrics()
    {
        await _server.Signed("POST", "/api/v1/orders", Order);
        string text = (await _server.Send("GET", "/metrics")).Text;

        Assert.DoesNotContain(_server.TraderToken, text, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Trader.KeyId, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order_processing_latency_ms", "ms", false, "order_processing_latency_ms")]
    [InlineData("http.server.request.duration", "s", false, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", true, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("orders_processed_total", "", true, "orders_processed_total")]
    public void Names_follow_the_customs_of_prometheus(string name, string unit, bool onlyGrows, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(name, unit, onlyGrows));

    /// <summary>The value of one line, by its name and labels.</summary>
    private async Task<string> Value(string series)
    {
        string text = (await _server.Send("GET", "/metrics")).Text;
        return Assert.Single(text.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..];
    }

    [GeneratedRegex("""^(# HELP \w+ .*|# TYPE \w+ (counter|gauge|histogram)|[a-zA-Z_]\w*(\{(\w+="([^"\\]|\\.)*",?)+\})? (-?[0-9.]+(E[-+]?[0-9]+)?|NaN|[+-]Inf))$""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Line();
}
