using System.Net;
using System.Text.RegularExpressions;
using Exchange.Core.Port;
using Exchange.Grains.Placement;
using Exchange.Silo.Hosting;
using Exchange.Silo.Tests.Api;
using Exchange.Silo.Tests.Processes;

namespace Exchange.Silo.Tests.Telemetry;

/// <summary>What a silo that serves no API tells those who watch it.</summary>
public sealed partial class SiloMetricsTests
{
    [SkippableFact]
    public async Task A_silo_tells_of_its_database_its_grains_and_its_process()
    {
        var options = new SiloOptions { Database = TemporaryPostgres.Shared.CreateDatabase(), ClusterId = $"test-{Guid.NewGuid():n}" };
        await using SiloProcess silo = await SiloProcess.Start(options, "watched", LoopbackPort.Free());
        using HttpClient client = ClientOf(silo);

        string told = await client.GetStringAsync("/metrics");

        Assert.Contains("database_ready 1\n", told, StringComparison.Ordinal);
        Assert.Matches("clock_ahead_ms{clock=\"database\"[^}]*} -?[0-9]{1,3}\n", told);
        Assert.Contains("orleans_catalog_activations ", told, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", told, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [SkippableFact]
    public async Task Trades_are_counted_by_the_silo_whose_book_makes_them_and_orders_by_the_edge_that_takes_them()
    {
        const int Trades = 3;
        var options = new SiloOptions { Database = TemporaryPostgres.Shared.CreateDatabase(), ClusterId = $"test-{Guid.NewGuid():n}" };
        await using SiloProcess engine = await SiloProcess.Start(options, "engine", LoopbackPort.Free());
        await using ApiSilo edge = await ApiSilo.Start(options.Database, options.ClusterId, "edge", role: SiloRole.Edge);
        using HttpClient client = ClientOf(engine);
        await ApiTests.Open(edge, accounts: 2);
        string alice = await edge.TokenOf(1);
        string bob = await edge.TokenOf(2);
        for (int i = 0; i < Trades; i++)
        {
            await edge.Post(alice, "/api/v1/orders", ApiTests.Limit("buy", "50000", "0.01", $"a-{i}"));
            await edge.Post(bob, "/api/v1/orders", ApiTests.Limit("sell", "50000", "0.01", $"b-{i}"));
        }

        for (int i = 0; i < VenueFigures.InputsPerSample; i++)
            await edge.Post(alice, "/api/v1/orders", ApiTests.Limit("buy", "49000", "0.01", $"rests-{i}"));

        string ofEngine = await client.GetStringAsync("/metrics");
        string ofEdge = await edge.Http.GetStringAsync("/metrics");
        Assert.Contains($"trades_executed_total {Trades}\n", ofEngine, StringComparison.Ordinal);
        Assert.Contains("trades_executed_total 0\n", ofEdge, StringComparison.Ordinal);
        Assert.Contains("matching_engine_latency_ms_count ", ofEngine, StringComparison.Ordinal);
        int orders = (2 * Trades) + VenueFigures.InputsPerSample;
        Assert.Contains($"orders_processed_total{{action=\"place\",outcome=\"accepted\"}} {orders}\n", ofEdge, StringComparison.Ordinal);
        Assert.Contains($"order_processing_latency_ms_count{{operation=\"PlaceOrder\"}} {orders}\n", ofEdge, StringComparison.Ordinal);
        Assert.Contains("active_websocket_connections 0\n", ofEdge, StringComparison.Ordinal);
        Assert.Contains("order_queue_depth 0\n", ofEdge, StringComparison.Ordinal);
        Assert.Contains("database_query_latency_ms_count{query=\"append\"", ofEngine, StringComparison.Ordinal);
    }

    private static HttpClient ClientOf(SiloProcess silo) => new() { BaseAddress = new Uri(Address().Match(silo.Output).Groups["url"].Value) };

    [GeneratedRegex(@"health on (?<url>http://[\d.]+:\d+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Address();
}
