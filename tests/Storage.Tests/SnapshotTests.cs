using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F7: a snapshot is whole or not there, and a damaged one is passed over for the one before it.</summary>
public sealed class SnapshotTests
{
    private const string Folder = "/snapshots";

    [Fact]
    public void The_newest_is_restored_with_what_it_is_of()
    {
        var store = new SnapshotStore(Folder, new SimulatedDisk());
        Assert.False(store.TryRestore(Read, out _));
        Assert.Equal(0UL, store.Save(InfoOf(10), PayloadOf(10)));
        Assert.Equal(10UL, store.Save(InfoOf(20), PayloadOf(20)));
        Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] Payload) restored));
        Assert.Equal(InfoOf(20), restored.Info);
        Assert.Equal(PayloadOf(20).ToArray(), restored.Payload);
    }

    [Fact]
    public void Two_are_kept()
    {
        var store = new SnapshotStore(Folder, new SimulatedDisk());
        for (ulong sequence = 10; sequence <= 50; sequence += 10)
            Assert.Equal(sequence - 10, store.Save(InfoOf(sequence), PayloadOf(sequence)));
        Assert.Equal([50UL, 40UL], store.Sequences);
    }

    [Fact]
    public void A_damaged_previous_one_does_not_count_as_kept()
    {
        var disk = new SimulatedDisk();
        var store = new SnapshotStore(Folder, disk);
        store.Save(InfoOf(10), PayloadOf(10));
        store.Save(InfoOf(20), PayloadOf(20));
        disk.Contents(disk.Paths.Last())[5_000] ^= 1;
        Assert.Equal(10UL, store.Save(InfoOf(30), PayloadOf(30)));
        Assert.Equal([30UL, 20UL, 10UL], store.Sequences);
    }

    [Theory]
    [InlineData(CrashOutcome.Lose)]
    [InlineData(CrashOutcome.Keep)]
    [InlineData(CrashOutcome.Random)]
    [InlineData(CrashOutcome.ProcessOnly)]
    public void A_crash_at_every_step_of_saving_leaves_an_intact_one(CrashOutcome outcome)
    {
        bool crashed;
        int step = 1;
        do
        {
            var disk = new SimulatedDisk(seed: step);
            var store = new SnapshotStore(Folder, disk);
            store.Save(InfoOf(10), PayloadOf(10));
            store.Save(InfoOf(20), PayloadOf(20));
            int before = disk.Steps;
            disk.CrashAtStep = before + step;
            crashed = !Saves(store, 30);
            disk.Restart(outcome);
            Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] Payload) restored));
            Assert.True(crashed ? restored.Info.Sequence >= 20 : restored.Info.Sequence == 30);
            Assert.Equal(PayloadOf(restored.Info.Sequence).ToArray(), restored.Payload);
            Assert.True(Saves(store, 40));
            step++;
        }
        while (crashed);

        Assert.True(step > 6);
    }

    [Fact]
    public void Any_call_failing_leaves_an_intact_one()
    {
        for (int step = 1; step <= 8; step++)
        {
            var disk = new SimulatedDisk(seed: step);
            var store = new SnapshotStore(Folder, disk);
            store.Save(InfoOf(10), PayloadOf(10));
            store.Save(InfoOf(20), PayloadOf(20));
            disk.FailAtStep = disk.Steps + step;
            Saves(store, 30);
            disk.Restart(CrashOutcome.Random);
            Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] Payload) restored));
            Assert.True(restored.Info.Sequence >= 20);
            Assert.Equal(PayloadOf(restored.Info.Sequence).ToArray(), restored.Payload);
        }
    }

    [Fact]
    public void Every_byte_changed_falls_back_to_the_one_before()
    {
        var disk = new SimulatedDisk();
        var store = new SnapshotStore(Folder, disk);
        store.Save(InfoOf(10), PayloadOf(10));
        store.Save(InfoOf(20), PayloadOf(20));
        byte[] newest = disk.Contents(disk.Paths.Last());
        for (int offset = 0; offset < newest.Length; offset++)
        {
            newest[offset] ^= (byte)(1 << (offset % 8));
            int passedOver = 0;
            Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] _) restored, _ => passedOver++));
            Assert.Equal(10UL, restored.Info.Sequence);
            Assert.Equal(1, passedOver);
            newest[offset] ^= (byte)(1 << (offset % 8));
        }
    }

    [Fact]
    public void Cut_at_every_length_falls_back_to_the_one_before()
    {
        var disk = new SimulatedDisk();
        var store = new SnapshotStore(Folder, disk);
        store.Save(InfoOf(10), PayloadOf(10));
        store.Save(InfoOf(20), PayloadOf(20));
        string path = disk.Paths.Last();
        byte[] newest = disk.Contents(path);
        for (int length = 0; length < newest.Length; length++)
        {
            disk.Replace(path, newest[..length]);
            Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] _) restored));
            Assert.Equal(10UL, restored.Info.Sequence);
        }
    }

    [Fact]
    public void A_payload_larger_than_memory_buffers_is_the_same_on_real_files()
    {
        string folder = Directory.CreateTempSubdirectory("exchange-snapshot-").FullName;
        try
        {
            var store = new SnapshotStore(folder);
            byte[] payload = new byte[(5 << 20) + 123];
            new Random(1).NextBytes(payload);
            store.Save(InfoOf(7), payload);
            Assert.True(store.TryRestore(Read, out (SnapshotInfo Info, byte[] Payload) restored));
            Assert.True(payload.AsSpan().SequenceEqual(restored.Payload));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_journal_behind_the_older_snapshot_is_kept()
    {
        var disk = new SimulatedDisk();
        var script = new JournalScript(disk);
        var store = new SnapshotStore(Folder, disk);
        script.Run(batches: 60);
        ulong newest = script.Acknowledged - 10;
        ulong older = newest - 100;
        Assert.Equal(0, script.Journal.DeleteThrough(store.Save(InfoOf(older), PayloadOf(older))));
        Assert.True(script.Journal.DeleteThrough(store.Save(InfoOf(newest), PayloadOf(newest))) > 0);
        script.Close();
        foreach (ulong sequence in store.Sequences)
        {
            script.Open(sequence);
            script.Close();
        }
    }

    private static bool Saves(SnapshotStore store, ulong sequence)
    {
        try
        {
            store.Save(InfoOf(sequence), PayloadOf(sequence));
            return true;
        }
        catch (Exception cause) when (cause is SimulatedCrashException or StorageException)
        {
            return false;
        }
    }

    private static (SnapshotInfo Info, byte[] Payload) Read(SnapshotInfo info, Stream payload)
    {
        byte[] bytes = new byte[payload.Length];
        payload.ReadExactly(bytes);
        return (info, bytes);
    }

    private static SnapshotInfo InfoOf(ulong sequence) => new()
    {
        Sequence = sequence,
        TimeMs = (long)sequence * 10,
        StateHash = sequence * 0x1234_5678,
        WriterVersion = "0.1.0+abc",
    };

    private static ReadOnlyMemory<byte> PayloadOf(ulong sequence)
    {
        byte[] payload = new byte[3_000 + sequence];
        new Random((int)sequence).NextBytes(payload);
        return payload;
    }
}
