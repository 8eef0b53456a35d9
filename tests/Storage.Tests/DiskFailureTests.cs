using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>F4, F5: a call that fails ends it; nothing is tried again, and nothing acknowledged is lost.</summary>
public sealed class DiskFailureTests
{
    private const int Batches = 60;

    public static TheoryData<int, CrashOutcome> Failures
    {
        get
        {
            TheoryData<int, CrashOutcome> cases = [];
            foreach (int error in (int[])[0, 5, 24, 28, 30, 122])   // short write, EIO, EMFILE, ENOSPC, EROFS, EDQUOT
            {
                cases.Add(error, CrashOutcome.ProcessOnly);
                cases.Add(error, CrashOutcome.Random);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Any_call_failing_once_loses_nothing_acknowledged(int error, CrashOutcome outcome)
    {
        var whole = new SimulatedDisk();
        new JournalScript(whole).Run(Batches, close: true);

        for (int step = 1; step <= whole.Steps; step++)
        {
            var disk = new SimulatedDisk(seed: step) { FailAtStep = step, FailWith = error };
            var script = new JournalScript(disk);
            bool refusedAtStart = !Runs(script);
            bool failed = refusedAtStart || script.Journal.Failure is not null;
            // Only a segment still being made may lack space: nobody relies on it yet.
            bool mayGoOn = error is 28 or 122 && disk.FailedPath!.Contains(".journal.tmp", StringComparison.Ordinal);
            if (!mayGoOn)
                Assert.True(failed && disk.StepsAfterFailure == 0, $"{error} at:\n{string.Join('\n', disk.Log)}");

            disk.Restart(outcome);
            Assert.True(Runs(script));
            // What the failed sync forgot must have been written again by now.
            disk.Restart(CrashOutcome.Lose);
            Assert.True(Runs(script));
        }
    }

    [Fact]
    public void A_failed_sync_is_told_and_acknowledges_nothing_more()
    {
        var disk = new SimulatedDisk();
        var listener = new Listener();
        FileJournal journal = FileJournal.Open(new JournalScript(disk).Options, 0, (in _) => { }, listener, disk);
        Assert.True(journal.TryAppend(1, 1, 1, [1]));
        Assert.True(journal.CommitQueued());
        Assert.True(journal.TryAppend(2, 1, 1, [2]));
        disk.FailAtStep = disk.Steps + 2;   // The write, then the sync.
        Assert.False(journal.CommitQueued());

        Assert.Equal("sync", disk.FailedOperation);
        Assert.Equal(JournalHealth.Failed, journal.Health);
        Assert.Same(journal.Failure, listener.Failure);
        Assert.Equal(1UL, journal.DurableSequence);
        Assert.Equal(1UL, listener.Durable);
        Assert.False(journal.TryAppend(3, 1, 1, [3]));
        Assert.False(journal.WaitDurable(2));
        Assert.False(journal.CommitQueued());
        journal.Dispose();
        Assert.Equal(0, disk.StepsAfterFailure);
    }

    [Fact]
    public void A_full_disk_is_nearly_full_first_and_the_reserve_takes_records_for_a_while()
    {
        var disk = new SimulatedDisk { CapacityBytes = (4 * (32 << 10)) + (16 << 10) };
        var script = new JournalScript(disk);
        script.Open();
        ulong nearlyFullAt = 0;
        while (script.Journal.Failure is null)
        {
            script.Append(5);
            script.Commit();
            if (script.Journal.Failure is null)
                script.Journal.Replenish();
            if (nearlyFullAt == 0 && script.Journal.Health == JournalHealth.NearlyFull)
                nearlyFullAt = script.Acknowledged;
        }

        Assert.IsType<JournalFullException>(script.Journal.Failure);
        Assert.True(nearlyFullAt > 0);
        Assert.True(script.Acknowledged >= nearlyFullAt + 20, $"{nearlyFullAt}, then {script.Acknowledged}");

        // Recovery needs no space; appending does.
        disk.CapacityBytes = 0;
        disk.Restart(CrashOutcome.Lose);
        for (int restart = 0; restart < 20; restart++)
        {
            script.Open();
            disk.Restart(CrashOutcome.Lose);
        }

        disk.CapacityBytes = long.MaxValue;
        Assert.True(Runs(script));
    }

    [Fact]
    public void Space_freed_ends_nearly_full()
    {
        var disk = new SimulatedDisk { CapacityBytes = 2 * (32 << 10) };
        var script = new JournalScript(disk);
        script.Open();
        script.Journal.Replenish();
        Assert.Equal(JournalHealth.NearlyFull, script.Journal.Health);
        disk.CapacityBytes = long.MaxValue;
        script.Journal.Replenish();
        Assert.Equal(JournalHealth.Ok, script.Journal.Health);
    }

    [Fact]
    public void Low_free_space_alone_is_nearly_full()
    {
        var disk = new SimulatedDisk { CapacityBytes = 1 << 20 };
        FileJournalOptions options = new JournalScript(disk).Options;
        FileJournal journal = FileJournal.Open(
            new FileJournalOptions
            {
                Directory = options.Directory,
                SegmentBytes = options.SegmentBytes,
                MaxBatchBytes = options.MaxBatchBytes,
                QueueBytes = options.QueueBytes,
                PreparedSegments = 2,
                NearlyFullBytes = 1 << 20,
                OwnThreads = false,
            }, 0, (in _) => { }, files: disk);
        journal.Replenish();
        Assert.Equal(JournalHealth.NearlyFull, journal.Health);
    }

    [Fact]
    public void A_full_queue_refuses_records_until_a_batch_has_gone()
    {
        var script = new JournalScript(new SimulatedDisk());
        script.Open();
        script.Append(1_000);
        Assert.InRange(script.Appended, 50UL, 500UL);
        ulong full = script.Appended;
        Assert.True(script.Commit());
        script.Append(1_000);
        Assert.True(script.Appended > full);
        while (script.Commit())
        {
        }

        Assert.Equal(script.Appended, script.Acknowledged);
        Assert.Equal(JournalHealth.Ok, script.Journal.Health);
    }

    /// <returns>False if the journal could not even be opened.</returns>
    private static bool Runs(JournalScript script)
    {
        try
        {
            script.Run(Batches, close: true);
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }


    private sealed class Listener : IJournalListener
    {
        public ulong Durable { get; private set; }

        public Exception? Failure { get; private set; }

        public void OnDurable(ulong sequence) => Durable = sequence;

        public void OnFailed(Exception cause) => Failure = cause;
    }
}
