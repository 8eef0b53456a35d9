#pragma warning disable RS0030 // The port is where callers wait; the machines behind it never do.
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Orders;

namespace Exchange.Core.Port;

/// <summary>The port of the exchange: what an edge may ask of any host. No rule lives on the caller's side.</summary>
public interface IExchange : IMarketViews
{
    /// <summary>True once recovery is done and commands are taken.</summary>
    bool IsReady { get; }

    /// <summary>What the venue takes at the moment: everything, cancels only, or nothing.</summary>
    VenueHealth Health { get; }

    /// <summary>What the venue counts of itself.</summary>
    VenueFigures Figures { get; }

    /// <summary>Requests that wait for the engine.</summary>
    int QueueDepth { get; }

    /// <summary>The venue's time when it came up: that of the last input before, Unix milliseconds; 0: there was none.</summary>
    long RecoveredTimeMs { get; }

    /// <summary>All listed instruments, by symbol id; replaced as a whole when one is listed or changed.</summary>
    IReadOnlyList<Instrument> Instruments { get; }

    /// <summary>Carries out one command; completes once its outcome is durable.</summary>
    /// <exception cref="VenueStoppedException">The venue stopped; whether the command was carried out is unknown.</exception>
    ValueTask<CommandReply> Submit(in Command command, CancellationToken cancellation);

    /// <summary>Lists an instrument; its id must be the next one. See <see cref="RejectReason.SymbolExists"/>.</summary>
    ValueTask<CommandReply> List(Instrument instrument, CancellationToken cancellation);

    /// <summary>Changes an instrument that has no open orders; name and units must be as they are.</summary>
    ValueTask<CommandReply> Change(Instrument instrument, CancellationToken cancellation);

    /// <summary>An account as of a durable sequence; null: unknown.</summary>
    ValueTask<AccountView?> GetAccount(uint account, CancellationToken cancellation);

    /// <summary>Open orders of an account by id; <paramref name="symbol"/> -1: all symbols.</summary>
    ValueTask<OrderView[]> GetOpenOrders(uint account, int symbol, CancellationToken cancellation);

    // Of accounts, behind the journal: what readers were told so far. A host that has it at hand answers at once, and what it has to ask a
    // database for may be a HistoryUnavailableException.

    /// <summary>An order of the account, final ones too; null: unknown, another account's, or older than what is kept.</summary>
    ValueTask<OrderView?> FindOrder(uint account, ulong orderId, CancellationToken cancellation);

    /// <summary>The account's newest order with this client id on the symbol (-1: on any); null as above.</summary>
    ValueTask<OrderView?> FindOrder(uint account, int symbol, string clientOrderId, CancellationToken cancellation);

