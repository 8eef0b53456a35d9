using System.Diagnostics;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>The order book as its rules read: one list of orders, searched from end to end. Slow, and obviously right.</summary>
/// <remarks>
/// Written from the rules (docs/rules/matching.md, liquidation.md, docs/protocol.md), never from <see cref="OrderBook"/>.
/// Where the rules leave a choice, both books follow this list:
/// <list type="bullet">
/// <item>Due timers fire before any input acts, a repeated or refused one too.</item>
/// <item>Events of an order carry its price, its total and what is left; Canceled and Expired what was left, and 0.
/// MarkTicks is the mark of the moment, except on Accepted and Amended (the worst price).</item>
/// <item>Place: state (and a missing mark), then OUTBOX_FULL, then checks 13, 14, 16. The batch number is used up.</item>
/// <item>Amend: UNKNOWN_ORDER, NOT_AMENDABLE, NO_CHANGE; then, to no more than is filled: a cancel; then the state.
/// A triggered STOP_LIMIT or TAKE_PROFIT keeps its type, so it is not amendable.</item>
/// <item>Amend of a reducing order: Amended with the total asked for, which decides whether it keeps its place; then Trimmed.
/// Reserve or worst price 0: the old one stays.</item>
/// <item>A triggered order: Triggered, then Trimmed, then the checks' Expired. A close-position order's Triggered carries the
/// whole position, no Trimmed. The state of the symbol does not hold back triggers.</item>
/// <item>The price at which a trailing stop is placed may activate it: mark or last, for LAST without a trade the mark.</item>
/// <item>A numbered mark that is not newer than the book's is ignored; number 0 always counts.</item>
/// <item>A fill: funding owed by taker, then maker; both Fill events; trims; a clearance fee or shortfall.</item>
/// <item>A close meets its own account's orders: EXPIRED(STP), also in the part that the fund pays, before the fund is asked.</item>
/// <item>A funding slice works through so many accounts; those that settled before, by trading, count too.</item>
/// <item>Funding's Lots are signed, its PriceTicks the round's mark. Liquidation and
/// Insurance events have no Liquidation flag; Insurance's LeavesLots is what is left to close.</item>
/// <item>The leg of Adl and Funding events is the position side of the order that last changed the position.</item>
/// <item>Accounts at the outbox limit lose their orders at the end of the input, those of the same input in the order they
/// came there. At the book's limit every input adds the fullest account that is not over yet (ties: the lower).</item>
/// </list>
/// </remarks>
internal sealed partial class NaiveBook(Instrument instrument, int outboxPerAccount = 65_536, int outboxPerBook = 4_000_000)
    : IBookUnderTest
{
    private readonly List<NaiveOrder> _open = [];
    private readonly SortedDictionary<uint, NaiveAccount> _accounts = [];
    private BookResult _result = new();
    private TradingState _state;
    private long _timeMs;
    private long _lastArrival;
    private long _tradeCount;

    public long MarkTicks { get; private set; }

    public long LastTicks { get; private set; }

    public BookResult Apply(BookInput input)
    {
        _result = new BookResult();
        _timeMs = Math.Max(_timeMs, input.TimeMs);
        FireTimers();

        if (input.Kind <= BookInputKind.CloseFull)
            ApplyCommand(input);
        else
            ApplyVenueInput(input);

        // Stops met by a liquidation's close wait for the end of the whole pass: WorkTriggers.
        if (input.Kind is not (BookInputKind.Close or BookInputKind.CloseFull))
            WorkTriggers();
        CancelOverOutbox();
        return _result;
    }

    public IReadOnlyList<BookLevel> Levels(Side side) =>
        Queue(side).GroupBy(o => o.PriceTicks).Select(g => new BookLevel(g.Key, g.Sum(o => o.Leaves))).ToList();

    public IReadOnlyList<ulong> QueueIds(Side side) => Queue(side).Select(o => o.Id).ToList();

    public IReadOnlyList<OpenOrder> OpenOrders(uint account) => OrdersOf(account).Select(o => o.Shown()).ToList();

    public long PositionLots(uint account, int leg) => _accounts.TryGetValue(account, out NaiveAccount? a) ? a.Lots[leg] : 0;

    public long CostE8(uint account, int leg) => _accounts.TryGetValue(account, out NaiveAccount? a) ? a.CostE8[leg] : 0;

    public ulong LastNumber(uint account) => _accounts.TryGetValue(account, out NaiveAccount? a) ? a.LastNumber : 0;

    public IReadOnlyList<BookEvent> Unacknowledged(uint account) => _accounts[account].Outbox;

    public IReadOnlyList<RememberedOrder> ClientIds(uint account) => _accounts[account].ClientIds;

    private void ApplyVenueInput(BookInput input)
    {
        switch (input.Kind)
        {
            case BookInputKind.Register: Register(input); break;
            case BookInputKind.Leave: Leave(input); break;
            case BookInputKind.Acknowledge: Acknowledge(input); break;
            case BookInputKind.Mark: SetMark(input); break;
            case BookInputKind.Time or BookInputKind.WorkTriggers: break; // What they ask for happens on every input.
            case BookInputKind.FundingRound: StartFunding(input); break;
            case BookInputKind.FundingSlice: PayFunding(input); break;
            case BookInputKind.SetState: _state = input.State; break;
            case BookInputKind.Delist: Delist(input); break;
            case BookInputKind.Settle: Settle(input); break;
            default: throw new UnreachableException($"Book input {input.Kind}.");
        }
    }

    /// <summary>Resting orders of a side in the order they are matched.</summary>
    private List<NaiveOrder> Queue(Side side)
    {
        List<NaiveOrder> resting = _open.FindAll(o => o.IsResting && o.Side == side);
        resting.Sort((a, b) => a.PriceTicks == b.PriceTicks
            ? a.Arrival.CompareTo(b.Arrival)
            : side == Side.Sell ? a.PriceTicks.CompareTo(b.PriceTicks) : b.PriceTicks.CompareTo(a.PriceTicks));
        return resting;
    }

    private NaiveOrder? Best(Side side)
    {
        NaiveOrder? best = null;
        foreach (NaiveOrder order in _open)
        {
            if (order.IsResting && order.Side == side && (best is null || IsAhead(order, best)))
                best = order;
        }

        return best;
    }

    private static bool IsAhead(NaiveOrder order, NaiveOrder other) => order.PriceTicks != other.PriceTicks
        ? order.Side == Side.Sell ? order.PriceTicks < other.PriceTicks : order.PriceTicks > other.PriceTicks
        : order.Arrival < other.Arrival;

    private List<NaiveOrder> OrdersOf(uint account)
    {
        List<NaiveOrder> orders = _open.FindAll(o => o.Account == account);
        orders.Sort((a, b) => a.Id.CompareTo(b.Id));
        return orders;
    }

    private NaiveOrder? FindOpen(ulong id, uint account) => _open.Find(o => o.Id == id && o.Account == account);
}
