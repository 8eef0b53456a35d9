using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Exchange.Core;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Embedded.History;
using Exchange.Storage.Files;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded;

/// <summary>A whole venue in this process: the port of the exchange over the embedded host, with one folder to live in.</summary>
public sealed class EmbeddedExchange : IExchange, IVenueReader, IDisposable
{
    private readonly EmbeddedOptions _options;
    private readonly FileJournal _journal;
    private readonly Engine _engine;
    private readonly VenueViews _views;
    private readonly OwnEventLog _log;
    private readonly OwnFeed _own;
    private readonly ReplyBuilder _replies;
    private readonly AnswerQueue _answers = new();
    private readonly VenueHost _host;
    private readonly VenueFeatures _features;
    private readonly HistoryPages? _pages;
    private IFeedSubscriber[] _subscribers = [];
    private volatile IReadOnlyList<Instrument> _instruments;
    private bool _isDisposed;

    private EmbeddedExchange(EmbeddedOptions options, FileJournal journal, VenueRecovery recovered, TimeProvider clock)
    {
        _options = options;
        _journal = journal;
        PreviousVersion = recovered.WriterVersion;
        _engine = recovered.Engine;
        RecoveredTimeMs = _engine.TimeMs;
        _views = recovered.Views!;
        _log = recovered.Own!;
        _own = new OwnFeed(_log, _views.FindOrder);
        _replies = new ReplyBuilder(_views);
        _instruments = [.. Enumerable.Range(0, _engine.Market.Count).Select(symbol => _engine.Market[symbol].Instrument)];
        _host = new VenueHost(_engine, journal, clock, recovered.Feed, this, options.Host);
        _features = new VenueFeatures(clock);
        _features.Load(options.Directory);
        if (options.Replica is not null)
            Replica = new VenueReplica(options.Directory, journal, options.Replica, options.Views, options.Version, OnReplicaFailed);
        if (options.History is not null)
        {
            HistoryReader = new HistoryReader(options.History.Database, clock);
            _pages = new HistoryPages(_views, HistoryReader, options.Views);
            History = new HistoryWriter(options.Directory, journal, options.History, options.Version, clock);
        }
        else
        {
            SnapshotHold.Remove(options.Directory);
        }
    }

