using System.Diagnostics;
using System.Globalization;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Measures the journal alone, in turns with a C loop that writes and syncs the same bytes.</summary>
/// <remarks>
/// Disks vary by the minute: only ratios of runs next to one another mean anything, and only on idle processors: on busy
/// ones a thread that sleeps in each sync waits a scheduler's tick (4 ms) to run again, and the C loop has but one. Each run has its segment prepared
/// before the clock starts, as the C loop has its file. The journal keeps two batches in flight, one syncing while the
/// next is appended, as an engine does. Files are deleted at the end only: on a disk that is told of freed blocks, a
/// deletion slows the syncs of the seconds after it tenfold. Needs three segments' space for each run.
/// </remarks>
public sealed class JournalBenchmark : IDisposable
{
    private const int PayloadBytes = 128;
    private const double RecordBytes = PayloadBytes + 24;

    private readonly string _folder;

    /// <param name="directory">An existing folder on the disk to measure; a folder is made in it.</param>
    public JournalBenchmark(string directory) =>
        _folder = Directory.CreateDirectory(Path.Combine(directory, $"journal-benchmark-{Guid.NewGuid():N}")).FullName;

    /// <summary>The compiled bench/reference/fdatasync_loop.c; null: no comparison.</summary>
    public string? ReferencePath { get; init; }

    /// <summary>Of one run; it ends before if its segment is full.</summary>
    public int RunMs { get; init; } = 1000;

    /// <summary>Turns at each batch size; medians are reported.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Length of the file each run writes into.</summary>
    public long SegmentBytes { get; init; } = 128L << 20;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Appends in batches of a number of records, in turns with the C loop.</summary>
    public JournalBenchmarkResult Append(int recordsPerBatch)
    {
        List<AppendRun> own = [];
        List<AppendRun> reference = [];
        List<double> ratios = [];
        for (int round = 0; round < Rounds; round++)
        {
            if (ReferencePath is not null)
                reference.Add(RunReference(recordsPerBatch));
            own.Add(RunOwn(recordsPerBatch));
            if (ReferencePath is not null)
                ratios.Add(own[^1].RecordsPerSecond / reference[^1].RecordsPerSecond);
        }

        return new JournalBenchmarkResult
        {
            RecordsPerBatch = recordsPerBatch,
            RecordsPerSecond = Median(own.Select(run => run.RecordsPerSecond)),
            MeanBatch = Median(own.Select(run => run.MeanBatch)),
            AckP50Us = Median(own.Select(run => run.P50Us)),
            AckP99Us = Median(own.Select(run => run.P99Us)),
            ReferenceRecordsPerSecond = Median(reference.Select(run => run.RecordsPerSecond)),
            ReferenceP50Us = Median(reference.Select(run => run.P50Us)),
            ReferenceP99Us = Median(reference.Select(run => run.P99Us)),
            Ratio = Median(ratios),
        };
    }

