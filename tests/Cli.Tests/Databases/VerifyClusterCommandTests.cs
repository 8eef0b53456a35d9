using System.CommandLine;
using Exchange.Storage.Postgres;

namespace Exchange.Cli.Tests.Databases;

/// <summary>What it says of a cluster that has traded is tried where there are silos.</summary>
public sealed class VerifyClusterCommandTests
{
    [SkippableFact]
    public async Task A_cluster_without_anything_agrees()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);

        (int code, string output, string error) = await Run(database);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("0 books with 0 open orders, 0 accounts", output, StringComparison.Ordinal);
        Assert.EndsWith("all agree", output.Trim(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_database_that_was_not_migrated_is_refused_in_a_sentence()
    {
        (int code, string output, string error) = await Run(TemporaryPostgres.Shared.CreateDatabase());

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("exchange migrate", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Run(string connection)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await ExchangeCommandLine.Create().Parse(["verify-cluster", "--connection", connection])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
