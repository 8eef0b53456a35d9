using Exchange.Core;
using Exchange.Core.Feed;
using Exchange.Core.Journaling;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>The engine on a thread of its own: a bounded queue in front, the journal beside, readers behind.</summary>
/// <remarks>
/// An input is applied first and journaled then, so an input that breaks the engine is never in the journal and cannot break it
/// again at the next start. Nothing leaves before it is durable: the publisher's thread waits for the journal, tells the readers,
/// and completes the request. Engine, write and sync overlap. The engine thread parks when there is nothing to do.
/// </remarks>
public sealed partial class VenueHost : IDisposable
{
    /// <summary>Kind of the journal's check records; commands have the lower numbers.</summary>
    public const ushort CheckKind = 1_000;

    /// <summary>Kind of the record that tells which build goes on from here.</summary>
    public const ushort OpenedKind = 1_001;

    /// <summary>Kind of the record that every start begins with: what it calls the numbers of own events, eight bytes.</summary>
    public const ushort StartedKind = 1_002;

    private readonly Engine _engine;
    private readonly IJournal _journal;
    private readonly IVenueReader? _reader;
    private readonly TimeProvider _clock;
    private readonly VenueHostOptions _options;
    private readonly RequestQueue _queue;
    private readonly int _keptPerPriority;
    private readonly Publications _publications;
    private readonly FeedBuilder? _feed;
    private readonly EngineOutput _output = new();
    private readonly FeedBuffer _events = new();
    private readonly Doorbell _work = new();
    private readonly Doorbell _published = new();
    private readonly byte[] _payload = new byte[CommandCodec.MaxBytes];
    private readonly Thread _engineThread;
    private readonly Thread _publisherThread;
    private Command _tick = new() { Kind = CommandKind.Time };
    private Exception? _failure;
    private ulong _sequence;
    private long _timeMs;
    private int _untilCheck;
    private volatile bool _stopping;
    private volatile bool _engineIsDone;

    /// <param name="engine">Recovered up to the journal's last record.</param>
    /// <param name="journal">Open; the host is its one appender and waiter.</param>
    /// <param name="clock">Stamps inputs.</param>
    /// <param name="feed">Makes the feed for <paramref name="reader"/>; null: nobody reads.</param>
    /// <param name="reader">Reads behind the journal.</param>
    public VenueHost(
        Engine engine, IJournal journal, TimeProvider clock, FeedBuilder? feed = null, IVenueReader? reader = null,
        VenueHostOptions? options = null)
    {
        _engine = engine;
        _journal = journal;
        _clock = clock;
        _gathering = new Gathering(clock);
        _feed = feed;
        _reader = reader;
        _options = options ?? new VenueHostOptions();
        _queue = new RequestQueue(_options.QueueCapacity);
        _keptPerPriority = _options.KeptPerPriority < 0 ? _queue.Capacity / 8 : _options.KeptPerPriority;
        _publications = new Publications(_options.PublicationCapacity, _options.FeedCapacity);
        _sequence = journal.AppendedSequence;
        _timeMs = engine.TimeMs; // The journal's last time is no later: every record carries the engine's time or an earlier one.
        _untilCheck = _options.CheckEveryInputs;
        _engineThread = new Thread(RunEngine) { Name = "Engine", IsBackground = true };
        _publisherThread = new Thread(RunPublisher) { Name = "Publisher", IsBackground = true };
        _engineThread.Start();
        _publisherThread.Start();
    }

    /// <summary>Why the host stopped; null while it runs or after an orderly stop.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>What the venue takes at the moment.</summary>
    public VenueHealth Health => Failure is not null || _stopping ? VenueHealth.Stopped
        : _journal.Health switch
        {
            JournalHealth.Ok => VenueHealth.Ok,
            JournalHealth.NearlyFull => VenueHealth.CancelOnly,
            _ => VenueHealth.Stopped,
        };

    /// <summary>What the host's threads count.</summary>
    public VenueFigures Figures { get; } = new();

    /// <summary>Requests that wait for the engine.</summary>
    public int QueueDepth => _queue.Count;

    /// <summary>Asks for something; one of the request's callbacks answers, perhaps before this returns.</summary>
    public void Submit(VenueRequest request)
    {
        if (_stopping || Failure is not null)
        {
            request.OnStopped(Failure);
            return;
        }

        if (!_queue.TryEnqueue(request, Admission.PrioritiesBefore(in request.Command) * _keptPerPriority))
        {
            Figures.CountShed(request.Command.Kind);
            request.OnRefused(RejectReason.Overloaded);
            return;
        }

        _work.Ring();

        // The engine may have gone between the first look and the enqueue: nobody else would answer then.
        if (_engineIsDone)
            AbandonQueue();
    }

    /// <summary>Takes nothing more, carries out what has queued, waits until it is durable and told, and ends both threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        _work.Ring();
        _engineThread.Join();
        _publisherThread.Join();
        AbandonQueue();
    }

    /// <summary>Stops: takes nothing more, and whoever has no answer yet gets none but "unknown".</summary>
    internal void Fail(Exception cause)
    {
        Interlocked.CompareExchange(ref _failure, cause, null);
        _work.Ring();
        _published.Ring();
    }

    private void AbandonQueue()
    {
        lock (_work)
        {
            while (_queue.TryDequeue() is { } request)
                request.OnStopped(Failure);
        }
    }
}
