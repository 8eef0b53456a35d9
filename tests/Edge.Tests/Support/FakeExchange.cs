using Exchange.Core;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Features;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Edge.Tests.Support;

/// <summary>A port that remembers what it was asked and accepts everything, unless told otherwise.</summary>
internal sealed class FakeExchange : IExchange
{
    private readonly Lock _lock = new();
    private readonly List<Command> _commands = [];
    private readonly List<Instrument> _listed = [];
    private readonly List<OrderView> _orders = [];
    private readonly OwnFeed _own;
    private readonly FeatureCache _features = new(FeatureLimits.OfVenue);
    private IFeedSubscriber? _subscriber;
    private static long _made;
    private ulong _lastOrderId;

    public FakeExchange()
    {
        Instruments = [TestInstruments.Btc(0), TestInstruments.Alt(1)];
        var log = new OwnEventLog(most: 1_024);
        log.Begin((ulong)Interlocked.Increment(ref _made));
        _own = new OwnFeed(log, Find);
    }

    public bool IsReady { get; set; } = true;

    public VenueHealth Health { get; set; }

    public long RecoveredTimeMs { get; set; }

    public VenueFigures Figures { get; } = new();

    public int QueueDepth { get; set; }

    public IReadOnlyList<Instrument> Instruments { get; set; }

    /// <summary>What a command is answered with, instead of being accepted.</summary>
    public Func<Command, CommandReply?>? Answering { get; set; }

    /// <summary>When a command is answered; null: at once.</summary>
    public Func<Command, TaskCompletionSource<CommandReply>?>? Delaying { get; set; }

    /// <summary>What a submit throws.</summary>
    public Exception? Failing { get; set; }

    /// <summary>Never answers.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    public AccountView? Account { get; set; }

    public List<FillView> Fills { get; } = [];

    public List<TradeView> Trades { get; } = [];

    /// <summary>By time; <see cref="Ticker"/> tells as of when.</summary>
    public List<Candle> Candles { get; } = [];

    /// <summary>Of mark and index.</summary>
    public List<Candle> PriceCandles { get; } = [];

    /// <summary>Newest first.</summary>
    public List<FundingView> Fundings { get; } = [];

    /// <summary>Newest first.</summary>
    public List<MovementView> Movements { get; } = [];

    public long LedgerBeginsMs { get; set; }

    public StatsView Stats { get; set; } = new(0, 0, 0, []);

    public DepthView Depth { get; set; } = new(0, 0, 0, [], []);

    public TradingState State { get; set; }

    public TickerView Ticker { get; set; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The venue's time, as far as features are concerned.</summary>
    public long FeatureTimeMs { get; set; }

    /// <summary>All commands and listings that reached the port.</summary>
    public int SubmittedCount
    {
        get
        {
            lock (_lock)
                return _commands.Count + _listed.Count;
        }
    }

    public Command LastCommand
    {
        get
        {
            lock (_lock)
                return _commands[^1];
        }
    }

    public Instrument LastListed => _listed[^1];

    public IReadOnlyList<Command> Commands
    {
        get
        {
            lock (_lock)
                return [.. _commands];
        }
    }

    public ValueTask<CommandReply> Submit(in Command command, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _commands.Add(command);
            if (Failing is not null)
                return ValueTask.FromException<CommandReply>(Failing);
            if (Held is not null)
                return new ValueTask<CommandReply>(AnswerWhenReleased(Held.Task, Answering?.Invoke(command) ?? Accept(command)));
            if (IsStuck)
                return new ValueTask<CommandReply>(new TaskCompletionSource<CommandReply>().Task);
            if (Delaying?.Invoke(command) is { } later)
                return new ValueTask<CommandReply>(later.Task);
            return new ValueTask<CommandReply>(Answering?.Invoke(command) ?? Accept(command));
        }
    }

