using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Embedded;
using Exchange.Storage.Files;

namespace Exchange.Cli.Benchmarks;

/// <summary>A ring of requests used over and over: one thread submits, the publisher's gives back.</summary>
internal sealed class BenchmarkRequests
{
    private readonly VenueHost _host;
    private readonly Request[] _ring;
    private readonly Doorbell _freed = new();
    private long _submitted;
    private long _acknowledged;
    private LatencyHistogram _latencies = new();
    private EngineMetrics? _metrics;
    private bool _counts;
    private Exception? _failure;

    public BenchmarkRequests(VenueHost host, int inFlight)
    {
        _host = host;
        _ring = new Request[inFlight];
        for (int i = 0; i < inFlight; i++)
            _ring[i] = new Request(this);
    }

    /// <param name="metrics">Told of each acknowledgement; null: nobody is.</param>
    public void StartLatencies(EngineMetrics? metrics = null)
    {
        _metrics = metrics;
        _latencies = new LatencyHistogram();
        _counts = true;
    }

    public LatencyHistogram TakeLatencies()
    {
        _counts = false;
        return _latencies;
    }

    public void Submit(in Command command, Instrument? listing)
    {
        Request request = Next();
        request.Command = command;
        request.Listing = listing;
        request.DueTicks = 0;
        request.MustPass = true;
        Send(request);
    }

    public void Submit(in PreparedCommand command, long dueTicks)
    {
        Request request = Next();
        request.Command = default;
        command.Expand(ref request.Command);
        request.Listing = null;
        request.DueTicks = dueTicks;
        request.MustPass = false;
        Send(request);
    }

    /// <summary>Waits until all is acknowledged.</summary>
    public void Drain() => WaitFor(_submitted);

    private void Send(Request request)
    {
        _submitted++;
        _host.Submit(request);
    }

    /// <summary>Acknowledgements come in the order of submission, so the ring's next place is free when enough have come.</summary>
    private Request Next()
    {
        if (_submitted - Volatile.Read(ref _acknowledged) >= _ring.Length)
            WaitFor(_submitted - _ring.Length + 1 + (_ring.Length / 8));
        return _ring[_submitted % _ring.Length];
    }

    private void WaitFor(long acknowledged)
    {
        while (Volatile.Read(ref _acknowledged) < acknowledged)
        {
            if (Volatile.Read(ref _failure) is { } failure)
                throw failure;
            _freed.Prepare();
            if (Volatile.Read(ref _acknowledged) >= acknowledged)
                _freed.Cancel();
            else
                _freed.Wait(100);
        }
    }

    private void Acknowledge(Request request)
    {
        if (_counts && request.DueTicks != 0)
        {
            long tookTicks = Stopwatch.GetTimestamp() - request.DueTicks;
            _latencies.Add(tookTicks);
            _metrics?.Record(request.Command.Kind, request.IsRefused, tookTicks);
        }

        Volatile.Write(ref _acknowledged, _acknowledged + 1);
        if ((_acknowledged & 255) == 0 || _acknowledged == Volatile.Read(ref _submitted))
            _freed.Ring();
    }

    private void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _freed.Ring();
    }

    private sealed class Request(BenchmarkRequests owner) : VenueRequest
    {
        private RejectReason _reason;

        public long DueTicks { get; set; }

        public bool MustPass { get; set; }

        public bool IsRefused => _reason != RejectReason.None;

        protected override void OnApplied(Engine engine, EngineOutput output) => _reason = output.Reason;

        protected override void OnDurable(ReadOnlySpan<FeedEvent> events)
        {
            if (MustPass && IsRefused)
                owner.Fail(new InvalidOperationException($"{Command.Kind} was refused: {_reason}."));
            owner.Acknowledge(this);
        }

        protected override void OnRefused(RejectReason reason) =>
            owner.Fail(new InvalidOperationException($"The host refused a command: {reason}."));

        protected override void OnStopped(Exception? cause) =>
            owner.Fail(cause ?? new InvalidOperationException("The host stopped."));
    }
}
