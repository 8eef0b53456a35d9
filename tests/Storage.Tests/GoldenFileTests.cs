using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F10: files written by each released version, kept in golden/, are read for ever.</summary>
public sealed class GoldenFileTests
{
    private const int Batches = 5;
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "golden");

    private static FileJournalOptions Small { get; } = JournalScript.OptionsOf(segmentBytes: 16 << 10, maxBatchBytes: 4 << 10);

    [Fact]
    public void A_journal_of_version_1_is_read_to_its_last_record()
    {
        var disk = new SimulatedDisk();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(s_golden, "journal-1")))
            disk.Replace(JournalScript.PathOf(Path.GetFileName(path)), File.ReadAllBytes(path));

        ulong next = 1;
        FileJournal journal = FileJournal.Open(Small, 0, (in record) =>
        {
            Assert.Equal(next++, record.Sequence);
            JournalScript.CheckRecord(record);
        }, files: disk);
        Assert.Equal(23UL, journal.Recovery.LastSequence);
        Assert.Equal(0, journal.Recovery.CutBytes);
    }

    /// <summary>The format has changed if this fails: raise the version, and keep the old files.</summary>
    [Fact]
    public void This_build_writes_version_1_byte_for_byte()
    {
        foreach ((string name, byte[] contents) in Written())
            Assert.Equal(File.ReadAllBytes(Path.Combine(s_golden, "journal-1", name)), contents);
    }

    [Fact]
    public void A_snapshot_of_version_1_is_restored_and_written_the_same()
    {
        string golden = Directory.EnumerateFiles(Path.Combine(s_golden, "snapshot-1")).Single();
        var old = new SimulatedDisk();
        old.Replace(JournalScript.PathOf(Path.GetFileName(golden)), File.ReadAllBytes(golden));
        Assert.True(new SnapshotStore(JournalScript.Directory, old).TryRestore(
            (info, payload) =>
            {
                byte[] bytes = new byte[payload.Length];
                payload.ReadExactly(bytes);
                return (info, bytes);
            }, out (SnapshotInfo Info, byte[] Payload) restored));
        Assert.Equal(Info, restored.Info);
        Assert.Equal(Payload, restored.Payload);

        var written = new SimulatedDisk();
        new SnapshotStore(JournalScript.Directory, written).Save(Info, Payload);
        Assert.Equal(File.ReadAllBytes(golden), written.Contents(written.Paths.Single()));
    }

    private static SnapshotInfo Info { get; } =
        new() { Sequence = 23, TimeMs = 230, StateHash = 0xFEDC_BA98_7654_3210, WriterVersion = "0.1.0" };

    private static byte[] Payload { get; } = [.. Enumerable.Range(0, 1_000).Select(index => (byte)(index * 7))];

    private static IEnumerable<(string Name, byte[] Contents)> Written()
    {
        var disk = new SimulatedDisk();
        new JournalScript(disk) { Options = Small, ReplenishEvery = 1 }.Run(Batches, close: true);
        return disk.Paths.Select(path => (Path.GetFileName(path), disk.Contents(path)));
    }
}
