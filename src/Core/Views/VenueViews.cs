using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>What readers behind the journal are shown: orders, fills, trades, depth, tickers, as told by the feed.</summary>
/// <remarks>
/// One thread writes (<see cref="List"/>, <see cref="ApplyInput"/>, snapshots), any number read. An account's rows stand under one of
/// 256 locks, a symbol's market under its own; a reader holds one of them for the copy of one page, at most
/// <see cref="ViewLimits.RowsPerPage"/> rows. What an input did to an account, or to a depth, is seen as a whole: the writer keeps the
/// lock from one event to the next while they concern the same.
/// Derived: replaying the same inputs gives the same answers, and a snapshot restores them.
/// </remarks>
public sealed partial class VenueViews : MarketViews
{
    private const int StripeCount = 256;
    private readonly ViewLimits _limits;
    private readonly HistoryStore _histories;
    private readonly AccountViews[] _stripes = new AccountViews[StripeCount];
    private SymbolMarket[] _markets = [];
    private long _timeMs;
    private long _second;
    private ulong _sequence;

    /// <summary>The lock the writer holds; null: none.</summary>
    private Lock? _held;

    public VenueViews(ViewLimits limits)
        : base(limits)
    {
        _limits = limits;
        _histories = new HistoryStore(limits);
        for (int i = 0; i < StripeCount; i++)
            _stripes[i] = new AccountViews(_histories);
    }

    /// <summary>Journal sequence of the last input applied.</summary>
    public ulong Sequence => Volatile.Read(ref _sequence);

    /// <summary>Of the last input that did something, Unix ms.</summary>
    public long TimeMs => Volatile.Read(ref _timeMs);

    /// <summary>Told of the rows of accounts from now on; null: nobody.</summary>
    public IRowObserver? Observer
    {
        get => _histories.Observer;
        set => _histories.Observer = value;
    }

    public int SymbolCount => Volatile.Read(ref _markets).Length;

    /// <summary>Makes room for a symbol, or takes its changed settings; before the events of the input that lists it.</summary>
    public void List(Instrument instrument)
    {
        int symbol = instrument.SymbolId;
        if (symbol < _markets.Length)
        {
            Invariant.Holds(_markets[symbol].UnitE8 == instrument.UnitE8);
            return;
        }

        Invariant.Holds(symbol == _markets.Length);
        Volatile.Write(ref _markets, [.. _markets, new SymbolMarket(symbol, instrument.UnitE8, _limits)]);
    }

    /// <summary>Applies the events of one input.</summary>
    /// <param name="command">The input: an order's terms and client id are only there.</param>
    /// <param name="sequence">Its sequence in the journal, above the last one's.</param>
    /// <param name="events">All it did, in order; may be none.</param>
    public void ApplyInput(in Command command, ulong sequence, ReadOnlySpan<FeedEvent> events)
    {
        Invariant.Holds(sequence > _sequence);
        if (!events.IsEmpty)
            Advance(events[0].TimeMs);
        try
        {
            foreach (ref readonly FeedEvent e in events)
                Apply(in e, in command);
        }
        finally
        {
            Release();
        }

        DropBeyondLimits();
        Volatile.Write(ref _sequence, sequence);
    }

    private void Apply(in FeedEvent e, in Command command)
    {
        switch (e.Kind)
        {
            case FeedKind.Level or FeedKind.Trade or FeedKind.Mark or FeedKind.Funding or FeedKind.Liquidation or FeedKind.Instrument:
                Hold(e.Symbol).Apply(in e);
                break;
            case FeedKind.Balance: HoldAccount(e.Account).AddBalance(in e); break;
            case FeedKind.Position: _markets[e.Symbol].OpenInterestLots += HoldAccount(e.Account).SetPosition(in e); break;
            case FeedKind.OrderAccepted: AddOrder(in e, in command); break;
            case FeedKind.OrderUpdated: HoldAccount(e.Account).UpdateOrder(in e); break;
            case FeedKind.Fill: HoldAccount(e.Account).AddFill(in e, _markets[e.Symbol].UnitE8); break;
            case FeedKind.Insurance: FundE8 = e.Money; break;
            default: break; // Settings are read from the engine.
        }
    }

    private void AddOrder(in FeedEvent e, in Command command)
    {
        Invariant.Holds(command.Kind == CommandKind.Place);
        Invariant.Holds(command.Account == e.Account);
        HoldAccount(e.Account).AddOrder(in e, in command.Terms, in command.ClientId);
    }

    /// <summary>Takes all positions from an engine of the same input: snapshots hold them in its part, not in that of the views.</summary>
    public void TakePositions(Engine engine)
    {
        for (uint id = 1; id < engine.AccountsEnd; id++)
        {
            if (engine.Account(id) is not { } account)
                continue;
            for (int i = 0; i < account.SymbolCount; i++)
            {
                int symbol = account.SymbolAt(i);
                for (int leg = 0; leg < 2; leg++)
                {
                    PositionLeg held = account.PositionOf(symbol, leg);
                    _markets[symbol].OpenInterestLots += StripeOf(id).SetPosition(
                        new PositionSlot(id, symbol, leg), new HeldPosition(held.Lots, held.IsolatedE8), out _);
                }
            }
        }
    }

    /// <summary>The bounds over all accounts: whose row is oldest has nothing to do with whose the input was.</summary>
    private void DropBeyondLimits()
    {
        while (_histories.Orders.RetiredCount > _limits.EndedOrders)
        {
            uint account = _histories.Orders[_histories.Orders.Oldest].Account;
            lock (StripeOf(account).Gate)
                StripeOf(account).DropOrder(account);
        }

        while (_histories.Fills.RetiredCount > _limits.Fills)
        {
            uint account = _histories.Fills[_histories.Fills.Oldest].Account;
            lock (StripeOf(account).Gate)
                StripeOf(account).DropFill(account);
        }

        while (_histories.Movements.RetiredCount > _limits.Movements)
        {
            StoredMovement oldest = _histories.Movements[_histories.Movements.Oldest];
            lock (StripeOf(oldest.Account).Gate)
                StripeOf(oldest.Account).DropMovement(oldest.Account);
            _histories.LedgerBeginsMs = Math.Max(_histories.LedgerBeginsMs, oldest.TimeMs);
        }
    }

    /// <summary>Time moves all symbols on once a second: that is the shortest candle, and windows end with the present minute.</summary>
    private void Advance(long timeMs)
    {
        Volatile.Write(ref _timeMs, timeMs);
        long second = timeMs / 1_000;
        if (second == _second)
            return;
        _second = second;
        foreach (SymbolMarket market in _markets)
        {
            lock (market.Gate)
                market.Advance(timeMs);
        }
    }

    private SymbolMarket Hold(int symbol)
    {
        SymbolMarket market = _markets[symbol];
        Hold(market.Gate);
        return market;
    }

    private AccountViews HoldAccount(uint account)
    {
        AccountViews stripe = StripeOf(account);
        Hold(stripe.Gate);
        return stripe;
    }

    private void Hold(Lock gate)
    {
        if (gate == _held)
            return;
        _held?.Exit();
        _held = null;
        gate.Enter();
        _held = gate;
    }

    private void Release()
    {
        _held?.Exit();
        _held = null;
    }

    private AccountViews StripeOf(uint account) => _stripes[account % StripeCount];
}
