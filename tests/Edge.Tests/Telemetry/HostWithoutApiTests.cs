using System.Diagnostics.Metrics;
using System.Net;
using Exchange.Edge.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Tests.Telemetry;

/// <summary>A silo that serves no API is watched all the same.</summary>
public sealed class HostWithoutApiTests
{
    [Fact]
    public async Task It_tells_what_it_measures_and_nothing_else()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddExchangeTelemetry();
        await using WebApplication app = builder.Build();
        app.MapExchangeMetrics();
        await app.StartAsync();
        using var meter = new Meter("Exchange");
        meter.CreateObservableGauge("database_ready", () => 1);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        string told = await client.GetStringAsync("/metrics");

        Assert.Contains("database_ready 1", told, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", told, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/time")).StatusCode);
    }
}
