using System.CommandLine;
using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Embedded;

namespace Exchange.Cli.Tests.Folders;

/// <summary>What <c>exchange snapshot</c> and <c>exchange verify</c> do with a stopped venue's folder, and what they refuse.</summary>
public sealed class FolderCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_snapshot_is_written_and_the_folder_verifies_with_it()
    {
        await Trade(new EmbeddedOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0, SnapshotOnStop = false });
        Assert.Empty(Snapshots());

        using JsonDocument told = JsonDocument.Parse(Run(0, "snapshot", _folder, "--json"));
        using JsonDocument verified = JsonDocument.Parse(Run(0, "verify", _folder, "--json"));

        Assert.Single(Snapshots());
        Assert.Equal(1, verified.RootElement.GetProperty("snapshots").GetInt32());
        Assert.Equal(told.RootElement.GetProperty("lastSequence").GetUInt64(), verified.RootElement.GetProperty("lastSequence").GetUInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_another_version_wrote_last_is_refused_by_name(bool hasSnapshot)
    {
        await Trade(new EmbeddedOptions
        {
            Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0, Version = "0.0.7", SnapshotOnStop = hasSnapshot,
        });
        string[] before = Snapshots();

        Assert.Contains("version 0.0.7", Run(1, "snapshot", _folder), StringComparison.Ordinal);

        Assert.Equal(before, Snapshots());
    }

    [Fact]
    public void A_folder_without_a_venue_is_refused_and_stays_as_it_is()
    {
        Assert.Contains("is no venue's folder", Run(1, "snapshot", _folder), StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_damaged_snapshot_does_not_verify()
    {
        await Trade(new EmbeddedOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0 });
        string snapshot = Assert.Single(Snapshots());
        byte[] bytes = File.ReadAllBytes(snapshot);
        bytes[^5] ^= 1;
        File.WriteAllBytes(snapshot, bytes);

        Assert.Contains(Path.GetFileName(snapshot), Run(1, "verify", _folder), StringComparison.Ordinal);
    }

    private static async Task Trade(EmbeddedOptions options)
    {
        using EmbeddedExchange venue = EmbeddedExchange.Open(options, TimeProvider.System);
        var command = new Exchange.Core.Port.Command { Kind = CommandKind.CreateAccount, Account = 1 };
        Assert.Equal(RejectReason.None, (await venue.Submit(in command, CancellationToken.None)).Reason);
    }

    private string[] Snapshots() => Directory.GetFiles(_folder, "*.snapshot");

    private static string Run(int expected, params string[] arguments)
    {
        using var output = new StringWriter();
        int code = ExchangeCommandLine.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = output });
        Assert.True(code == expected, output.ToString());
        return output.ToString();
    }
}
