using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Accounts;

/// <summary>An account driven at random, and its orders once more, plainly: the slow and obvious twin of what it sums up.</summary>
internal sealed class RandomAccount
{
    private readonly Random _random;
    private readonly int _symbols;
    private readonly bool _isHedge;

    public RandomAccount(int seed)
    {
        _random = new Random(seed);
        _symbols = _random.Next(1, 4);
        Test = new AccountFixture([.. Enumerable.Range(0, _symbols).Select(Small)]);
        for (int symbol = 0; symbol < _symbols; symbol++)
            Test.Mark(_random.Next(800, 1_200), symbol);
        Test.Deposit(_random.Next(20, 3_000).ToString());
        _isHedge = _random.Next(3) == 0;
        if (_isHedge)
            Account.SetPositionMode(isHedge: true);
        for (int symbol = 0; symbol < _symbols; symbol++)
        {
            Account.SetLeverage(symbol, _random.Next(1, 51), Market);
            if (_random.Next(2) == 0)
                Account.SetMarginMode(symbol, MarginMode.Isolated, Market);
        }
    }

    public AccountFixture Test { get; }

    public MarginAccount Account => Test.Account;

    public MarketTable Market => Test.Market;

    public List<PlainOrder> Orders { get; } = [];

    public int Symbols => _symbols;

    /// <summary>Prices near 1,000 ticks of 0.1, brackets that positions of a test cross.</summary>
    private static Instrument Small(int symbolId) => TestInstruments.Create(TestInstruments.BtcSettings() with
    {
        Symbol = $"S{symbolId}",
        LotE8 = 10_000_000,
        MaxPriceTicks = 20_000,
        MinNotionalE8 = 0,
        MaxLots = 100_000,
        BandUpE8 = 200_000_000,
        BandDownE8 = 10_000_000,
        Brackets =
        [
            new(500 * 100_000_000L, 50, 400_000), new(2_000 * 100_000_000L, 25, 1_000_000), new(20_000 * 100_000_000L, 10, 5_000_000),
            new(1_000_000 * 100_000_000L, 2, 20_000_000),
        ],
    }, symbolId);

    public void Step()
    {
        int symbol = _random.Next(_symbols);
        switch (_random.Next(11))
        {
            case < 4:
                Place(symbol);
                break;
            case < 6:
                Fill();
                break;
            case 6:
                Amend();
                break;
            case 7:
                End();
                break;
            case 8:
                Trigger();
                break;
            case 9:
                Change(symbol);
                break;
            default:
                Test.Mark(Math.Max(2, Market[symbol].MarkTicks + _random.Next(-60, 61)), symbol);
                break;
        }
    }

    /// <summary>Whatever else moves margin; refusals are welcome.</summary>
    private void Change(int symbol)
    {
        PositionSide side = !_isHedge ? PositionSide.Both : _random.Next(2) == 0 ? PositionSide.Long : PositionSide.Short;
        long amount = _random.NextInt64(-200_00000000, 200_00000000);
        switch (_random.Next(4))
        {
            case 0:
                Account.AdjustMargin(default, symbol, side, amount, Market);
                break;
            case 1:
                Account.Withdraw(default, Math.Abs(amount) + 1, Market);
                break;
            case 2:
                Account.Deposit(default, (Math.Abs(amount) / 10) + 1);
                break;
            default:
                Account.SetLeverage(symbol, _random.Next(1, 51), Market);
                break;
        }
    }

    private void Place(int symbol)
    {
        OrderTerms terms = Terms(symbol);
        if (Test.Place(in terms, out ulong id) != RejectReason.None)
            return;
        long mark = Market[symbol].MarkTicks;
        PlainOrder order = new()
        {
            Id = id,
            Terms = terms,
            LeavesLots = terms.Lots,
            ReserveTicks = MarginRules.ReserveTicks(in terms, Market[symbol].Instrument, mark),
            IsWaiting = terms.Type.IsConditional(),
        };
        Orders.Add(order);
        if (terms.Type == OrderType.Market)
            FillOne(order, mark, terms.Lots);
    }

    private OrderTerms Terms(int symbol)
    {
        long mark = Market[symbol].MarkTicks;
        Side side = (Side)_random.Next(2);
        long lots = _random.Next(1, 400);
        OrderTerms terms = AccountFixture.Limit(side, Math.Max(1, mark + _random.Next(-80, 81)), lots, symbol);
        switch (_random.Next(6))
        {
            case 0:
                terms = AccountFixture.MarketOrder(side, lots, symbol);
                break;
            case 1:
                terms.Type = OrderType.StopLimit;
                terms.StopTicks = Math.Max(1, mark + _random.Next(-80, 81));
                terms.Fields |= OrderFields.Stop;
                break;
            case 2:
                terms = AccountFixture.MarketOrder(side, lots, symbol);
                terms.Type = OrderType.StopMarket;
                terms.StopTicks = Math.Max(1, mark + _random.Next(-80, 81));
                terms.Fields |= OrderFields.Stop;
                break;
        }

        if (_isHedge)
            terms.PositionSide = _random.Next(2) == 0 ? PositionSide.Long : PositionSide.Short;
        PositionLeg leg = Account.PositionOf(symbol, terms.PositionSide.Leg());
        bool closes = side == Side.Sell ? leg.Lots > 0 : leg.Lots < 0;
        if (!_isHedge && closes && _random.Next(2) == 0)
            terms.Flags |= OrderFlags.ReduceOnly;
        if (terms.IsReducing)
            terms.Lots = Math.Max(1, Math.Min(terms.Lots, leg.SizeLots));
        return terms;
    }