    public ValueTask<CommandReply> List(Instrument instrument, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _listed.Add(instrument);
            Instruments = [.. Instruments, instrument];
            return new ValueTask<CommandReply>(new CommandReply());
        }
    }

    public ValueTask<CommandReply> Change(Instrument instrument, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _listed.Add(instrument);
            Instruments = [.. Instruments.Select(old => old.SymbolId == instrument.SymbolId ? instrument : old)];
            return new ValueTask<CommandReply>(new CommandReply());
        }
    }

    public ValueTask<AccountView?> GetAccount(uint account, CancellationToken cancellation) => new(Account);

    public ValueTask<OrderView[]> GetOpenOrders(uint account, int symbol, CancellationToken cancellation)
    {
        lock (_lock)
            return new([.. _orders.Where(order => IsOf(order, account, symbol) && order.Status <= OrderStatus.PartiallyFilled)]);
    }

    public ValueTask<OrderView?> FindOrder(uint account, ulong orderId, CancellationToken cancellation) => new(Find(account, orderId));

    public ValueTask<OrderView?> FindOrder(uint account, int symbol, string clientOrderId, CancellationToken cancellation)
    {
        lock (_lock)
            return new(_orders.FindLast(order => IsOf(order, account, symbol) && order.ClientOrderId == clientOrderId));
    }

    public ValueTask<Page<OrderView>> GetOrders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            OrderView[] rows = [.. _orders.Where(order => IsOf(order, account, symbol) && (before == 0 || order.OrderId < before)).Reverse().Take(limit + 1)];
            return new(rows.Length > limit ? new Page<OrderView>(rows[..limit], rows[limit - 1].OrderId) : new(rows, 0));
        }
    }

    public ValueTask<Page<FillView>> GetFills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) =>
        new(new Page<FillView>([.. Fills.Where(fill => fill.Account == account && (symbol < 0 || fill.Symbol == symbol))], 0));

    /// <summary>How many were asked for.</summary>
    public int OwnSubscriptions
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>Answers late, when this is set; as a cluster does.</summary>
    public TaskCompletionSource? HeldSubscription { get; set; }

    public ValueTask<OwnSubscription> SubscribeAccount(
        uint account, OwnCursor? after, int most, IOwnSubscriber subscriber, CancellationToken cancellation)
    {
        OwnSubscription subscription = _own.Subscribe(account, after, most, subscriber);
        OwnSubscriptions++;
        return HeldSubscription is { } held ? new(Late(held.Task, subscription)) : new(subscription);
    }

    private static async Task<OwnSubscription> Late(Task held, OwnSubscription subscription)
    {
        await held;
        return subscription;
    }

    private OrderView? Find(uint account, ulong orderId)
    {
        lock (_lock)
            return _orders.Find(order => order.Account == account && order.OrderId == orderId);
    }

    public Page<TradeView> GetTrades(int symbol, ulong before, int limit)
    {
        TradeView[] rows = [.. Trades.Where(trade => before == 0 || trade.TradeId < before).Take(limit + 1)];
        return rows.Length > limit ? new(rows[..limit], rows[limit - 1].TradeId) : new(rows, 0);
    }

    public DepthView GetDepth(int symbol, int levels) => Depth with
    {
        Symbol = symbol,
        Bids = [.. Depth.Bids.Take(levels)],
        Asks = [.. Depth.Asks.Take(levels)],
    };

    public DepthView GetWholeDepth(int symbol) => GetDepth(symbol, int.MaxValue);

    public TickerView GetTicker(int symbol) => Ticker with { Symbol = symbol };

    public CandlesView GetCandles(int symbol, CandleInterval interval, long fromMs, long toMs, int limit, CandlePrice of) =>
        new([.. (of == CandlePrice.Trade ? Candles : PriceCandles).Where(candle => candle.OpenTimeMs >= fromMs && candle.OpenTimeMs <= toMs).Take(limit)], Ticker.TimeMs);

    public Page<FundingView> GetFunding(int symbol, ulong before, int limit)
    {
        FundingView[] rows = [.. Fundings.Where(round => before == 0 || (ulong)round.SettlementMs < before).Take(limit + 1)];
        return rows.Length > limit ? new(rows[..limit], (ulong)rows[limit - 1].SettlementMs) : new(rows, 0);
    }

    public ValueTask<LedgerView> GetLedger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation)
    {
        MovementView[] rows =
        [
            .. Movements.Where(row => row.Account == account && (symbol < 0 || row.Symbol == symbol) && (before == 0 || row.Number < before)).Take(limit + 1),
        ];
        return new(rows.Length > limit
            ? new LedgerView(rows[..limit], rows[limit - 1].Number, LedgerBeginsMs)
            : new(rows, 0, LedgerBeginsMs));
    }

    public StatsView GetStats(int symbol, int liquidations) => Stats with { Symbol = symbol, Liquidations = [.. Stats.Liquidations.Take(liquidations)] };

    public TradingState GetState(int symbol) => State;

    public ValueTask<FeaturePut> PutFeature(Feature feature, CancellationToken cancellation) => AskFeatures(cache => cache.Put(feature, FeatureTimeMs));

    public ValueTask<FeaturePage> GetFeatures(string entity, string prefix, string? after, int limit, long asOfMs, CancellationToken cancellation) =>
        AskFeatures(cache => cache.List(entity, prefix, after, limit, FeatureTimeMs, asOfMs));

    public ValueTask<FeatureCells> JoinFeatures(string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs, CancellationToken cancellation) =>
        AskFeatures(cache => new FeatureCells(cache.Join(entity, names, asOfMs, FeatureTimeMs)));

    public ValueTask<int> RemoveFeatures(string entity, string prefix, CancellationToken cancellation) =>
        AskFeatures(cache => cache.Remove(entity, prefix, FeatureTimeMs));

    private ValueTask<T> AskFeatures<T>(Func<FeatureCache, T> ask)
    {
        lock (_lock)
            return Failing is null ? new(ask(_features)) : ValueTask.FromException<T>(Failing);
    }

    public IDisposable Subscribe(IFeedSubscriber subscriber)
    {
        _subscriber = subscriber;
        return new Unsubscription();
    }

    /// <summary>Tells the subscriber events, as the venue's feed would.</summary>
    public void Emit(params ReadOnlySpan<FeedEvent> events)
    {
        _own.Tell(events);
        _subscriber!.OnEvents(events);
    }

    /// <summary>Puts an order where it can be found.</summary>
    public void Add(OrderView order)
    {
        lock (_lock)
            _orders.Add(order);
    }

    private static async Task<CommandReply> AnswerWhenReleased(Task released, CommandReply reply)
    {
        await released;
        return reply;
    }

    private CommandReply Accept(in Command command)
    {
        var reply = new CommandReply { Sequence = (ulong)_commands.Count, TimeMs = ManualTime.StartMs };
        switch (command.Kind)
        {
            case CommandKind.Place:
                reply.Order = TestOrders.From(command, ++_lastOrderId);
                _orders.Add(reply.Order);
                break;
            case CommandKind.Amend or CommandKind.Cancel:
                reply.Order = Change(command);
                if (reply.Order is null)
                    reply.Reason = RejectReason.UnknownOrder;
                break;
            case CommandKind.CancelAll:
                uint account = command.Account;
                int symbol = command.Symbol;
                reply.CanceledCount = _orders.RemoveAll(order => IsOf(order, account, symbol));
                break;
            default:
                break;
        }

        return reply;
    }

    private OrderView? Change(Command command)
    {
        int at = _orders.FindIndex(order => IsOf(order, command.Account, command.Symbol)
            && (command.OrderId != 0 ? order.OrderId == command.OrderId : ClientKeyOf(order) == command.Key));
        if (at < 0)
            return null;
        OrderView order = _orders[at];
        return _orders[at] = command.Kind == CommandKind.Cancel
            ? order with { Status = OrderStatus.Canceled, Reason = EndReason.User }
            : order with
            {
                PriceTicks = (command.Fields & OrderFields.Price) != 0 ? command.PriceTicks : order.PriceTicks,
                TotalLots = (command.Fields & OrderFields.Lots) != 0 ? command.Lots : order.TotalLots,
            };
    }

    private static ClientKey ClientKeyOf(OrderView order) => ClientKey.From(System.Text.Encoding.ASCII.GetBytes(order.ClientOrderId));

    private static bool IsOf(OrderView order, uint account, int symbol) => order.Account == account && (symbol < 0 || order.Symbol == symbol);

    private sealed class Unsubscription : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
