using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Embedded;

namespace Exchange.Cli.Tests.Folders;

/// <summary>What the commands on a venue's folder do with it, and what they refuse.</summary>
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
        // Opening the folder is a record of its own.
        Assert.Equal(told.RootElement.GetProperty("lastSequence").GetUInt64() + 1, verified.RootElement.GetProperty("lastSequence").GetUInt64());
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

    [Fact]
    public async Task A_backup_is_taken_while_the_venue_runs_and_restored_as_of_a_record()
    {
        string backup = _folder + "-backup";
        string restored = _folder + "-restored";
        try
        {
            JsonDocument taken;
            using (EmbeddedExchange venue = EmbeddedExchange.Open(Own(), TimeProvider.System))
            {
                await Create(venue, 1);
                await Create(venue, 2);
                taken = JsonDocument.Parse(Run(0, "backup", _folder, backup, "--json"));
            }

            ulong sequence = taken.RootElement.GetProperty("sequence").GetUInt64();
            using JsonDocument whole = JsonDocument.Parse(Run(0, "restore", backup, restored, "--json"));
            Assert.Equal(taken.RootElement.GetProperty("stateHash").GetString(), whole.RootElement.GetProperty("stateHash").GetString());
            Assert.Contains("is not an empty folder", Run(1, "restore", backup, restored), StringComparison.Ordinal);
            Assert.Contains("is not an empty folder", Run(1, "backup", _folder, backup), StringComparison.Ordinal);
            Assert.Contains($"sequence {sequence + 1}", Run(1, "restore", backup, restored + "2", "--to-sequence", $"{sequence + 1}"), StringComparison.Ordinal);

            long endMs = whole.RootElement.GetProperty("timeMs").GetInt64();
            string after = DateTimeOffset.FromUnixTimeMilliseconds(endMs + 1).ToString("yyyy-MM-dd'T'HH:mm:ss.fffK", CultureInfo.InvariantCulture);
            Assert.Contains("its records end before it", Run(1, "restore", backup, restored + "2", "--to-time", after), StringComparison.Ordinal);
            Assert.Contains("no snapshot lies before it", Run(1, "restore", backup, restored + "2", "--to-time", "1969-12-31T23:59:59Z"), StringComparison.Ordinal);
            using JsonDocument atEnd = JsonDocument.Parse(Run(0, "restore", backup, restored + "3", "--to-time", $"{endMs}", "--json"));
            Assert.Equal(sequence, atEnd.RootElement.GetProperty("sequence").GetUInt64());

            Run(0, "restore", backup, restored + "2", "--to-sequence", $"{sequence - 1}");
            using EmbeddedExchange earlier = EmbeddedExchange.Open(Own(restored + "2"), TimeProvider.System);
            Assert.NotNull(await earlier.GetAccount(1, CancellationToken.None));
            Assert.Null(await earlier.GetAccount(2, CancellationToken.None));
        }
        finally
        {
            foreach (string folder in (string[])[backup, restored, restored + "2", restored + "3"])
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public async Task An_upgrade_goes_on_from_the_old_versions_snapshot()
    {
        await Trade(new EmbeddedOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0, Version = "0.0.7" });

        using JsonDocument told = JsonDocument.Parse(Run(0, "upgrade", _folder, "--json"));

        Assert.Equal("0.0.7", told.RootElement.GetProperty("from").GetString());
        Assert.Equal(Own().Version, told.RootElement.GetProperty("to").GetString());
        Run(0, "snapshot", _folder); // Which takes only what this version wrote last.
        using EmbeddedExchange venue = EmbeddedExchange.Open(Own(), TimeProvider.System);
        Assert.NotNull(await venue.GetAccount(1, CancellationToken.None));
    }

    [Fact]
    public async Task An_upgrade_over_commands_behind_the_old_versions_snapshot_is_refused_and_changes_nothing_of_it()
    {
        var old = new EmbeddedOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0, Version = "0.0.7", SnapshotOnStop = false };
        await Trade(old);

        Assert.Contains("Start version 0.0.7 once more", Run(1, "upgrade", _folder), StringComparison.Ordinal);

        using EmbeddedExchange venue = EmbeddedExchange.Open(old, TimeProvider.System);
        Assert.NotNull(await venue.GetAccount(1, CancellationToken.None));
    }

    [Theory]
    [InlineData("upgrade")]
    [InlineData("backup", "to")]
    [InlineData("restore", "to")]
    public void A_folder_that_holds_no_venue_is_refused_by_each(string command, params string[] more)
    {
        Assert.Contains("is no venue's folder", Run(1, [command, _folder, .. more.Select(name => Path.Combine(_folder, name))]), StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private EmbeddedOptions Own(string? folder = null) => new() { Directory = folder ?? _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0 };

    private static async Task Trade(EmbeddedOptions options)
    {
        using EmbeddedExchange venue = EmbeddedExchange.Open(options, TimeProvider.System);
        await Create(venue, 1);
    }

    private static async Task Create(EmbeddedExchange venue, uint account)
    {
        var command = new Exchange.Core.Port.Command { Kind = CommandKind.CreateAccount, Account = account };
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