    private void Fill()
    {
        List<PlainOrder> resting = [.. Orders.Where(o => !o.IsWaiting)];
        if (resting.Count == 0)
            return;
        PlainOrder order = resting[_random.Next(resting.Count)];
        FillOne(order, order.Terms.PriceTicks, _random.NextInt64(1, order.LeavesLots + 1));
    }

    private void FillOne(PlainOrder order, long priceTicks, long lots)
    {
        PositionLeg leg = Account.PositionOf(order.Terms.Symbol, order.Terms.PositionSide.Leg());
        if (order.Terms.IsReducing)
            lots = Math.Min(lots, leg.SizeLots);
        if (lots == 0 || (order.Terms.IsReducing && (leg.Lots > 0) == (order.Terms.Side == Side.Buy)))
        {
            Expire(order);
            return;
        }

        order.LeavesLots -= lots;
        order.FilledLots += lots;
        Test.Fill(order.Id, order.Terms.Side, priceTicks, lots, order.LeavesLots, isMaker: true, order.Terms.Symbol, order.Terms.PositionSide);
        if (order.LeavesLots == 0)
            Orders.Remove(order);
        TrimReducing(order.Terms.Symbol);
    }

    /// <summary>The book's part of section 3.5.</summary>
    private void TrimReducing(int symbol)
    {
        foreach (PlainOrder order in Orders.Where(o => o.Terms.Symbol == symbol && o.Terms.IsReducing && !o.IsWaiting).ToList())
        {
            long lots = Account.PositionOf(symbol, order.Terms.PositionSide.Leg()).Lots;
            long reducible = order.Terms.Side == Side.Sell ? Math.Max(0, lots) : Math.Max(0, -lots);
            if (reducible == 0)
            {
                Expire(order);
            }
            else if (order.LeavesLots > reducible)
            {
                order.LeavesLots = reducible;
                Test.Tell(symbol, new BookEvent { Kind = BookEventKind.Trimmed, OrderId = order.Id, Lots = order.FilledLots + reducible, LeavesLots = reducible });
            }
        }
    }

    private void Amend()
    {
        if (Orders.Count == 0)
            return;
        PlainOrder order = Orders[_random.Next(Orders.Count)];
        long price = Math.Max(1, order.Terms.PriceTicks + _random.Next(-30, 31));
        long lots = order.FilledLots + _random.Next(1, 300);
        PositionLeg leg = Account.PositionOf(order.Terms.Symbol, order.Terms.PositionSide.Leg());
        if (order.Terms.IsReducing)
            lots = Math.Min(lots, order.FilledLots + leg.SizeLots);
        RejectReason reason = Test.Amend(
            order.Terms.Symbol, order.Id, OrderFields.Price | OrderFields.Lots, price, lots, order.FilledLots);
        if (reason != RejectReason.None)
            return;
        if (price != order.Terms.PriceTicks)
            order.ReserveTicks = order.Terms.Side == Side.Buy ? price : Math.Max(price, Market[order.Terms.Symbol].MarkTicks);
        order.Terms.PriceTicks = price;
        order.LeavesLots = lots - order.FilledLots;
    }

    private void End()
    {
        if (Orders.Count != 0)
            Expire(Orders[_random.Next(Orders.Count)]);
    }

    private void Expire(PlainOrder order)
    {
        Orders.Remove(order);
        Test.Tell(order.Terms.Symbol, new BookEvent { Kind = BookEventKind.Expired, OrderId = order.Id, Reason = EndReason.Ioc, Lots = order.LeavesLots });
    }

    private void Trigger()
    {
        PlainOrder? order = Orders.FirstOrDefault(o => o.IsWaiting);
        if (order is null)
            return;
        Test.Tell(order.Terms.Symbol, new BookEvent
        {
            Kind = BookEventKind.Triggered, OrderId = order.Id, Lots = order.LeavesLots, LeavesLots = order.LeavesLots,
        });
        order.IsWaiting = false;
        if (order.Terms.Type.IsMarketType())
            FillOne(order, Market[order.Terms.Symbol].MarkTicks, order.LeavesLots);
        else
            TrimReducing(order.Terms.Symbol);
    }
}

/// <summary>An open order as a test keeps it.</summary>
internal sealed class PlainOrder
{
    public ulong Id;
    public OrderTerms Terms;
    public long LeavesLots;
    public long FilledLots;
    public long ReserveTicks;
    public bool IsWaiting;
}
