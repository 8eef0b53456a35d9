using System.Text.Json;
using System.Text.RegularExpressions;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Documents;

/// <summary>The README's first screen is true: its commands run in order as they stand, on a port and in a folder of the test's own.</summary>
public sealed partial class ReadmeTests
{
    private const string Ended = "--ended-with-";

    [Fact]
    public async Task Every_command_runs_as_pasted_and_answers_as_shown()
    {
        using var folder = new DataFolder();
        await using ChildProcess shell = ChildProcess.Start(RepositoryRoot.Path, new Dictionary<string, string?>(), "bash");
        ChildProcess? server = null;
        try
        {
            int port = ReadmeCommands.DocumentedPort;
            foreach ((string command, string shown) in Commands())
            {
                if (ReadmeCommands.StartsServer(command))
                {
                    server = StartAsWritten(command, folder);
                    port = (await ServerProcess.WaitUntilItListens(server)).Port;
                    Assert.Contains($"the venue lives in {folder.Path}.", server.Output, StringComparison.Ordinal);
                }
                else
                {
                    ExpectLike(shown, await Run(shell, ReadmeCommands.With(command, port, folder.Path)), command);
                }
            }

            Assert.NotNull(server);
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    [Fact]
    public void Every_test_that_the_table_of_promises_names_exists()
    {
        string promises = File.ReadAllText(RepositoryRoot.Combine("README.md")).Split("## What is promised")[1].Split("\n## ")[0];
        string[] named = [.. TestName().Matches(promises).Select(match => match.Groups["name"].Value).Distinct()];
        string[] files = Directory.GetFiles(RepositoryRoot.Combine("tests"), "*Tests.cs", SearchOption.AllDirectories);
        HashSet<string> existing = [.. files.Select(file => Path.GetFileNameWithoutExtension(file))];

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, existing));
    }

    private static IEnumerable<(string Command, string Output)> Commands() => ReadmeCommands
        .ExtractWithOutput(File.ReadAllText(RepositoryRoot.Combine("README.md")))
        .Where(shown => !ReadmeCommands.IsTestCommand(shown.Command));

    /// <summary>Port and folder come from the environment, so that the command stays as it is written; the folder is relative, as ./data is.</summary>
    private static ChildProcess StartAsWritten(string command, DataFolder folder) => ChildProcess.Start(
        RepositoryRoot.Path,
        new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0", ["Data"] = Path.GetRelativePath(RepositoryRoot.Path, folder.Path), ["SegmentBytes"] = "8388608",
            ["ASPNETCORE_ENVIRONMENT"] = null, ["DOTNET_ENVIRONMENT"] = null,
            // Build servers would outlive the command and keep its output open.
            ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        },
        "bash", "-c", command);

    /// <summary>Types a command into the shell: what it printed. One shell for all, so that what one defines the next can use.</summary>
    private static async Task<string> Run(ChildProcess shell, string command)
    {
        int before = shell.Output.Length;
        shell.Write($"{command}\nprintf '\\n{Ended}%s\\n' $?\n");
        await shell.WaitForOutput(output => End().IsMatch(output, before));

        string printed = shell.Output[before..];
        Match end = End().Match(printed);
        Assert.True(end.Groups["code"].Value == "0", $"{command}\nended with {end.Groups["code"].Value}: {printed}");
        return printed[..end.Index];
    }

    private static void ExpectLike(string shown, string printed, string command)
    {
        if (shown.Length == 0)
            return;
        Assert.True(printed.Contains('{', StringComparison.Ordinal), $"{command}\nprinted: {printed}");
        Assert.Equal(Lasting(JsonDocument.Parse(shown).RootElement), Lasting(JsonDocument.Parse(printed).RootElement));
    }

    /// <summary>Every field in order with its value; left open are times, numbers, and what moves with the demo market.</summary>
    private static List<string> Lasting(JsonElement json, string path = "") => json.ValueKind switch
    {
        JsonValueKind.Object => [.. json.EnumerateObject().SelectMany(field => Lasting(field.Value, $"{path}.{field.Name}"))],
        JsonValueKind.Array => [.. json.EnumerateArray().SelectMany((item, index) => Lasting(item, $"{path}[{index}]"))],
        _ => [Moves(path[(path.LastIndexOf('.') + 1)..]) ? path : $"{path} = {ApiReply.TextOf(json)}"],
    };

    private static bool Moves(string field) =>
        field.EndsWith("Ms", StringComparison.Ordinal)
        || field is "orderId" or "tradeId" or "price" or "averagePrice" or "fee" or "entryPrice" or "markPrice" or "notional" or "unrealisedPnl"
            or "maintenanceMargin" or "adlQuintile";

    [GeneratedRegex($"^{Ended}(?<code>\\d+)\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex End();

    [GeneratedRegex("`(?<name>\\w+Tests)`", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex TestName();
}
