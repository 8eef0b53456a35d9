using System.Globalization;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Feed;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Embedded.Backups;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>F10: journal and snapshots as each version left them, kept in golden/, open as what they were or are refused by name.</summary>
/// <remarks>
/// Commands behind a snapshot are carried out by the version that wrote them only; every other one goes on from the snapshot. With
/// EXCHANGE_WRITE_GOLDEN set, the folder of the present version is added, of a script that has every kind of command.
/// </remarks>
public sealed class GoldenVenueTests : IDisposable
{
    private const string ExpectedName = "expected.txt";
    private const string WriteVariable = "EXCHANGE_WRITE_GOLDEN";
    private const string WhatNow = "Formats and rules are part of the version. Raise it in Directory.Build.props (unless it is new since the "
        + "last release), keep the older folders, and write "
        + $"its own: run GoldenVenueTests and GoldenFolderTests with {WriteVariable}=1. If a snapshot of an older version can no longer be read, say in its "
        + "expected.txt with what words it is refused.";
    private static readonly string s_golden = RepositoryRoot.Combine("tests", "Embedded.Tests", "golden");
    private readonly string _root = Directory.CreateTempSubdirectory("exchange-golden-").FullName;

    public GoldenVenueTests() => Directory.CreateDirectory(Folder);

    public static TheoryData<string> Folders =>
        [.. Directory.EnumerateDirectories(s_golden, "venue-*").Select(path => Path.GetFileName(path))];

    private static string Version { get; } = new EmbeddedOptions { Directory = "" }.Version;

