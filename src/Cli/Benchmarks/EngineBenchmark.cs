using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Core.Views;
using Exchange.Embedded;
using Exchange.Storage.Files;

namespace Exchange.Cli.Benchmarks;

/// <summary>The embedded host from submit to durable acknowledgement: margin, matching, journal with sync; nobody reads behind it.</summary>
internal sealed class EngineBenchmark : IDisposable
{
    private const long FundsE8 = 1_000_000_000 * Rounding.OneE8;
    private readonly EngineWorkload _workload;
    private readonly string _folder;
    private readonly Engine _engine = new();
    private readonly FileJournal _journal;
    private readonly VenueHost _host;
    private readonly BenchmarkRequests _requests;
    private readonly VenueReplica? _replica;
    private volatile Exception? _replicaFailure;
    private int _next;

    /// <param name="workload">What to submit.</param>
    /// <param name="folder">Where the venue lives; it is left for <c>exchange verify</c>.</param>
    /// <param name="inFlight">Most commands submitted and not acknowledged.</param>
    /// <param name="processor">The engine thread's own; -1: none.</param>
    /// <param name="journalBytes">How much journal to prepare before the clock starts.</param>
    /// <param name="hasReplica">One follows, as in the server.</param>
    public EngineBenchmark(EngineWorkload workload, string folder, int inFlight, int processor, long journalBytes, bool hasReplica)
    {
        _workload = workload;
        _folder = folder;
        const long SegmentBytes = 256L << 20;
        _journal = FileJournal.Open(
            new FileJournalOptions
            {
                Directory = folder,
                SegmentBytes = SegmentBytes,
                PreparedSegments = (int)Math.Clamp(journalBytes / SegmentBytes + 1, 2, 64),
                QueueBytes = 64 << 20,
                NearlyFullBytes = 0,
            },
            0,
            static (in Core.Journaling.JournalRecord _) => throw new InvalidDataException("The benchmark's folder is not empty."));
        var options = new VenueHostOptions
        {
            QueueCapacity = inFlight, KeptPerPriority = 0, EngineProcessor = processor < 0 ? null : processor,
        };
        _host = new VenueHost(_engine, _journal, TimeProvider.System, options: options);
        _requests = new BenchmarkRequests(_host, inFlight);
        if (hasReplica)
            _replica = new VenueReplica(folder, _journal, new ReplicaOptions(), new ViewLimits(), "", cause => _replicaFailure = cause);
    }

    public Engine Engine => _engine;

    public VenueFigures Figures => _host.Figures;

    /// <summary>Commands of the workload submitted so far.</summary>
    public int Submitted => _next;

    public ulong DurableSequence => _journal.DurableSequence;

    /// <summary>Waits until the journal's files are made: none is made while the clock runs.</summary>
    public void WaitPrepared() => _journal.WaitPrepared();

    /// <summary>Lists, funds, marks, and builds the books.</summary>
    public void SetUp(Action<double> progress)
    {
        var command = new Command();
        for (int symbol = 0; symbol < _workload.Symbols; symbol++)
            _requests.Submit(new Command { Kind = CommandKind.ListInstrument }, EngineWorkload.Instrument(symbol));
        const uint Accounts = EngineWorkload.AccountsPerSymbol * EngineWorkload.AccountGroups;
        for (uint account = 1; account <= Accounts; account++)
        {
            command = new Command { Kind = CommandKind.CreateAccount, Account = account };
            _requests.Submit(in command, null);
            command = new Command { Kind = CommandKind.Deposit, Account = account, Amount = FundsE8 };
            _requests.Submit(in command, null);
        }

        for (int symbol = 0; symbol < _workload.Symbols; symbol++)
        {
            command = new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = EngineWorkload.MarkTicks };
            _requests.Submit(in command, null);
        }

        while (_next < _workload.Prefill)
        {
            SubmitNext(0);
            if ((_next & 0xfff) == 0)
                progress((double)_next / _workload.Prefill);
        }

