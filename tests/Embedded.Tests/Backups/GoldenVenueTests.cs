using System.Globalization;
using Exchange.Core;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>F10: the folder of a venue as each version left it, kept in golden/, opens as what it was or is refused by name.</summary>
/// <remarks>
/// A change of what snapshots hold, or of a rule, may refuse an older folder, never misread it. With EXCHANGE_WRITE_GOLDEN set to a
/// number, this build's folder is added under it.
/// </remarks>
public sealed class GoldenVenueTests : IDisposable
{
    private const string ExpectedName = "expected.txt";
    private const string WriteVariable = "EXCHANGE_WRITE_GOLDEN";
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-golden-").FullName;

    public static TheoryData<string> Folders =>
        [.. Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "golden"), "venue-*").Select(path => Path.GetFileName(path))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_opens_as_what_it_was_or_is_refused_by_name(string golden)
    {
        Dictionary<string, byte[]> files = SmallVenue.ReadFiles(Path.Combine(AppContext.BaseDirectory, "golden", golden));
        string expected = System.Text.Encoding.UTF8.GetString(files[ExpectedName]).Trim();
        files.Remove(ExpectedName);
        SmallVenue.WriteFiles(_folder, files);

        Exception? refusal = Record.Exception(() => Assert.Equal(expected, Text(SmallVenue.Open(_folder))));

        bool isNamed = refusal is null
            or SnapshotException or JournalVersionException or VenueVersionException
            || (refusal is InvariantException && refusal.Message.Contains("snapshot at", StringComparison.Ordinal))
            || (refusal is InvariantException && refusal.Message.Contains("Outputs up to record", StringComparison.Ordinal));
        Assert.True(isNamed, $"{golden}: {refusal}");
    }

    /// <summary>Whatever a version changes above it, the journal's records are read for ever.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Its_journal_is_read_to_the_last_record(string golden)
    {
        Dictionary<string, byte[]> files = SmallVenue.ReadFiles(Path.Combine(AppContext.BaseDirectory, "golden", golden));
        SmallVenue.WriteFiles(_folder, files);
        ulong first = JournalReader.FirstSequence(_folder);
        Assert.True(first > 1);
        using var reader = new JournalReader(_folder, first - 1);
        ulong next = first;
        reader.ReadWritten((in record) => Assert.Equal(next++, record.Sequence));
        Assert.True(next > first + 100);
    }

    [SkippableFact]
    public void This_builds_folder_is_added()
    {
        string? number = Environment.GetEnvironmentVariable(WriteVariable);
        Skip.If(number is null, $"only with {WriteVariable} set to the number of a new folder");
        SmallVenue.Write(_folder, orders: 600);
        string to = RepositoryRoot.Combine("tests", "Embedded.Tests", "golden", $"venue-{number}");
        Directory.CreateDirectory(to);
        Dictionary<string, byte[]> files = SmallVenue.ReadFiles(_folder);
        SmallVenue.WriteFiles(to, files.Where(file => file.Value.Length > 0).ToDictionary(StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(to, ExpectedName), Text(SmallVenue.Read(_folder)) + "\n");
    }

    private static string Text(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);
}
