using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Index;

/// <summary><c>exchange index</c> against a running server, each a process of its own.</summary>
public sealed class IndexCommandTests
{
    [Fact]
    public async Task The_median_of_the_sources_becomes_the_venues_index_until_it_is_told_to_stop()
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);
        await File.WriteAllTextAsync(folder.File("one.txt"), "51000.1\n");
        await File.WriteAllTextAsync(folder.File("two.txt"), "51000.3\n");
        await using ChildProcess feed = CommandLine.Start(folder, [
            "index", "--url", $"{server.Address}", "--keys", folder.File("demo-keys.json"), "--stale", "10000", "--interval", "100",
            "--source", "BTCUSDT=one.txt", "--source", "BTCUSDT=file:two.txt",
        ]);

        await feed.WaitForOutput(output => output.Contains("BTCUSDT: posted at 51000.2, 2 of 2 sources", StringComparison.Ordinal));
        using ApiClient client = server.Anonymous();
        string index;
        do
            index = (await client.Get("/api/v1/tickers/BTCUSDT"))["index"]; // Told with the next mark, within a second.
        while (index == "50000");
        Assert.Equal("51000.2", index);

        feed.Signal(ProcessSignal.Interrupt);
        Assert.Equal(0, await feed.WaitForExit());
    }

    [Theory]
    [InlineData("BTCUSDT=ftp://example.com", "not 'ftp://example.com'")]
    [InlineData("BTCUSDT", "SYMBOL=URI")]
    [InlineData("NOSUCH=price.txt", "UNKNOWN_SYMBOL")]
    public async Task What_cannot_work_ends_it_with_code_1_and_why(string source, string why)
    {
        using var folder = new DataFolder();
        await using ServerProcess server = await ServerProcess.Start(folder);
        await File.WriteAllTextAsync(folder.File("price.txt"), "51000\n");
        await using ChildProcess feed = CommandLine.Start(folder, [
            "index", "--url", $"{server.Address}", "--keys", folder.File("demo-keys.json"), "--stale", "10000", "--source", source,
        ]);

        Assert.Equal(1, await feed.WaitForExit());
        Assert.Contains(why, feed.Output, StringComparison.Ordinal);
    }
}
