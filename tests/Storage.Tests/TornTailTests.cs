using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F2: a write that never finished is cut off, whatever part of it is on the disk.</summary>
public sealed class TornTailTests
{
    [Fact]
    public void Torn_at_every_byte_the_last_batch_is_there_wholly_or_not_at_all()
    {
        (SimulatedDisk before, SimulatedDisk after, string path, int start, int end) = LastBatch(records: 9);
        ulong without = LastSequence(before);
        ulong with = LastSequence(after);
        byte[] old = before.Contents(path);
        byte[] written = after.Contents(path);
        for (int cut = start; cut <= end; cut++)
        {
            byte[] torn = (byte[])old.Clone();
            written.AsSpan(start, cut - start).CopyTo(torn.AsSpan(start));
            bool whole = torn.AsSpan().SequenceEqual(written);
            SimulatedDisk disk = With(before, path, torn);
            Assert.Equal(whole ? with : without, LastSequence(disk));
            AppendsAndReopens(disk, whole ? with : without);
        }
    }

    [Fact]
    public void Torn_at_every_byte_of_the_last_two_batches_only_whole_batches_remain()
    {
        (SimulatedDisk _, SimulatedDisk after, string path, int start, int end) = LastBatch(records: 3);
        ulong with = LastSequence(after);
        byte[] written = after.Contents(path);
        int secondLast = start - JournalFormat.BlockBytes;
        for (int cut = secondLast; cut <= end; cut++)
        {
            byte[] torn = (byte[])written.Clone();
            torn.AsSpan(cut).Clear();
            ulong last = LastSequence(With(after, path, torn));
            bool whole = torn.AsSpan().SequenceEqual(written);
            bool firstWhole = cut >= start || torn.AsSpan(secondLast, start - secondLast)
                .SequenceEqual(written.AsSpan(secondLast, start - secondLast));
            Assert.Equal(whole ? with : firstWhole ? with - 3 : with - 6, last);
        }
    }

    [Fact]
    public void Any_subset_of_the_last_batchs_sectors_is_cut_unless_it_is_all_of_them()
    {
        (SimulatedDisk before, SimulatedDisk after, string path, int start, int end) = LastBatch(records: 20);
        byte[] old = before.Contents(path);
        byte[] written = after.Contents(path);
        ulong without = LastSequence(before);
        ulong with = LastSequence(after);
        int sectors = (end - start) / JournalFormat.SectorBytes;
        Assert.InRange(sectors, 8, 16);
        for (int subset = 0; subset < 1 << sectors; subset += sectors > 8 ? 3 : 1)
        {
            byte[] torn = (byte[])old.Clone();
            for (int sector = 0; sector < sectors; sector++)
            {
                int at = start + (sector * JournalFormat.SectorBytes);
                if ((subset & (1 << sector)) != 0)
                    written.AsSpan(at, JournalFormat.SectorBytes).CopyTo(torn.AsSpan(at));
            }

            bool whole = torn.AsSpan().SequenceEqual(written);
            Assert.Equal(whole ? with : without, LastSequence(With(before, path, torn)));
        }
    }

    [Fact]
    public void A_file_cut_short_is_refused_because_segments_never_are()
    {
        (SimulatedDisk _, SimulatedDisk after, string path, int start, int end) = LastBatch(records: 3);
        byte[] written = after.Contents(path);
        for (int length = 0; length < written.Length; length += length >= start - 4096 && length < end ? 1 : 509)
        {
            SimulatedDisk disk = With(after, path, written[..length]);
            JournalDamagedException refused = Assert.Throws<JournalDamagedException>(() => LastSequence(disk));
            Assert.Equal(path, refused.Path);
        }
    }

    /// <summary>A journal killed after its last batch, and the same one without that batch.</summary>
    private static (SimulatedDisk Before, SimulatedDisk After, string Path, int Start, int End) LastBatch(int records)
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        script.Open();
        for (int batch = 0; batch < 3; batch++)
        {
            script.Append(3);
            Assert.True(script.Commit());
        }

        SimulatedDisk before = disk.Image();
        script.Append(records);
        Assert.True(script.Commit());
        SimulatedDisk after = disk.Image();
        string path = JournalScript.Segment(1);
        int start = before.Contents(path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        int end = after.Contents(path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return (before, after, path, start, end);
    }

    private static SimulatedDisk With(SimulatedDisk disk, string path, byte[] contents)
    {
        SimulatedDisk copy = disk.Image();
        copy.Replace(path, contents);
        return copy;
    }

    private static ulong LastSequence(SimulatedDisk disk)
    {
        ulong next = 1;
        FileJournal journal = FileJournal.Open(new JournalScript(disk).Options, 0, (in record) =>
        {
            Assert.Equal(next++, record.Sequence);
            JournalScript.CheckRecord(record);
        }, files: disk.Image());
        return journal.Recovery.LastSequence;
    }

    private static void AppendsAndReopens(SimulatedDisk disk, ulong last)
    {
        SimulatedDisk copy = disk.Image();
        FileJournal journal = FileJournal.Open(new JournalScript(copy).Options, 0, (in _) => { }, files: copy);
        ulong sequence = last + 1;
        Assert.True(journal.TryAppend(
            sequence, (long)sequence * 10, JournalScript.KindOf(sequence), JournalScript.PayloadOf(sequence)));
        Assert.True(journal.CommitQueued());
        copy.Restart(CrashOutcome.Lose);
        Assert.Equal(sequence, LastSequence(copy));
    }
}