        _requests.Drain();
    }

    /// <summary>Submits as fast as acknowledgements come.</summary>
    /// <param name="seconds">How long, if the workload lasts.</param>
    /// <param name="kept">Commands of the workload to leave for what is run after it.</param>
    /// <param name="metrics">Told of each acknowledgement; null: nobody is.</param>
    public EngineRun RunClosed(double seconds, int kept, EngineMetrics? metrics = null)
    {
        int last = _workload.Commands.Length - kept;
        EngineStages before = EngineStages.Read();
        long first = _next;
        ulong sequence = DurableSequence;
        long started = Stopwatch.GetTimestamp();
        long end = started + (long)(seconds * Stopwatch.Frequency);
        _requests.StartLatencies(metrics);
        long now = started;
        while (_next < last && now < end)
        {
            SubmitNext(now);
            if ((_next & 31) == 0)
                now = Stopwatch.GetTimestamp();
        }

        return Finish(before, first, sequence, started);
    }

    /// <summary>Closed loops without metrics and with them, in turns.</summary>
    /// <param name="seconds">All together, if the workload lasts.</param>
    public MetricsCost CompareMetrics(double seconds)
    {
        const double SliceSeconds = 0.5;
        using var metrics = new EngineMetrics(Figures);
        List<double> without = [];
        List<double> with = [];
        RunClosed(SliceSeconds, kept: 0, metrics);   // Until it is compiled.
        for (double spent = 0; (spent < seconds || with.Count == 0) && _next < _workload.Commands.Length; spent += 2 * SliceSeconds)
        {
            without.Add(RunClosed(SliceSeconds, kept: 0).PerSecond);
            with.Add(RunClosed(SliceSeconds, kept: 0, metrics).PerSecond);
        }

        return MetricsCost.From(without, with);
    }

    /// <summary>Submits at a fixed rate whatever the venue does; latencies count from when a command should have gone out.</summary>
    public EngineRun RunOpen(double seconds, int perSecond)
    {
        EngineStages before = EngineStages.Read();
        long first = _next;
        ulong sequence = DurableSequence;
        double ticksPerCommand = (double)Stopwatch.Frequency / perSecond;
        long most = Math.Min(_workload.Commands.Length - _next, (long)(seconds * perSecond));
        long started = Stopwatch.GetTimestamp();
        _requests.StartLatencies();
        for (long i = 0; i < most; i++)
        {
            long due = started + (long)(i * ticksPerCommand);
            while (Stopwatch.GetTimestamp() < due)
                Pause.Microseconds(50);
            SubmitNext(due);
        }

        return Finish(before, first, sequence, started);
    }

    /// <summary>How far the replica is behind, and what it carries out a second when nothing else runs: for three seconds, or until it is there.</summary>
    public (ulong Lag, double PerSecond) WatchReplica()
    {
        ulong lag = _replica!.Lag;
        ulong from = _replica.Sequence;
        long started = Stopwatch.GetTimestamp();
        while (_replica.Lag != 0 && Stopwatch.GetElapsedTime(started).TotalSeconds < 3)
        {
            Pause.Microseconds(1_000);
            if (_replicaFailure is { } failure)
                throw new InvalidOperationException("The replica does not follow.", failure);
        }

        return (lag, (_replica.Sequence - from) / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private EngineRun Finish(in EngineStages before, long first, ulong sequence, long started)
    {
        _requests.Drain();
        double elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long commands = _next - first;
        return new EngineRun
        {
            Commands = commands,
            Seconds = elapsed,
            Latencies = _requests.TakeLatencies(),
            Stages = EngineStages.Read().Since(before, commands),
            Records = (long)(DurableSequence - sequence),
        };
    }

    private void SubmitNext(long dueTicks) => _requests.Submit(in _workload.Commands[_next++], dueTicks);

    public void Dispose()
    {
        _host.Dispose();
        _replica?.Dispose();
        _journal.Dispose();
    }
}
