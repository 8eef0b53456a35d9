using System.Buffers.Binary;
using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

/// <summary>A journal on a simulated disk, driven step by step, and what it has promised.</summary>
internal sealed class JournalScript(SimulatedDisk disk)
{
    public const string Directory = "/journal";

    private FileJournal? _journal;

    public FileJournalOptions Options { get; init; } = OptionsOf(segmentBytes: 32 << 10, maxBatchBytes: 8 << 10);

    /// <summary>Batches between two makings of segments.</summary>
    public int ReplenishEvery { get; init; } = 5;

    /// <summary>Appended, durable or not, in this life or one before it.</summary>
    public ulong Appended { get; private set; }

    /// <summary>Told to be durable: must be there for ever.</summary>
    public ulong Acknowledged { get; private set; }

    public FileJournal Journal => _journal!;

    public static FileJournalOptions OptionsOf(int segmentBytes, int maxBatchBytes) => new()
    {
        Directory = Directory,
        SegmentBytes = segmentBytes,
        MaxBatchBytes = maxBatchBytes,
        QueueBytes = 16 << 10,
        PreparedSegments = 1,
        NearlyFullBytes = 0,
        OwnThreads = false,
        NewJournalId = 0x1234_5678_9ABC_DEF0,
    };

    public static string PathOf(string name) => Path.Combine(Directory, name);

    public static string Segment(int id) => PathOf($"segment-{id:D10}.journal");

    /// <summary>Opens, and checks that exactly a prefix is there that has all that was acknowledged.</summary>
    public void Open(ulong afterSequence = 0)
    {
        ulong next = afterSequence + 1;
        _journal = FileJournal.Open(Options, afterSequence, (in record) =>
        {
            Assert.Equal(next, record.Sequence);
            CheckRecord(record);
            next++;
        }, files: disk);
        Assert.Equal(next - 1, _journal.Recovery.LastSequence);
        Assert.InRange(_journal.Recovery.LastSequence, Acknowledged, Appended);
        // What was never acknowledged and did not survive is gone: its numbers are used again.
        Appended = Acknowledged = _journal.Recovery.LastSequence;
    }

    public void Append(int records)
    {
        for (int index = 0; index < records; index++)
        {
            ulong sequence = Appended + 1;
            if (!_journal!.TryAppend(sequence, (long)sequence * 10, KindOf(sequence), PayloadOf(sequence)))
                return;
            Appended = sequence;
        }
    }

    public bool Commit()
    {
        bool committed = _journal!.CommitQueued();
        Acknowledged = Math.Max(Acknowledged, _journal.DurableSequence);
        return committed;
    }

    /// <summary>Batches of many sizes through several segments, some deleted; ends early when the disk does.</summary>
    public void Run(int batches, bool close = false)
    {
        try
        {
            Open();
            for (int batch = 0; batch < batches && _journal!.Failure is null; batch++)
            {
                Append(1 + (batch * 7 % 13));
                Commit();
                if (batch % ReplenishEvery == ReplenishEvery - 1)
                    _journal.Replenish();
            }

            if (close)
                Close();
        }
        catch (SimulatedCrashException)
        {
        }
    }

    public void Close()
    {
        _journal!.Dispose();
        Acknowledged = Math.Max(Acknowledged, _journal.DurableSequence);
    }

    public static ushort KindOf(ulong sequence) => (ushort)(sequence * 31);

    public static byte[] PayloadOf(ulong sequence)
    {
        byte[] payload = new byte[sequence * 37 % 300];
        for (int index = 0; index < payload.Length; index++)
            payload[index] = (byte)((sequence * 131) + ((ulong)index * (sequence % 3)));
        if (payload.Length >= 8)
            BinaryPrimitives.WriteUInt64LittleEndian(payload, sequence);
        return payload;
    }

    public static void CheckRecord(in JournalRecord record)
    {
        Assert.Equal((long)record.Sequence * 10, record.TimeMs);
        Assert.Equal(KindOf(record.Sequence), record.Kind);
        Assert.Equal(PayloadOf(record.Sequence), record.Payload.ToArray());
    }
}