    private string Folder => Path.Combine(_root, "venue");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Commands_behind_the_snapshot_are_carried_out_by_their_own_version_only(string golden)
    {
        Expected expected = Take(golden);

        if (expected.Version == Version)
        {
            Assert.Equal(expected.State, Text(SmallVenue.Open(Folder, version: Version)));
            return;
        }

        VenueVersionException refusal = Assert.Throws<VenueVersionException>(() => SmallVenue.Open(Folder, version: Version));
        Assert.Contains($"version {expected.Version}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"version {Version}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Its_snapshot_is_where_any_later_version_goes_on_or_is_refused_by_name(string golden)
    {
        Expected expected = Take(golden);
        string restored = Path.Combine(_root, "restored");

        if (expected.SnapshotRefusal.Length == 0)
        {
            VenueVerification.Report report = VenueRestore.Run(Folder, restored, expected.SnapshotSequence, Version, TimeProvider.System);
            Assert.Equal(expected.SnapshotState, Text(report.StateHash));
            using EmbeddedExchange venue = EmbeddedExchange.Open(new EmbeddedOptions { Directory = restored, NearlyFullBytes = 0 }, TimeProvider.System);
            Assert.NotEmpty(venue.Instruments);
            return;
        }

        SnapshotException refusal = Assert.Throws<SnapshotException>(
            () => VenueRestore.Run(Folder, restored, expected.SnapshotSequence, Version, TimeProvider.System));
        Assert.Contains(expected.SnapshotRefusal, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever a version changes above it, the journal's records are read for ever.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Its_journal_is_read_to_the_last_record(string golden)
    {
        Take(golden);
        ulong first = JournalReader.FirstSequence(Folder);
        Assert.True(first > 1);
        List<(ulong Sequence, long TimeMs, ushort Kind, string Payload)> records = Records(Folder, first - 1);
        Assert.True(records.Count > 100);
        ulong next = first;
        Assert.All(records, record => Assert.Equal(next++, record.Sequence));
    }

    /// <summary>If this fails, a journal or snapshot of this version no longer means what it meant.</summary>
    [Fact]
    public void This_build_writes_and_decides_what_its_version_did()
    {
        string golden = $"venue-{Version}";
        Assert.True(Directory.Exists(Path.Combine(s_golden, golden)), $"There is no golden/{golden}. {WhatNow}");
        Take(golden);
        string written = Path.Combine(_root, "written");
        Directory.CreateDirectory(written);
        SmallVenue.Write(written, Version, Script());

        // Where the files before the older snapshot ended is the disk's doing.
        ulong after = new SnapshotStore(Folder).Sequences[^1];
        Assert.True(Records(Folder, after).SequenceEqual(Records(written, after)), $"This build's records differ from those of golden/{golden}. {WhatNow}");
        foreach (string path in Directory.EnumerateFiles(Folder, "*.snapshot"))
        {
            byte[] now = File.ReadAllBytes(Path.Combine(written, Path.GetFileName(path)));
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(now), $"This build's snapshots differ from those of golden/{golden}. {WhatNow}");
        }
    }

    [Fact]
    public void Every_kind_of_command_is_in_it() =>
        Assert.Equal(Enum.GetValues<CommandKind>().Where(kind => kind != CommandKind.None), Script().Select(step => step.Command.Kind).Distinct().Order());

    [SkippableFact]
    public void This_versions_folder_is_added()
    {
        Skip.If(Environment.GetEnvironmentVariable(WriteVariable) is null, $"only with {WriteVariable} set");
        SmallVenue.Write(Folder, Version, Script());
        string to = Path.Combine(s_golden, $"venue-{Version}");
        Directory.CreateDirectory(to);
        Dictionary<string, byte[]> files = SmallVenue.ReadFiles(Folder);
        SmallVenue.WriteFiles(to, files.Where(file => file.Value.Length > 0).ToDictionary(StringComparer.Ordinal));
        ulong snapshot = new SnapshotStore(Folder).Sequences[0];
        VenueVerification.Report restored = VenueRestore.Run(Folder, Path.Combine(_root, "restored"), snapshot, Version, TimeProvider.System);
        File.WriteAllLines(
            Path.Combine(to, ExpectedName),
            [$"version {Version}", $"state {Text(SmallVenue.Open(Folder, version: Version))}", $"snapshot {snapshot} {Text(restored.StateHash)}"]);
    }

    /// <summary>All kinds of commands, liquidations among what they lead to.</summary>
    private static IEnumerable<(Command Command, Instrument? Listing, long TimeMs)> Script()
    {
        var script = new RandomVenue.Script(seed: 12);
        foreach ((Command command, Instrument? listing) in RandomVenue.Opening())
            yield return (command, listing, script.TimeMs);
        for (int i = 0; i < 500; i++)
            yield return (script.Next(), null, script.TimeMs);
        InstrumentSettings changed = TestInstruments.BtcSettings() with { Symbol = "S1USDT", TakerRateE8 = 60_000 };
        yield return (new Command { Kind = CommandKind.ChangeInstrument, Symbol = 1 }, TestInstruments.Create(changed, 1), script.TimeMs);
        yield return (new Command { Kind = CommandKind.SetAccountState, Account = 3, State = TradingState.ReduceOnly }, null, script.TimeMs);
        for (int i = 0; i < 100; i++)
            yield return (script.Next(), null, script.TimeMs);
        yield return (new Command { Kind = CommandKind.SetState, Symbol = 1, State = TradingState.Halted }, null, script.TimeMs);
        yield return (new Command { Kind = CommandKind.Settle, Symbol = 1, PriceTicks = 500_000 }, null, script.TimeMs);
        for (int i = 0; i < 100; i++)
            yield return (script.Next(), null, script.TimeMs);
    }

    /// <summary>Copies a golden folder to where it may be opened.</summary>
    private Expected Take(string golden)
    {
        Dictionary<string, byte[]> files = SmallVenue.ReadFiles(Path.Combine(s_golden, golden));
        string[] lines = System.Text.Encoding.UTF8.GetString(files[ExpectedName]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        files.Remove(ExpectedName);
        SmallVenue.WriteFiles(Folder, files);
        string[] snapshot = lines[2].Split(' ');
        return new Expected(
            lines[0].Split(' ')[1], lines[1].Split(' ')[1], ulong.Parse(snapshot[1], CultureInfo.InvariantCulture), snapshot[2],
            lines.Length > 3 ? lines[3]["refused ".Length..] : "");
    }

    private static List<(ulong Sequence, long TimeMs, ushort Kind, string Payload)> Records(string folder, ulong after)
    {
        List<(ulong Sequence, long TimeMs, ushort Kind, string Payload)> records = [];
        using var reader = new JournalReader(folder, after);
        reader.ReadWritten((in record) => records.Add((record.Sequence, record.TimeMs, record.Kind, Convert.ToHexString(record.Payload))));
        return records;
    }

    private static string Text(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>What a folder must open as; of a snapshot that this build cannot read the words that refuse it.</summary>
    private sealed record Expected(string Version, string State, ulong SnapshotSequence, string SnapshotState, string SnapshotRefusal);
}
