using System.Text.RegularExpressions;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.GoldenPath;

/// <summary>What the console tells a newcomer works as pasted.</summary>
public sealed partial class FirstStartTests
{
    [Fact]
    public async Task The_curl_that_a_first_start_prints_places_an_order()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);
        string command = Curl().Match(server.Output).Value.Trim();

        await using ChildProcess shell = ChildProcess.Start(folder.Path, new Dictionary<string, string?>(), "bash", "-c", command);
        int exitCode = await shell.WaitForExit();

        Assert.Equal(0, exitCode);
        Assert.Contains("\"orderId\":\"1\"", shell.Output, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"new\"", shell.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\s*curl .*$", RegexOptions.Multiline, 5000)]
    private static partial Regex Curl();
}
