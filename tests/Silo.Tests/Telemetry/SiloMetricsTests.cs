using System.Net;
using System.Text.RegularExpressions;
using Exchange.Silo.Hosting;
using Exchange.Silo.Tests.Processes;

namespace Exchange.Silo.Tests.Telemetry;

/// <summary>What a silo that serves no API tells those who watch it.</summary>
public sealed partial class SiloMetricsTests
{
    [SkippableFact]
    public async Task A_silo_tells_of_its_database_its_grains_and_its_process()
    {
        var options = new SiloOptions { Database = TemporaryPostgres.Shared.CreateDatabase(), ClusterId = $"test-{Guid.NewGuid():n}" };
        await using SiloProcess silo = await SiloProcess.Start(options, "watched", FreePort.Next());
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(silo.Output).Groups["url"].Value) };

        string told = await client.GetStringAsync("/metrics");

        Assert.Contains("database_ready 1\n", told, StringComparison.Ordinal);
        Assert.Matches("clock_ahead_ms{clock=\"database\"[^}]*} -?[0-9]{1,3}\n", told);
        Assert.Contains("orleans_catalog_activations ", told, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", told, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [GeneratedRegex(@"health on (?<url>http://[\d.]+:\d+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Address();
}