    /// <summary>Orders of an account, newest first, below the cursor <paramref name="before"/> (0: from the newest).</summary>
    ValueTask<Page<OrderView>> GetOrders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation);

    /// <summary>Fills of an account, newest first, below the cursor <paramref name="before"/> (0: from the newest).</summary>
    ValueTask<Page<FillView>> GetFills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation);

    /// <summary>Movements of an account's money, newest first, with numbers below <paramref name="before"/> (0: from the newest).</summary>
    ValueTask<LedgerView> GetLedger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation);

    /// <summary>Tells what happens to an account from now on, and what happened since a cursor that any edge of the exchange was told.</summary>
    /// <param name="after">Null: nothing of before.</param>
    /// <param name="most">Events of before that may be told; if there are more, <see cref="CursorRefusal.TooOld"/>.</param>
    /// <param name="subscriber">May be called before this completes, with what follows what was missed.</param>
    ValueTask<OwnSubscription> SubscribeAccount(
        uint account, OwnCursor? after, int most, IOwnSubscriber subscriber, CancellationToken cancellation);

    // Of symbols, behind the journal. Never waits.

    /// <summary>Public trades, newest first, with ids below <paramref name="before"/> (0: from the newest).</summary>
    Page<TradeView> GetTrades(int symbol, ulong before, int limit);

    /// <summary>Funding rounds, newest first, settled before <paramref name="before"/> in ms (0: from the newest).</summary>
    Page<FundingView> GetFunding(int symbol, ulong before, int limit);

    /// <summary>Open interest, insurance fund and the last closes of liquidations, at most <paramref name="liquidations"/>.</summary>
    StatsView GetStats(int symbol, int liquidations);

    /// <summary>All levels, however many: for who goes on from its number with the feed.</summary>
    DepthView GetWholeDepth(int symbol);

    // The same further back than what is at hand, where the host keeps it: may wait for a database. Pages and cursors are the same.

    /// <exception cref="HistoryUnavailableException">What is asked for is not at hand and cannot be had now.</exception>
    ValueTask<Page<TradeView>> ListTrades(int symbol, ulong before, int limit, CancellationToken cancellation) => new(GetTrades(symbol, before, limit));

    /// <exception cref="HistoryUnavailableException">As above.</exception>
    ValueTask<Page<FundingView>> ListFunding(int symbol, ulong before, int limit, CancellationToken cancellation) => new(GetFunding(symbol, before, limit));

    /// <exception cref="HistoryUnavailableException">As above.</exception>
    ValueTask<CandlesView> ListCandles(
        int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of, CancellationToken cancellation) =>
        new(GetCandles(symbol, interval, fromMs, toMs, limit, of));

    /// <summary>What a symbol takes at the moment.</summary>
    TradingState GetState(int symbol);

    // Features of symbols and other entities: derived, never on an order's way.

    /// <summary>Puts what became known of an entity; lost at worst with the process that took it, and to be put again then.</summary>
    /// <exception cref="FeaturesUnavailableException">Not answered: whether it was taken is unknown; to put it again does no harm.</exception>
    ValueTask<FeaturePut> PutFeature(Feature feature, CancellationToken cancellation);

    /// <summary>What is known of an entity, by name; see <see cref="FeatureCache.List"/>.</summary>
    /// <exception cref="FeaturesUnavailableException">It cannot be told now.</exception>
    ValueTask<FeaturePage> GetFeatures(string entity, string prefix, string? after, int limit, long asOfMs, CancellationToken cancellation);

    /// <summary>Features as of times; see <see cref="FeatureCache.Join"/>.</summary>
    /// <exception cref="FeaturesUnavailableException">They cannot be told now.</exception>
    ValueTask<FeatureCells> JoinFeatures(string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs, CancellationToken cancellation);

    /// <summary>Forgets features of an entity; see <see cref="FeatureCache.Remove"/>.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="FeaturesUnavailableException">Not answered: whether they are gone is unknown.</exception>
    ValueTask<int> RemoveFeatures(string entity, string prefix, CancellationToken cancellation);

    /// <summary>Calls <paramref name="subscriber"/> with every batch of durable events of all symbols from now on, on the feed's thread; it must not wait.</summary>
    /// <remarks>
    /// What is read behind the journal shows a batch's events by the time the subscriber is called with it. Events of accounts may
    /// stand among them; only <see cref="SubscribeAccount"/> tells them all, in order and with their cursors.
    /// </remarks>
    IDisposable Subscribe(IFeedSubscriber subscriber);
}

/// <summary>Reads the feed behind the journal.</summary>
public interface IFeedSubscriber
{
    /// <summary>The next events, in order; the span is valid only during the call.</summary>
    void OnEvents(ReadOnlySpan<FeedEvent> events);
}

/// <summary>What the venue takes at the moment.</summary>
public enum VenueHealth
{
    Ok = 0,

    /// <summary>The disk is nearly full: cancels only.</summary>
    CancelOnly = 1,

    /// <summary>A write failed or a machine found itself broken: nothing is taken or acknowledged any more.</summary>
    Stopped = 2,
}

/// <summary>The venue stopped before the outcome was durable: the outcome is unknown; repeat with the same client order id.</summary>
public sealed class VenueStoppedException : Exception
{
    public VenueStoppedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
