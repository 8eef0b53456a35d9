using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F3, F8, F9, F10: what is not as it was written is refused by name, or makes no difference.</summary>
public sealed class DamageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_byte_changed_in_every_file_is_refused_or_harmless(bool closed)
    {
        (SimulatedDisk disk, ulong last) = SmallJournal(closed);
        int refused = 0;
        int harmless = 0;
        foreach (string path in disk.Paths.ToArray())
        {
            byte[] contents = disk.Contents(path);
            for (int offset = 0; offset < contents.Length; offset++)
            {
                // One bit, then several: which ones varies with the place.
                byte change = (byte)(offset % 3 == 2 ? 0xFF : 1 << (offset % 8));
                SimulatedDisk damaged = disk.Image();
                damaged.Contents(path)[offset] ^= change;
                if (Judge(damaged, last, $"{path} at {offset}"))
                    refused++;
                else
                    harmless++;
            }
        }

        Assert.True(refused > 15_000, $"{refused} refused, {harmless} harmless");
    }

    [Fact]
    public void Damage_names_file_offset_and_sequence()
    {
        (SimulatedDisk disk, ulong _) = SmallJournal(closed: true);
        string path = JournalScript.Segment(1);
        disk.Contents(path)[(2 * JournalFormat.BlockBytes) + 500] ^= 4;   // In the first batch behind the opening one.
        JournalDamagedException refused = Assert.Throws<JournalDamagedException>(() => Open(disk));
        Assert.Equal(path, refused.Path);
        Assert.Equal(2 * JournalFormat.BlockBytes, refused.Offset);
        Assert.Equal(1UL, refused.Sequence);
    }

    [Fact]
    public void A_lost_or_misdirected_write_is_refused()
    {
        (SimulatedDisk disk, ulong _) = SmallJournal(closed: true);
        byte[] contents = disk.Contents(JournalScript.Segment(1));
        int blocks = (contents.AsSpan().LastIndexOfAnyExcept((byte)0) / JournalFormat.BlockBytes) + 1;
        for (int block = 0; block < blocks - 1; block++)
        {
            SimulatedDisk lost = disk.Image();
            Block(lost, block).Clear();
            Assert.Throws<JournalDamagedException>(() => Open(lost));

            SimulatedDisk misdirected = disk.Image();
            Block(misdirected, block).CopyTo(Block(misdirected, block + 1));
            Assert.Throws<JournalDamagedException>(() => Open(misdirected));
        }
    }

    [Fact]
    public void Any_file_removed_is_noticed()
    {
        (SimulatedDisk disk, ulong _) = SmallJournal(closed: true);
        string[] paths = [.. disk.Paths];
        Assert.True(paths.Length >= 4);
        foreach (string path in paths)
        {
            SimulatedDisk without = disk.Image();
            without.Remove(path);
            Assert.ThrowsAny<JournalException>(() => Open(without));
        }
    }

    [Fact]
    public void An_emptied_folder_beside_a_snapshot_is_a_lost_journal()
    {
        var script = new JournalScript(new SimulatedDisk());
        JournalGapException gap = Assert.Throws<JournalGapException>(() => script.Open(afterSequence: 500));
        Assert.Equal(501UL, gap.Sequence);
    }

    [Fact]
    public void A_journal_that_ends_before_the_snapshot_is_refused()
    {
        (SimulatedDisk disk, ulong last) = SmallJournal(closed: true);
        Assert.Throws<JournalGapException>(() => Open(disk, last + 1));
        Assert.Equal(last, Open(disk, last).Recovery.LastSequence);
    }

    [Fact]
    public void An_older_copy_of_a_segment_is_refused()
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        script.Run(batches: 2, close: true);
        byte[] older = (byte[])disk.Contents(JournalScript.Segment(1)).Clone();
        script.Run(batches: 1, close: true);
        disk.Replace(JournalScript.Segment(1), older);
        Assert.ThrowsAny<JournalException>(() => Open(disk));
    }

    [Fact]
    public void A_segment_of_another_journal_is_refused()
    {
        (SimulatedDisk disk, ulong _) = SmallJournal(closed: true);
        var other = new SimulatedDisk();
        new JournalScript(other)
        {
            Options = new FileJournalOptions
            {
                Directory = JournalScript.Directory,
                SegmentBytes = 16 << 10,
                MaxBatchBytes = 4 << 10,
                QueueBytes = 16 << 10,
                PreparedSegments = 1,
                OwnThreads = false,
                NewJournalId = 7,
            },
            ReplenishEvery = 1,
        }.Run(batches: 8, close: true);
        disk.Replace(JournalScript.Segment(1), other.Contents(JournalScript.Segment(1)));
        JournalDamagedException refused = Assert.Throws<JournalDamagedException>(() => Open(disk));
        Assert.Contains("another journal", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_opening_is_refused_while_the_first_lives()
    {
        var disk = new SimulatedDisk();
        var first = new JournalScript(disk);
        first.Open();
        var second = new JournalScript(disk);
        JournalInUseException refused = Assert.Throws<JournalInUseException>(() => second.Open());
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        first.Close();
        second.Open();
    }

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        (SimulatedDisk disk, ulong _) = SmallJournal(closed: true);
        byte[] block = disk.Contents(JournalScript.Segment(1));
        SegmentHeader.Read(block.AsSpan(0, JournalFormat.BlockBytes), out SegmentHeader header);
        header.Version = JournalFormat.Version + 1;
        byte[] newer = new byte[JournalFormat.BlockBytes];
        header.Write(newer);
        newer.CopyTo(block.AsSpan());

        JournalVersionException refused = Assert.Throws<JournalVersionException>(() => Open(disk));
        Assert.Equal(JournalFormat.Version + 1, refused.Version);
        Assert.Contains("version 2; this build reads up to 1", refused.Message, StringComparison.Ordinal);
    }

    private static FileJournalOptions Small { get; } = JournalScript.OptionsOf(segmentBytes: 16 << 10, maxBatchBytes: 4 << 10);

    private static Span<byte> Block(SimulatedDisk disk, int block) =>
        disk.Contents(JournalScript.Segment(1)).AsSpan(block * JournalFormat.BlockBytes, JournalFormat.BlockBytes);

    /// <summary>One used segment to the full, another begun, one ready, the head.</summary>
    private static (SimulatedDisk Disk, ulong Last) SmallJournal(bool closed)
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk) { Options = Small, ReplenishEvery = 1 };
        script.Run(batches: 5, close: closed);
        Assert.Null(script.Journal.Failure);
        return (disk.Image(), script.Appended);
    }

    private static FileJournal Open(SimulatedDisk disk, ulong after = 0) =>
        FileJournal.Open(Small, after, (in _) => { }, files: disk.Image());

    /// <returns>True if refused; false if all records are there as they were.</returns>
    private static bool Judge(SimulatedDisk disk, ulong last, string place)
    {
        ulong next = 1;
        try
        {
            FileJournal journal = FileJournal.Open(Small, 0, (in record) =>
            {
                Assert.Equal(next++, record.Sequence);
                JournalScript.CheckRecord(record);
            }, files: disk);
            Assert.True(journal.Recovery.LastSequence == last, $"{place}: silently ends at {journal.Recovery.LastSequence}");
            return false;
        }
        catch (JournalException)
        {
            return true;
        }
    }
}
