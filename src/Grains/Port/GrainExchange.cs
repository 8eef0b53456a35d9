using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Grains.Clients;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Silos;
using Exchange.Storage.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Port;

/// <summary>The port of the exchange over a cluster's grains, for the edge of this silo.</summary>
/// <remarks>
/// What concerns an account is asked of its grain, wherever that lives; what concerns a symbol is shown from what this silo was told.
/// Nothing here decides anything.
/// </remarks>
public sealed partial class GrainExchange : IExchange
{
    private readonly IGrainFactory _grains;
    private readonly ExchangeClients _clients;
    private readonly SiloBoard _board;
    private readonly SiloFigures _figures;
    private readonly MarketMirror _markets;
    private readonly IStreamStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly OperatorDesk _desk;
    private readonly GrainAsking _asking;
    private readonly GrainAsking _features;
    private readonly ILogger<GrainExchange> _log;
    private volatile bool _isUp;

    public GrainExchange(
        IGrainFactory grains, ExchangeClients clients, SiloBoard board, SiloFigures figures, MarketMirror markets, IStreamStore store,
        TimeProvider time, IHostApplicationLifetime life, ILogger<GrainExchange> log)
    {
        _grains = grains;
        _clients = clients;
        _board = board;
        _figures = figures;
        _markets = markets;
        _store = store;
        _time = time;
        _stopping = life.ApplicationStopping;
        _desk = new OperatorDesk(grains, time);
        _asking = new GrainAsking(time, TimeSpan.FromSeconds(8));
        _features = new GrainAsking(time, TimeSpan.FromSeconds(4));
        _log = log;
    }

    /// <summary>This silo has heard of all that is listed, and its database takes writes: without it nothing can be acknowledged.</summary>
    public bool IsReady => (_isUp || (_isUp = _markets.IsComplete)) && _store.Fault is null && !_stopping.IsCancellationRequested;

    /// <summary>A silo that may not go on ends; it does not stay.</summary>
    public VenueHealth Health => VenueHealth.Ok;

    public VenueFigures Figures => _figures.Venue;

    public int QueueDepth => _clients.Unanswered;

    /// <summary>0: what a silo remembered of requests it shares with the others, or it ended with it.</summary>
    public long RecoveredTimeMs => 0;

    public IReadOnlyList<Instrument> Instruments => _board.Instruments;

    public async ValueTask<AccountView?> GetAccount(uint account, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).GetAccount(), cancellation)).Value;

    public async ValueTask<OrderView[]> GetOpenOrders(uint account, int symbol, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).GetOpenOrders(symbol), cancellation)).Value;

    public async ValueTask<OrderView?> FindOrder(uint account, ulong orderId, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).FindOrder(orderId), cancellation)).Value;

    public async ValueTask<OrderView?> FindOrder(uint account, int symbol, string clientOrderId, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).FindOrderOf(clientOrderId, symbol), cancellation)).Value;

    public async ValueTask<Page<OrderView>> GetOrders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).GetOrders(symbol, before, limit), cancellation)).Value;

    public async ValueTask<Page<FillView>> GetFills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).GetFills(symbol, before, limit), cancellation)).Value;

    public async ValueTask<LedgerView> GetLedger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        (await _asking.Ask(() => Of(account).GetLedger(symbol, before, limit), cancellation)).Value;

    public async ValueTask<OwnSubscription> SubscribeAccount(
        uint account, OwnCursor? after, int most, IOwnSubscriber subscriber, CancellationToken cancellation)
    {
        IPositionGrain grain = Of(account);
        OwnNews news = await _asking.Ask(() => grain.Hear(after?.ToString(), most, waits: false), cancellation);
        if (news.Refusal != CursorRefusal.None)
            return new OwnSubscription(news.Refusal);
        var listener = new OwnListener(
            account, from => grain.Hear(from.ToString(), int.MaxValue, waits: true), subscriber, _time, _log, _stopping);
        _ = listener.Begin(news.Next);
        return new OwnSubscription(news.Begin, news.Events, listener.End);
    }

    private IPositionGrain Of(uint account) => _grains.GetGrain<IPositionGrain>(account);
}
