using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F1, F7: segments wholly before the second last snapshot go, at any crash what is left opens, and who reads is left alone.</summary>
public sealed class RetentionTests
{
    private const int Rounds = 6;

    [Theory]
    [InlineData(CrashOutcome.Lose)]
    [InlineData(CrashOutcome.Keep)]
    [InlineData(CrashOutcome.Random)]
    [InlineData(CrashOutcome.ProcessOnly)]
    public void A_crash_at_every_step_leaves_a_folder_that_opens_from_each_snapshot_kept(CrashOutcome outcome)
    {
        var whole = new SimulatedDisk();
        Assert.True(Run(new JournalScript(whole), whole) > 4, "segments were deleted");

        for (int step = 1; step <= whole.Steps; step++)
        {
            var disk = new SimulatedDisk(seed: step) { CrashAtStep = step };
            var script = new JournalScript(disk);
            Run(script, disk);
            disk.Restart(outcome);
            var store = new SnapshotStore(JournalScript.Directory, disk);
            List<ulong> intact = [.. store.Sequences.Where(sequence => IsIntact(store, sequence)).Take(2)];
            foreach (ulong sequence in intact.DefaultIfEmpty())
            {
                script.Open(sequence);
                script.Close();
            }
        }
    }

    [Fact]
    public void While_somebody_reads_nothing_is_deleted_and_afterwards_all_of_it()
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        script.Open();
        var store = new SnapshotStore(JournalScript.Directory, disk);
        List<string> before;
        using (FolderHold.Take(JournalScript.Directory, disk))
        using (FolderHold.Take(JournalScript.Directory, disk))
        {
            for (int round = 0; round < Rounds; round++)
                Assert.Equal(round == 0 ? 0 : null, Round(script, store));
            before = [.. disk.Paths];
            Assert.Equal(Rounds, store.Sequences.Count);

            using var reader = new JournalReader(JournalScript.Directory, 0, disk);
            ulong records = 0;
            reader.ReadWritten((in record) =>
            {
                JournalScript.CheckRecord(in record);
                records++;
            });
            Assert.Equal(script.Acknowledged, records);
        }

        Assert.True(Round(script, store) > 4);
        Assert.Equal(2, store.Sequences.Count);
        Assert.True(disk.Paths.Count() < before.Count);
    }

    [Fact]
    public void A_journal_tells_where_it_begins()
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        script.Open();
        Assert.Equal(1UL, JournalReader.FirstSequence(JournalScript.Directory, disk));
        var store = new SnapshotStore(JournalScript.Directory, disk);
        for (int round = 0; round < Rounds; round++)
            Round(script, store);

        ulong first = JournalReader.FirstSequence(JournalScript.Directory, disk);

        Assert.InRange(first, 2UL, store.Sequences[1] + 1);
        Assert.Throws<JournalGapException>(() => new JournalReader(JournalScript.Directory, 0, disk));
    }

    /// <summary>Who is not told what is durable must not take a batch that is being written for damage, nor damage for such a batch.</summary>
    [Fact]
    public void A_reader_of_a_running_journal_stops_before_an_unfinished_batch_and_refuses_a_damaged_one()
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        script.Open();
        for (int batch = 0; batch < 4; batch++)
        {
            script.Append(5);
            script.Commit();
        }

        byte[] segment = disk.Contents(JournalScript.Segment(1));
        int end = segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        Assert.Equal(20UL, ReadWritten(disk));
        byte[] last = segment[(end - SimulatedDisk.SectorBytes)..end];
        segment.AsSpan(end - SimulatedDisk.SectorBytes, SimulatedDisk.SectorBytes).Clear();
        Assert.Equal(15UL, ReadWritten(disk));

        last.CopyTo(segment, end - SimulatedDisk.SectorBytes);
        for (int at = 4_096; at < end; at += 97)
        {
            segment[at] ^= 4;
            Exception? refusal = Record.Exception(() => ReadWritten(disk));
            bool isLastBatch = at >= 5 * 4_096;
            Assert.True(refusal is JournalDamagedException || (isLastBatch && refusal is null), $"byte {at} of {end}: {refusal}");
            segment[at] ^= 4;
        }
    }

    private static ulong ReadWritten(SimulatedDisk disk)
    {
        using var reader = new JournalReader(JournalScript.Directory, 0, disk);
        ulong last = 0;
        reader.ReadWritten((in record) => last = record.Sequence);
        return last;
    }

    /// <summary>Batches, a snapshot, deletion behind the older one, again and again; ends early when the disk does.</summary>
    private static int Run(JournalScript script, SimulatedDisk disk)
    {
        int deleted = 0;
        try
        {
            script.Open();
            var store = new SnapshotStore(JournalScript.Directory, disk);
            for (int round = 0; round < Rounds; round++)
                deleted += Round(script, store) ?? 0;
            script.Close();
        }
        catch (Exception end) when (end is SimulatedCrashException or StorageException)
        {
        }

        return deleted;
    }

    private static int? Round(JournalScript script, SnapshotStore store)
    {
        for (int batch = 0; batch < 12 && script.Journal.Failure is null; batch++)
        {
            script.Append(1 + (batch * 7 % 13));
            script.Commit();
            if (batch % script.ReplenishEvery == 0)
                script.Journal.Replenish();
        }

        var info = new SnapshotInfo { Sequence = script.Acknowledged, TimeMs = 0, StateHash = 0, WriterVersion = "0.1.0" };
        return script.Journal.DeleteThrough(store.Save(info, new byte[100]));
    }

    private static bool IsIntact(SnapshotStore store, ulong sequence)
    {
        try
        {
            return store.Restore(sequence, static (_, _) => true);
        }
        catch (SnapshotDamagedException)
        {
            return false;
        }
    }
}
