using System.CommandLine;
using System.Text.Json;

namespace Exchange.Cli.Tests.Benchmarks;

public sealed class BenchBookCommandTests
{
    private static readonly string[] Promised =
    [
        "operations", "nsPerOperation", "p50Ns", "p99Ns", "p999Ns", "allocatedBytes", "trades", "tradedQuantity", "tapeHash",
        "bestBid", "bestAsk", "restingOrders", "restingQuantity", "referenceNsPerOperation", "ratio",
    ];

    [SkippableFact]
    public void Json_is_one_line_with_every_promised_figure()
    {
        Workload workload = Workload.Of("plain", 1, 100_000);
        using var output = new StringWriter();

        int code = Run(output, new StringWriter(), "bench", "book", "--ops", workload.Path, "--rounds", "1", "--json");

        Assert.Equal(0, code);
        string line = output.ToString().TrimEnd('\n');
        Assert.DoesNotContain('\n', line);
        using JsonDocument json = JsonDocument.Parse(line);
        Assert.All(Promised, name => Assert.True(json.RootElement.TryGetProperty(name, out _), name));
        Assert.Equal("c973d50f2008be60", json.RootElement.GetProperty("tapeHash").GetString());
        Assert.Equal(97_078, json.RootElement.GetProperty("restingQuantity").GetInt64());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("ratio").ValueKind);
    }

    [Fact]
    public void A_file_that_is_no_workload_is_told_in_one_line()
    {
        using var error = new StringWriter();

        int code = Run(new StringWriter(), error, "bench", "book", "--ops", RepositoryRoot.Combine("README.md"));

        Assert.Equal(1, code);
        Assert.EndsWith("is not a workload file of version 1.\n", error.ToString());
    }

    [Fact]
    public void A_missing_file_is_an_error_of_usage()
    {
        using var error = new StringWriter();

        Assert.Equal(1, Run(new StringWriter(), error, "bench", "book", "--ops", "no-such-file"));

        Assert.Contains("no-such-file", error.ToString());
    }

    private static int Run(TextWriter output, TextWriter error, params string[] arguments) =>
        ExchangeCommandLine.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
}
