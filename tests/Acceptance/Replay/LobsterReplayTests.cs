using System.IO.Compression;
using System.Text.Json;
using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Replay;

/// <summary>Order flow recorded at NASDAQ goes through the server's public API; the server's book must be the recorded one.</summary>
public sealed class LobsterReplayTests
{
    private const string Day = "AAPL_2012-06-21";

    [SkippableFact]
    public async Task Recorded_order_flow_leaves_the_recorded_book_after_every_row()
    {
        string deep = SharedData.File("lobster", $"{Day}_34200000_57600000_orderbook_10_first1000.csv");
        string messages = SharedData.File("lobster", $"{Day}_message_50_first30000.csv.gz");
        string best = SharedData.File("lobster", $"{Day}_bbo_changes_first30000.csv.gz");
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);

        await using ChildProcess replay = CommandLine.Start(
            folder, "replay", "lobster", "--messages", messages, "--seed", deep, "--levels", deep, "--bbo", best,
            "--url", server.Address.ToString(), "--keys", folder.File(DemoKeys.FileName), "--json");
        int exitCode = await replay.WaitForExit(TimeSpan.FromMinutes(5));

        Assert.True(exitCode == 0, replay.Output + server.Output);
        JsonElement report = JsonDocument.Parse(replay.Output).RootElement;
        Assert.Equal(0, report.GetProperty("mismatches").GetInt32());
        Assert.Equal(29_999, report.GetProperty("messages").GetInt32());
        Assert.Equal(10_461, report.GetProperty("bestPriceRows").GetInt32());
        Assert.Equal(998, report.GetProperty("levelRows").GetInt32());
        Assert.Equal(1_614, report.GetProperty("executions").GetInt32());
        Assert.Equal(18, report.GetProperty("outOfQueue").GetInt32());
        Assert.Equal(16, report.GetProperty("unknown").GetInt32());
    }

    [SkippableFact]
    public async Task A_book_that_differs_from_the_recorded_one_is_told_by_row_and_level()
    {
        string seed = SharedData.File("lobster", $"{Day}_34200000_57600000_orderbook_10_first1000.csv");
        string messages = SharedData.File("lobster", $"{Day}_message_50_first30000.csv.gz");
        using var folder = new DataFolder();
        string best = folder.File("best.csv");
        string[] rows = await Lines(SharedData.File("lobster", $"{Day}_bbo_changes_first30000.csv.gz"));
        Assert.Equal("3,5859100,18,5853300,18", rows[1]);
        rows[1] = "3,5859100,19,5853300,18";
        await File.WriteAllLinesAsync(best, rows);
        await using ServerProcess server = await ServerProcess.Start(folder);

        await using ChildProcess replay = CommandLine.Start(
            folder, "replay", "lobster", "--messages", messages, "--seed", seed, "--bbo", best, "--rows", "50",
            "--url", server.Address.ToString(), "--keys", folder.File(DemoKeys.FileName));
        int exitCode = await replay.WaitForExit();

        Assert.Equal(1, exitCode);
        Assert.Contains("row 3: ask 1 is 18 @ 5859100, not 19 @ 5859100", replay.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 mismatches; ", replay.Output, StringComparison.Ordinal);
    }

    private static async Task<string[]> Lines(string gzipped)
    {
        await using FileStream file = File.OpenRead(gzipped);
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
