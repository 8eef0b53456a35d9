using System.CommandLine;

namespace Exchange.Cli.Tests.Databases;

public sealed class MigrateCommandTests
{
    [SkippableFact]
    public async Task A_database_is_migrated_once_and_then_said_to_be_there()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();

        (int code, string output, _) = await Run(database);
        Assert.Equal(0, code);
        Assert.StartsWith("applied version 1 (streams)", output, StringComparison.Ordinal);

        (code, output, _) = await Run(database);
        Assert.Equal(0, code);
        Assert.StartsWith("the database is at version", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody;Database=none")]
    [InlineData("Hots=127.0.0.1")]
    public async Task What_cannot_be_reached_is_told_in_a_sentence(string connection)
    {
        (int code, string output, string error) = await Run(connection);

        Assert.Equal((1, ""), (code, output));
        Assert.NotEmpty(error);
    }

    private static async Task<(int Code, string Output, string Error)> Run(string connection)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await ExchangeCommandLine.Create().Parse(["migrate", "--connection", connection])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
