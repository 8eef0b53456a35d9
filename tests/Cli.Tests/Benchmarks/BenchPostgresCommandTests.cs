using System.CommandLine;
using System.Text.Json;

namespace Exchange.Cli.Tests.Benchmarks;

public sealed class BenchPostgresCommandTests
{
    [SkippableFact]
    public async Task Every_case_is_measured_beside_Npgsql_alone()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        var output = new StringWriter();
        var error = new StringWriter();

        int code = await ExchangeCommandLine.Create()
            .Parse(["bench", "postgres", "--connection", database, "--folder", Path.GetTempPath(), "--rounds", "1", "--run-ms", "20", "--json"])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });

        Assert.Equal("", error.ToString());
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(output.ToString());
        Assert.True(report.RootElement.GetProperty("SyncP50Us").GetDouble() > 0);
        Assert.All(report.RootElement.GetProperty("Cases").EnumerateArray(), one => Assert.True(one.GetProperty("WritesPerSecond").GetDouble() > 0));
    }
}
