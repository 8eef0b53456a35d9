using System.Text.RegularExpressions;
using Exchange.Edge.Hosting;
using Exchange.Edge.Limits;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Limits;

public sealed partial class ChargeTableTests
{
    [Fact]
    public async Task The_documented_table_is_the_one_in_code_and_names_operations_that_there_are()
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("Bench:NoopEndpoint", "true"));
        Dictionary<string, Operation> operations = server.Operations.ToDictionary(operation => operation.Name);
        string document = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "security.md"));

        IEnumerable<string> expected = RequestCharges.Table.Select(entry =>
        {
            Operation operation = operations[entry.Key];
            return $"| `{operation.Method} {operation.Path}` | {entry.Value.Budget.ToString().ToLowerInvariant()} | {entry.Value.Weight} |";
        });

        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows().Matches(document).Select(row => row.Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `[A-Z]+ /\S+` \| \w+ \| \d+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Rows();
}