    /// <summary>Writes one segment full and reads it back, verifying, from the page cache.</summary>
    /// <returns>Bytes and records per second; medians over the rounds.</returns>
    public (double BytesPerSecond, double RecordsPerSecond) Read()
    {
        string folder = MakeFolder();
        ulong last = (ulong)(SegmentBytes / 200);
        using (FileJournal journal = Open(folder))
        {
            AppendBatch(journal, 0, last, new byte[PayloadBytes]);
            journal.WaitDurable(last);
        }

        List<double> bytes = [];
        List<double> records = [];
        for (int round = 0; round < Rounds; round++)
        {
            ulong count = 0;
            long started = Clock.GetTimestamp();
            using var reader = new JournalReader(folder, 0);
            reader.ReadThrough(last, (in _) => count++);
            double seconds = Clock.GetElapsedTime(started).TotalSeconds;
            bytes.Add(count * RecordBytes / seconds);
            records.Add(count / seconds);
        }

        return (Median(bytes), Median(records));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AppendRun RunOwn(int recordsPerBatch)
    {
        var batches = new BatchCounter();
        using FileJournal journal = Open(MakeFolder(), batches);
        journal.WaitPrepared();
        return Measure(journal, batches, recordsPerBatch);
    }

    private AppendRun Measure(FileJournal journal, BatchCounter batches, int recordsPerBatch)
    {
        long bytesPerBatch = JournalFormat.AlignToBlock((int)(recordsPerBatch * RecordBytes * 1.01) + JournalFormat.BlockBytes);
        long mostBatches = (SegmentBytes / bytesPerBatch) - 8;
        List<double> tookUs = new(1 << 18);
        byte[] payload = new byte[PayloadBytes];
        Array.Fill(payload, (byte)7);
        ulong batch = (ulong)recordsPerBatch;
        ulong sequence = AppendBatch(journal, 0, batch, payload);
        long firstStarted = Clock.GetTimestamp();
        long begin = firstStarted;
        ulong waited = 0;
        for (long index = 1; index < mostBatches; index++)
        {
            // Else two batches would go as one.
            SpinWait spin = default;
            while (journal.TakenSequence < sequence && journal.Failure is null)
                spin.SpinOnce();
            long secondStarted = Clock.GetTimestamp();
            sequence = AppendBatch(journal, sequence, batch, payload);
            waited += batch;
            if (!journal.WaitDurable(waited))
                throw new InvalidOperationException("The journal has failed.", journal.Failure);
            tookUs.Add(Clock.GetElapsedTime(firstStarted).TotalMicroseconds);
            firstStarted = secondStarted;
            if (Clock.GetElapsedTime(begin).TotalMilliseconds >= RunMs)
                break;
        }

        double seconds = Clock.GetElapsedTime(begin).TotalSeconds;
        double mean = (double)journal.DurableSequence / Math.Max(1, batches.Count);
        tookUs.Sort();
        return new AppendRun(waited / seconds, mean, tookUs[tookUs.Count / 2], tookUs[tookUs.Count * 99 / 100]);
    }

    private static ulong AppendBatch(FileJournal journal, ulong sequence, ulong records, byte[] payload)
    {
        for (ulong index = 0; index < records; index++)
        {
            sequence++;
            while (!journal.TryAppend(sequence, 0, 1, payload))
                journal.WaitDurable(journal.DurableSequence + 1);
        }

        return sequence;
    }

    private AppendRun RunReference(int recordsPerBatch)
    {
        string file = Path.Combine(_folder, $"reference-{Guid.NewGuid():N}");
        string[] arguments = [file, Text(recordsPerBatch), Text(RunMs), Text(SegmentBytes)];
        using Process process = Process.Start(new ProcessStartInfo(ReferencePath!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double[] figures = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        if (process.ExitCode != 0 || figures.Length != 3)
            throw new InvalidOperationException($"{ReferencePath} ended with {process.ExitCode}: {line}");
        return new AppendRun(figures[0], recordsPerBatch, figures[1], figures[2]);
    }

    private FileJournal Open(string folder, IJournalListener? listener = null) => FileJournal.Open(
        new FileJournalOptions { Directory = folder, SegmentBytes = SegmentBytes, PreparedSegments = 1, NearlyFullBytes = 0 },
        0,
        (in _) => { },
        listener);

    private string MakeFolder() =>
        Directory.CreateDirectory(Path.Combine(_folder, $"journal-{Guid.NewGuid():N}")).FullName;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    private readonly record struct AppendRun(double RecordsPerSecond, double MeanBatch, double P50Us, double P99Us);

    private sealed class BatchCounter : IJournalListener
    {
        public int Count { get; private set; }

        public void OnDurable(ulong sequence) => Count++;

        public void OnFailed(Exception cause)
        {
        }
    }
}

/// <summary>Medians of one batch size; the reference's are 0 if there was none.</summary>
public sealed record JournalBenchmarkResult
{
    public required int RecordsPerBatch { get; init; }

    public required double RecordsPerSecond { get; init; }

    /// <summary>Records a write really took along.</summary>
    public required double MeanBatch { get; init; }

    /// <summary>From the first append of a batch until all of it is durable, two batches being in flight.</summary>
    public required double AckP50Us { get; init; }

    public required double AckP99Us { get; init; }

    public required double ReferenceRecordsPerSecond { get; init; }

    /// <summary>One write and sync.</summary>
    public required double ReferenceP50Us { get; init; }

    public required double ReferenceP99Us { get; init; }

    /// <summary>Own over reference, of runs next to one another.</summary>
    public required double Ratio { get; init; }
}
