using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>The journal on the machine's own files, with its own threads.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_appended_is_read_back_in_order()
    {
        const ulong Count = 20_000;
        using (FileJournal journal = Open(0))
        {
            Append(journal, Count);
            Assert.True(journal.WaitDurable(Count, timeoutMs: 30_000));
            Assert.Equal(Count, journal.DurableSequence);
        }

        ulong next = 1;
        using FileJournal again = Open(0, (in record) =>
        {
            Assert.Equal(next++, record.Sequence);
            JournalScript.CheckRecord(record);
        });
        Assert.Equal(Count, again.Recovery.LastSequence);
        Assert.Equal(Count, again.Recovery.Records);
        Assert.Equal(0, again.Recovery.CutBytes);
        Assert.Equal(2UL, again.Recovery.Epoch);
    }

    [Fact]
    public void Only_records_after_the_snapshot_are_passed_on()
    {
        using (FileJournal journal = Open(0))
            Append(journal, 5_000);

        ulong first = 0;
        using FileJournal again = Open(3_210, (in record) => first = first == 0 ? record.Sequence : first);
        Assert.Equal(3_211UL, first);
        Assert.Equal(5_000UL - 3_210UL, again.Recovery.Records);
    }

    [Fact]
    public void A_follower_reads_behind_the_running_journal()
    {
        using FileJournal journal = Open(0);
        using var reader = new JournalReader(_folder, 0);
        ulong next = 1;
        for (ulong round = 1; round <= 50; round++)
        {
            Append(journal, 100);
            Assert.True(journal.WaitDurable(round * 100, timeoutMs: 30_000));
            reader.ReadThrough(round * 100, (in record) =>
            {
                Assert.Equal(next++, record.Sequence);
                JournalScript.CheckRecord(record);
            });
            Assert.Equal(round * 100, next - 1);
        }
    }

    [Fact]
    public void A_follower_keeps_up_while_records_are_appended_and_segments_deleted()
    {
        const ulong Count = 100_000;
        using FileJournal journal = Open(0);
        ulong followed = 0;
        Exception? failure = null;
        var follower = new Thread(() =>
        {
            try
            {
                using var reader = new JournalReader(_folder, 0);
                while (followed < Count && journal.Failure is null)
                {
                    reader.ReadThrough(journal.DurableSequence, (in record) =>
                    {
                        Assert.Equal(++followed, record.Sequence);
                        JournalScript.CheckRecord(record);
                    });
                    journal.DeleteThrough(followed);
                }
            }
            catch (Exception cause)
            {
                failure = cause;
            }
        });
        follower.Start();
        Append(journal, Count);
        follower.Join();
        Assert.Null(failure);
        Assert.Null(journal.Failure);
        Assert.Equal(Count, followed);
    }

    [Fact]
    public void What_has_queued_is_durable_after_an_orderly_stop()
    {
        using (FileJournal journal = Open(0))
            Append(journal, 30_000);
        using FileJournal again = Open(0);
        Assert.Equal(30_000UL, again.Recovery.LastSequence);
    }

    [Fact]
    public void Segments_before_a_snapshot_are_deleted_and_the_rest_still_opens()
    {
        using (FileJournal journal = Open(0))
        {
            Append(journal, 20_000);
            journal.WaitDurable(20_000);
            Assert.True(journal.DeleteThrough(15_000) > 0);
            Assert.Equal(0, journal.DeleteThrough(15_000));
        }

        JournalGapException gap = Assert.Throws<JournalGapException>(() => Open(0));
        Assert.Contains("begins at", gap.Message, StringComparison.Ordinal);
        using FileJournal again = Open(15_000);
        Assert.Equal(5_000UL, again.Recovery.Records);
    }

    [Fact]
    public void A_second_opening_of_the_folder_is_refused_until_the_first_is_closed()
    {
        using (Open(0))
            Assert.Throws<JournalInUseException>(() => Open(0));
        Open(0).Dispose();
    }

    [Fact]
    public void Appending_allocates_nothing_once_warm()
    {
        using FileJournal journal = Open(0);
        byte[] payload = new byte[128];
        ulong sequence = 0;
        Append(20_000);
        Allocations.AssertNone(() => Append(50_000));

        void Append(int count)
        {
            for (ulong end = sequence + (ulong)count; sequence < end;)
                Spin(journal, ++sequence, payload);
        }
    }

    [Fact]
    public void Committing_allocates_nothing_once_warm()
    {
        var listener = new AllocationListener();
        using (FileJournal journal = Open(0, listener: listener, segmentBytes: 16 << 20))
        {
            for (ulong sequence = 1; sequence <= 2_000; sequence++)
            {
                Spin(journal, sequence, default);
                Assert.True(journal.WaitDurable(sequence));
            }
        }

        Assert.True(listener.Batches > 100, $"{listener.Batches} batches");
        Assert.Equal(0, listener.AllocatedWarm);
    }

    private static void Spin(FileJournal journal, ulong sequence, ReadOnlySpan<byte> payload)
    {
        while (!journal.TryAppend(sequence, (long)sequence, 1, payload))
            Assert.False(journal.WaitDurable(ulong.MaxValue, timeoutMs: 1));
    }

    private static void Append(FileJournal journal, ulong count)
    {
        for (ulong end = journal.AppendedSequence + count; journal.AppendedSequence < end;)
        {
            ulong sequence = journal.AppendedSequence + 1;
            while (!journal.TryAppend(
                sequence, (long)sequence * 10, JournalScript.KindOf(sequence), JournalScript.PayloadOf(sequence)))
            {
                journal.WaitDurable(journal.DurableSequence + 1, timeoutMs: 1_000);
                Assert.Null(journal.Failure);
            }
        }
    }

    private FileJournal Open(ulong after, JournalRecordHandler? replay = null, IJournalListener? listener = null,
        int segmentBytes = 1 << 20) =>
        FileJournal.Open(
            new FileJournalOptions
            {
                Directory = _folder,
                SegmentBytes = segmentBytes,
                MaxBatchBytes = 64 << 10,
                QueueBytes = 256 << 10,
                NearlyFullBytes = 0,
            },
            after,
            replay ?? ((in _) => { }),
            listener);

    private sealed class AllocationListener : IJournalListener
    {
        private long _atWarm;
        private int _collections;

        public int Batches { get; private set; }

        public long AllocatedWarm { get; private set; }

        public void OnDurable(ulong sequence)
        {
            Batches++;
            int collections = GC.CollectionCount(0);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            if (Batches > 500 && collections == _collections)
                AllocatedWarm = Math.Max(AllocatedWarm, allocated - _atWarm);

            // A collection, which any test may cause, counts what was left of the thread's buffer as allocated: begin anew.
            (_collections, _atWarm) = (collections, collections == _collections && Batches > 500 ? _atWarm : allocated);
        }

        public void OnFailed(Exception cause)
        {
        }
    }
}
