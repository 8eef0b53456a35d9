using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Exchange.Cli.Terminal;
using Exchange.Core;
using Exchange.Embedded;
using Exchange.Storage.Files;

namespace Exchange.Cli.Benchmarks;

/// <summary><c>exchange bench engine</c>: the embedded host with margin and synced journal, then its recovery.</summary>
public static class BenchEngineCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> workloads = new("--workloads")
        {
            Description = "Folder of workload files, one a symbol (bench/reference/README.md says how to make the twenty).",
            Required = true,
        };
        Option<DirectoryInfo?> folder = new("--folder") { Description = "Empty folder for the venue; it is left there for exchange verify. Default: a temporary one." };
        Option<double> seconds = new("--seconds") { Description = "Length of the closed-loop run.", DefaultValueFactory = _ => 30 };
        Option<double> openSeconds = new("--open-seconds") { Description = "Length of the open-loop run; 0: none.", DefaultValueFactory = _ => 10 };
        Option<int> rate = new("--rate") { Description = "Commands per second of the open loop.", DefaultValueFactory = _ => 200_000 };
        Option<int> inFlight = new("--in-flight") { Description = "Most commands not yet acknowledged.", DefaultValueFactory = _ => 8_192 };
        Option<int> processor = new("--engine-processor")
        {
            Description = "Processor the engine's thread has to itself; -1: none. Best one that serves no disk interrupts (/proc/interrupts).",
            DefaultValueFactory = _ => -1,
        };
        Option<bool> replica = new("--replica") { Description = "Runs both loops once more with a replica behind the journal, and tells what it cost." };
        Option<bool> metrics = new("--metrics") { Description = "Runs the closed loop once more, with and without metrics in turns, and tells what they cost." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        workloads.AcceptExistingOnly();
        Command command = new("engine", "Measures the embedded host from submit to durable acknowledgement.")
        {
            workloads, folder, seconds, openSeconds, rate, inFlight, processor, replica, metrics, json,
        };
        command.SetAction(parsed => Run(
            new Settings(
                parsed.GetRequiredValue(workloads), parsed.GetValue(folder), parsed.GetValue(seconds), parsed.GetValue(openSeconds),
                parsed.GetValue(rate), parsed.GetValue(inFlight), parsed.GetValue(processor), parsed.GetValue(replica), parsed.GetValue(metrics)),
            parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private sealed record Settings(
        DirectoryInfo Workloads, DirectoryInfo? Folder, double Seconds, double OpenSeconds, int Rate, int InFlight, int Processor, bool HasReplica, bool HasMetrics);

    private static int Run(Settings settings, bool json, TextWriter output, TextWriter error)
    {
        try
        {
            string folder = settings.Folder?.FullName ?? Directory.CreateTempSubdirectory("exchange-bench-").FullName;
            Directory.CreateDirectory(folder);
            EngineWorkload workload = ProgressLine.Run("commands", progress => EngineWorkload.Prepare(Load(settings.Workloads), progress));
            EngineReport report = Measure(settings, workload, folder);
            output.WriteLine(json ? JsonSerializer.Serialize(report) : report.ToText());
            if (settings.Folder is null)
                Directory.Delete(folder, recursive: true);
            if (report.TradesAgree && report.HashAgrees)
                return ExchangeCommandLine.Done;
            error.WriteLine("The engine did not do what the workload says, or its journal does not lead to its state.");
            return ExchangeCommandLine.Failed;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InvalidOperationException or InvariantException)
        {
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }
    }

    private static List<WorkloadFile> Load(DirectoryInfo folder)
    {
        var files = new List<WorkloadFile>();
        foreach (FileInfo file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            files.Add(WorkloadFile.Load(file.FullName));
        if (files.Count is 0 or > byte.MaxValue)
            throw new InvalidDataException($"{folder.FullName} holds {files.Count} workload files; 1 to 255 are needed.");
        return files;
    }

    private static EngineReport Measure(Settings settings, EngineWorkload workload, string folder)
    {
        LiveRun live = RunLive(settings, workload, folder, hasReplica: false);
        EngineRun closed = live.Closed;
        EngineRun? open = live.Open;
        (double recoveryPerSecond, UInt128 recovered) = ProgressLine.Run("recovery", _ => Recover(folder));
        VenueVerification.Report replay = ProgressLine.Run("verify", _ => VenueVerification.Run(folder, TimeProvider.System));
        ReplicaCost? replica = settings.HasReplica ? MeasureReplica(settings, workload, closed) : null;
        MetricsCost? metrics = settings.HasMetrics ? MeasureMetrics(settings, workload) : null;
        return new EngineReport
        {
            Commands = closed.Commands,
            Seconds = closed.Seconds,
            CommandsPerSecond = closed.PerSecond,
            P50Us = closed.Latencies.QuantileUs(0.5),
            P99Us = closed.Latencies.QuantileUs(0.99),
            P999Us = closed.Latencies.QuantileUs(0.999),
            MaxUs = closed.Latencies.MaxUs,
            EngineNs = closed.Stages.EngineNs,
            PublisherNs = closed.Stages.PublisherNs,
            JournalNs = closed.Stages.JournalNs,
            SubmitNs = closed.Stages.OtherNs,
            BytesPerCommand = (double)JournalBytes(folder) / live.Records,
            OpenRate = open?.PerSecond ?? 0,
            OpenP50Us = open?.Latencies.QuantileUs(0.5) ?? 0,
            OpenP99Us = open?.Latencies.QuantileUs(0.99) ?? 0,
            OpenP999Us = open?.Latencies.QuantileUs(0.999) ?? 0,
            OpenMaxUs = open?.Latencies.MaxUs ?? 0,
            RecoveryPerSecond = recoveryPerSecond,
            RecoveryRatio = recoveryPerSecond / closed.PerSecond,
            VerifyPerSecond = replay.Commands / replay.Elapsed.TotalSeconds,
            Replica = replica,
            Metrics = metrics,
            TradesAgree = live.Agrees,
            HashAgrees = replay.StateHash == live.StateHash && recovered == live.StateHash,
            StateHash = live.StateHash.ToString("x32", CultureInfo.InvariantCulture),
        };
    }

    private static LiveRun RunLive(Settings settings, EngineWorkload workload, string folder, bool hasReplica)
    {
        using EngineBenchmark bench = Prepare(settings, workload, folder, hasReplica);
        // The closed loop goes first, so that the tail of the open one is not that of code being compiled.
        int kept = (int)Math.Min(workload.Commands.Length / 2, settings.OpenSeconds * settings.Rate);
        EngineRun closed = ProgressLine.Run("closed loop", _ => bench.RunClosed(settings.Seconds, kept));
        (ulong lag, double alonePerSecond) = hasReplica ? ProgressLine.Run("replica", _ => bench.WatchReplica()) : default;
        EngineRun? open = settings.OpenSeconds > 0
            ? ProgressLine.Run("open loop", _ => bench.RunOpen(settings.OpenSeconds, settings.Rate)) : null;
        ulong records = bench.DurableSequence;
        bench.Dispose();
        bench.Engine.CheckInvariants();
        return new LiveRun(
            closed, open, bench.Engine.StateHash(), records, workload.AgreesWith(bench.Engine, bench.Submitted), lag, alonePerSecond);
    }

    private static EngineBenchmark Prepare(Settings settings, EngineWorkload workload, string folder, bool hasReplica)
    {
        // Room for the whole run at the rate that is hoped for, so that no file is made while the clock runs.
        long journalBytes = (long)(Math.Min(workload.Commands.Length, (settings.Seconds + settings.OpenSeconds) * 1_500_000) * 140);
        var bench = new EngineBenchmark(workload, folder, settings.InFlight, settings.Processor, journalBytes, hasReplica);
        ProgressLine.Run("books", progress =>
        {
            bench.SetUp(progress);
            bench.WaitPrepared();
            return true;
        });
        return bench;
    }

    private static MetricsCost MeasureMetrics(Settings settings, EngineWorkload workload)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-bench-");
        try
        {
            using EngineBenchmark bench = Prepare(settings, workload, folder.FullName, hasReplica: false);
            return ProgressLine.Run("metrics", _ => bench.CompareMetrics(settings.Seconds));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record LiveRun(
        EngineRun Closed, EngineRun? Open, UInt128 StateHash, ulong Records, bool Agrees, ulong ReplicaLag, double ReplicaAlonePerSecond);

    private static ReplicaCost MeasureReplica(Settings settings, EngineWorkload workload, EngineRun without)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-bench-");
        try
        {
            LiveRun live = RunLive(settings, workload, folder.FullName, hasReplica: true);
            return new ReplicaCost
            {
                CommandsPerSecond = live.Closed.PerSecond,
                Ratio = live.Closed.PerSecond / without.PerSecond,
                P50Us = live.Closed.Latencies.QuantileUs(0.5),
                P99Us = live.Closed.Latencies.QuantileUs(0.99),
                EngineNs = live.Closed.Stages.EngineNs,
                ReplicaNs = live.Closed.Stages.ReplicaNs,
                LagRecords = live.ReplicaLag,
                AlonePerSecond = live.ReplicaAlonePerSecond,
                OpenP50Us = live.Open?.Latencies.QuantileUs(0.5) ?? 0,
                OpenP99Us = live.Open?.Latencies.QuantileUs(0.99) ?? 0,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a start does: reads the journal and carries out what is in it. Commands per second, and the state it came to.</summary>
    private static (double PerSecond, UInt128 StateHash) Recover(string folder)
    {
        long started = Stopwatch.GetTimestamp();
        using VenueRecovery recovery = VenueRecovery.Begin(folder, limits: null, rules: null);
        using (var reader = new JournalReader(folder, recovery.Sequence))
            reader.ReadToEnd(recovery.Apply);
        Engine engine = recovery.Engine;
        return (recovery.Replayed / Stopwatch.GetElapsedTime(started).TotalSeconds, engine.StateHash());
    }

    /// <summary>What the journal wrote: whole files, and the used part of the last.</summary>
    private static long JournalBytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("segment-*.journal").Sum(UsedBytes);

    private static long UsedBytes(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        var buffer = new byte[1 << 20];
        long used = 0;
        long at = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            int last = buffer.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                used = at + last + 1;
            at += read;
        }

        return used;
    }
}