    /// <summary>Opens a folder, or starts a new venue in an empty one: newest snapshot, then the journal behind it.</summary>
    /// <exception cref="IOException">In use, damaged, written by a newer version, or the disk failed; the message names file and place.</exception>
    /// <exception cref="InvariantException">The journal does not lead to the state it says: another engine wrote it.</exception>
    public static EmbeddedExchange Open(EmbeddedOptions options, TimeProvider clock, Action<SnapshotDamagedException>? passedOver = null)
    {
        if (options.IsOwnOnly || options.IsExistingOnly)
            RequireVenue(options.Directory);
        using VenueRecovery recovery = VenueRecovery.Begin(options.Directory, options.Views, options.Version, passedOver);
        FileJournal journal = FileJournal.Open(options.Journal, recovery.Sequence, recovery.Apply);
        try
        {
            bool isOther = !string.Equals(recovery.WriterVersion, options.Version, StringComparison.Ordinal);
            if (isOther && options.IsOwnOnly)
                throw new VenueVersionException(recovery.WriterVersion, options.Version, recovery.Sequence);
            if (isOther)
                Note(VenueHost.OpenedKind, Encoding.UTF8.GetBytes(options.Version), journal, recovery.Engine);
            byte[] count = RandomNumberGenerator.GetBytes(sizeof(ulong));
            Note(VenueHost.StartedKind, count, journal, recovery.Engine);
            recovery.Own!.Begin(BinaryPrimitives.ReadUInt64LittleEndian(count));
            return new EmbeddedExchange(options, journal, recovery, clock);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <exception cref="FileNotFoundException">There is no journal in the folder.</exception>
    internal static void RequireVenue(string directory)
    {
        if (!FileJournal.IsIn(directory))
            throw new FileNotFoundException($"{directory} is no venue's folder: it holds no journal.");
    }

    private static void Note(ushort kind, byte[] payload, FileJournal journal, Engine engine)
    {
        bool isTaken = journal.TryAppend(journal.AppendedSequence + 1, engine.TimeMs, kind, payload);
        if (!isTaken || !journal.WaitDurable(journal.AppendedSequence))
            throw new VenueStoppedException("The journal could not be written.", journal.Failure);
    }

    /// <summary>Build that had opened the folder last before this one; empty: it is a new venue.</summary>
    public string PreviousVersion { get; }

    /// <summary>What was found at the start.</summary>
    public JournalRecovery Recovery => _journal.Recovery;

    public long RecoveredTimeMs { get; }

    /// <summary>Why the venue stopped; null while it runs.</summary>
    public Exception? Failure => _host.Failure ?? _journal.Failure;

    public VenueFigures Figures => _host.Figures;

    /// <summary>The venue once more, behind the journal; null: switched off.</summary>
    public VenueReplica? Replica { get; }

    /// <summary>Writes history into a database; null: none is configured.</summary>
    public HistoryWriter? History { get; }

    /// <summary>Asks that database; null as above.</summary>
    public HistoryReader? HistoryReader { get; }

    public int QueueDepth => _host.QueueDepth;

    public bool IsReady => Health != VenueHealth.Stopped;

    public VenueHealth Health => _host.Health;

    public IReadOnlyList<Instrument> Instruments => _instruments;

    public ValueTask<CommandReply> Submit(in Command command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var request = new CommandRequest(_replies, Figures, _answers) { Command = command };
        _host.Submit(request);
        return request.Task;
    }

    public ValueTask<CommandReply> List(Instrument instrument, CancellationToken cancellation) =>
        Submit(CommandKind.ListInstrument, instrument, cancellation);

    public ValueTask<CommandReply> Change(Instrument instrument, CancellationToken cancellation) =>
        Submit(CommandKind.ChangeInstrument, instrument, cancellation);

    private ValueTask<CommandReply> Submit(CommandKind kind, Instrument instrument, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var request = new CommandRequest(_replies, Figures, _answers) { Command = new Command { Kind = kind }, Listing = instrument };
        _host.Submit(request);
        return request.Task;
    }

    public ValueTask<AccountView?> GetAccount(uint account, CancellationToken cancellation) =>
        Ask(engine => AccountReader.Read(engine, account), cancellation);

    /// <summary>Asks the engine itself, between two inputs; answered once what it saw is durable.</summary>
    public ValueTask<T> Ask<T>(Func<Engine, T> ask, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var question = new Question<T>(ask, _answers);
        _host.Submit(question);
        return question.Task;
    }

    public ValueTask<OrderView[]> GetOpenOrders(uint account, int symbol, CancellationToken cancellation) =>
        ValueTask.FromResult(_views.GetOpenOrders(account, symbol));

    public ValueTask<OrderView?> FindOrder(uint account, ulong orderId, CancellationToken cancellation) =>
        _pages?.Find(account, orderId, cancellation) ?? new(_views.FindOrder(account, orderId));

    public ValueTask<OrderView?> FindOrder(uint account, int symbol, string clientOrderId, CancellationToken cancellation) =>
        _pages?.Find(account, symbol, clientOrderId, cancellation) ?? new(_views.FindOrder(account, symbol, clientOrderId));

    public ValueTask<Page<OrderView>> GetOrders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        _pages?.Orders(account, symbol, before, limit, cancellation) ?? new(_views.GetOrders(account, symbol, before, limit));

    public ValueTask<Page<FillView>> GetFills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        _pages?.Fills(account, symbol, before, limit, cancellation) ?? new(_views.GetFills(account, symbol, before, limit));

    public ValueTask<LedgerView> GetLedger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        _pages?.Ledger(account, symbol, before, limit, cancellation) ?? new(_views.GetLedger(account, symbol, before, limit));

    public ValueTask<OwnSubscription> SubscribeAccount(
        uint account, OwnCursor? after, int most, IOwnSubscriber subscriber, CancellationToken cancellation) =>
        new(_own.Subscribe(account, after, most, subscriber));

    public Page<TradeView> GetTrades(int symbol, ulong before, int limit) => _views.GetTrades(symbol, before, limit);

    public Page<FundingView> GetFunding(int symbol, ulong before, int limit) => _views.GetFunding(symbol, before, limit);

    public StatsView GetStats(int symbol, int liquidations) => _views.GetStats(symbol, liquidations);

    public DepthView GetDepth(int symbol, int levels) => _views.GetDepth(symbol, levels);

    public DepthView GetWholeDepth(int symbol) => _views.GetWholeDepth(symbol);

    public TickerView GetTicker(int symbol) => _views.GetTicker(symbol);

    public CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of) =>
        _views.GetCandles(symbol, interval, fromMs, toMs, limit, of);

    public ValueTask<Page<TradeView>> ListTrades(int symbol, ulong before, int limit, CancellationToken cancellation) =>
        _pages?.Trades(symbol, before, limit, cancellation) ?? new(GetTrades(symbol, before, limit));

    public ValueTask<Page<FundingView>> ListFunding(int symbol, ulong before, int limit, CancellationToken cancellation) =>
        _pages?.Funding(symbol, before, limit, cancellation) ?? new(GetFunding(symbol, before, limit));

    public ValueTask<CandlesView> ListCandles(
        int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of, CancellationToken cancellation) =>
        _pages?.Candles(symbol, interval, fromMs, toMs, limit, of, cancellation) ?? new(GetCandles(symbol, interval, fromMs, toMs, limit, of));

    public TradingState GetState(int symbol) => _views.GetState(symbol);

    public ValueTask<FeaturePut> PutFeature(Feature feature, CancellationToken cancellation) => new(_features.Put(feature));

    public ValueTask<FeaturePage> GetFeatures(string entity, string prefix, string? after, int limit, long asOfMs, CancellationToken cancellation) =>
        new(_features.List(entity, prefix, after, limit, asOfMs));

    public ValueTask<FeatureCells> JoinFeatures(string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs, CancellationToken cancellation) =>
        new(_features.Join(entity, names, asOfMs));

    public ValueTask<int> RemoveFeatures(string entity, string prefix, CancellationToken cancellation) => new(_features.Remove(entity, prefix));

    public IDisposable Subscribe(IFeedSubscriber subscriber)
    {
        lock (_options)
            _subscribers = [.. _subscribers, subscriber];
        return new Subscription(this, subscriber);
    }

    void IVenueReader.OnInput(in Command command, Instrument? listing, ulong sequence, ReadOnlySpan<FeedEvent> events)
    {
        if (listing is not null && IsListed(listing, events))
        {
            _views.List(listing);
            _instruments = [.. _instruments.Take(listing.SymbolId), listing, .. _instruments.Skip(listing.SymbolId + 1)];
        }

        _views.ApplyInput(in command, sequence, events);
        _own.Tell(events);
        CountTrades(events);
        foreach (IFeedSubscriber subscriber in Volatile.Read(ref _subscribers))
            subscriber.OnEvents(events);
    }

    private void CountTrades(ReadOnlySpan<FeedEvent> events)
    {
        int trades = 0;
        foreach (ref readonly FeedEvent e in events)
            trades += e.Kind == FeedKind.Trade ? 1 : 0;
        if (trades != 0)
            Figures.CountTrades(trades);
    }

    /// <summary>A refused listing can have events too: those of a timer that was due.</summary>
    private static bool IsListed(Instrument listing, ReadOnlySpan<FeedEvent> events)
    {
        foreach (ref readonly FeedEvent e in events)
        {
            if (e.Kind == FeedKind.Instrument && e.Symbol == listing.SymbolId)
                return true;
        }

        return false;
    }

    private void OnReplicaFailed(Exception cause) =>
        _host.Fail(new VenueStoppedException("The replica, which carries out the journal again, does not follow.", cause));

    /// <summary>Carries out what was taken, makes it durable, leaves a snapshot, gives the folder back.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _host.Dispose();
        History?.Dispose();
        HistoryReader?.Dispose();
        Replica?.Dispose();
        if (Failure is null && Replica?.AgreesWith(_engine) == false)
            _host.Fail(new VenueStoppedException("The engine is not in the state that the journal leads to: no snapshot is left of it."));
        _journal.Dispose();
        ulong sequence = _journal.AppendedSequence;
        if (_journal.Failure is null && IsEngineRight && _options.SnapshotOnStop && sequence > 0)
            VenueRecovery.Save(_options.Directory, _engine, _views, _log, sequence, _options.Version);

        if (_journal.Failure is null && _options.SnapshotOnStop)
            _features.Save(_options.Directory);
    }

    /// <summary>A journal that cannot be read back says nothing against the engine; a snapshot of it is then all that is left of the venue.</summary>
    private bool IsEngineRight => _host.Failure is null || _host.Failure.InnerException is JournalException;

    private sealed class Subscription(EmbeddedExchange exchange, IFeedSubscriber subscriber) : IDisposable
    {
        public void Dispose()
        {
            lock (exchange._options)
                exchange._subscribers = [.. exchange._subscribers.Where(other => other != subscriber)];
        }
    }
}
