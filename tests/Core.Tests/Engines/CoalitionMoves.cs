using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>What the members of a coalition try: trades among themselves far from the mark, stacks of orders, walks away.</summary>
internal sealed class CoalitionMoves(Coalition venue)
{
    /// <summary>A mark moves by at most this part of itself, in 1e-6: a tenth of the lowest maintenance rate.</summary>
    private const long StepE6 = 500;

    private ref SeededRandom Random => ref venue.Random;

    public void Next()
    {
        switch (Random.Next(36))
        {
            case < 9: MoveMark(); break;
            case < 14: Trade(Any(), Any()); break;
            case < 18: Stack(Any(), Any()); break;
            case < 21: CloseBadly(Any(), Any(), Symbol()); break;
            case < 23: Condition(Any()); break;
            case < 25: venue.Withdraw(Any()); break;
            case < 26: venue.Do(new Command { Kind = CommandKind.CancelAll, Account = Any(), Symbol = -1 }); break;
            case < 27: Funding(); break;
            case < 29: AdjustMargin(Any()); break;
            case < 30: Setting(Any()); break;
            case < 31: Amend(Any()); break;
            case < 33: SellDear(Any(), Any()); break;
            case < 35: AwaitLiquidation(Any(), Any()); break;
            default: Market(Any()); break;
        }
    }

    /// <summary>Several small steps one way, as a trend.</summary>
    private void MoveMark()
    {
        int symbol = Symbol();
        MoveMark(symbol, Random.OneIn(2) ? 1 : -1, Random.Between(1, 12));
    }

    private void MoveMark(int symbol, long direction, long steps)
    {
        for (; steps > 0; steps--)
        {
            long mark = venue.MarkOf(symbol);
            venue.Do(new Command
            {
                Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = mark + (direction * Random.Between(0, mark * StepE6 / 1_000_000)),
            });
        }
    }

    /// <summary>One rests at any price of the band, the other takes it.</summary>
    private void Trade(uint maker, uint taker)
    {
        int symbol = Symbol();
        long price = AnyPrice(symbol);
        Side side = AnySide();
        long lots = Lots(Random.OneIn(2) ? maker : taker, symbol);
        if (venue.Place(maker, Limit(maker, symbol, side, lots, price)))
            venue.Place(taker, Limit(taker, symbol, side.Opposite(), lots, price));
    }

    /// <summary>One bids above the mark; the other, with all its money in the order and none left, sells to him for less than he bids.</summary>
    private void SellDear(uint maker, uint taker)
    {
        int symbol = Symbol();
        long mark = venue.MarkOf(symbol);
        long bid = mark + (mark * Random.Between(1, 90) / 1_000);
        long lots = Lots(taker, symbol);
        if (!venue.Place(maker, Limit(maker, symbol, Side.Buy, lots, bid)))
            return;
        long least = Random.OneIn(2) ? mark : mark - (mark * Random.Between(0, 90) / 1_000);
        venue.Place(taker, Limit(taker, symbol, Side.Sell, lots, least));
        if (Random.OneIn(2))
            venue.Withdraw(taker);
        if (Random.OneIn(2))
            CloseBadly(taker, maker, symbol);
    }

    /// <summary>One bids where the other will be bankrupt, and the mark goes there in small steps.</summary>
    private void AwaitLiquidation(uint closer, uint other)
    {
        int symbol = Symbol();
        int leg = (int)Random.Next(2);
        MarginAccount member = venue.Member(closer);
        long held = member.PositionOf(symbol, leg).Lots;
        if (held == 0)
            return;
        long direction = held > 0 ? -1 : 1;
        long price = Math.Max(1, member.ClosingTicks(symbol, leg, venue.Engine.Market) + (direction * Random.Between(-40, 40)));
        venue.Place(other, Limit(other, symbol, held > 0 ? Side.Buy : Side.Sell, Math.Abs(held), price));
        for (int steps = 0; steps < 80 && member.PositionOf(symbol, leg).Lots == held; steps++)
            MoveMark(symbol, direction, 1);
    }

    /// <summary>One puts up many orders, each payable by itself, perhaps the mark moves; the other takes them all.</summary>
    private void Stack(uint maker, uint taker)
    {
        int symbol = Symbol();
        long price = AnyPrice(symbol);
        Side losing = price > venue.MarkOf(symbol) ? Side.Buy : Side.Sell;
        Side side = Random.OneIn(4) ? AnySide() : losing;
        long total = 0;
        for (long orders = Random.Between(2, 8); orders > 0; orders--)
        {
            long lots = Lots(maker, symbol);
            if (venue.Place(maker, Limit(maker, symbol, side, lots, price)))
                total += lots;
        }

        if (Random.OneIn(3))
            MoveMark();
        if (Random.OneIn(4))
            venue.Withdraw(maker);
        if (total != 0)
            venue.Place(taker, Limit(taker, symbol, side.Opposite(), total, price));
    }

    /// <summary>A position is closed at its bankruptcy price, or near it, against a friend.</summary>
    private void CloseBadly(uint closer, uint other, int symbol)
    {
        int leg = (int)Random.Next(2);
        MarginAccount member = venue.Member(closer);
        long held = member.PositionOf(symbol, leg).Lots;
        if (held == 0)
            return;
        Side side = held > 0 ? Side.Sell : Side.Buy;
        long price = Math.Max(1, member.ClosingTicks(symbol, leg, venue.Engine.Market) + Random.Between(-2, 2));
        long lots = Random.OneIn(2) ? Math.Abs(held) : Random.Between(1, Math.Abs(held) * 2);
        OrderTerms close = Limit(closer, symbol, side, lots, price);
        if (member.IsHedge)
            close.PositionSide = leg == 0 ? PositionSide.Long : PositionSide.Short;
        else if (Random.OneIn(2))
            close.Flags |= OrderFlags.ReduceOnly;
        OrderTerms open = Limit(other, symbol, side.Opposite(), lots, price);
        bool closesFirst = Random.OneIn(2);
        venue.Place(closesFirst ? closer : other, closesFirst ? close : open);
        venue.Place(closesFirst ? other : closer, closesFirst ? open : close);
    }

    private void Condition(uint account)
    {
        int symbol = Symbol();
        long mark = venue.MarkOf(symbol);
        OrderTerms terms = Limit(account, symbol, AnySide(), Lots(account, symbol), AnyPrice(symbol));
        terms.Type = Random.OneIn(2) ? OrderType.StopLimit : OrderType.StopMarket;
        terms.StopTicks = mark + (terms.Side.Sign() * Random.Between(1, mark / 200));
        terms.Fields |= OrderFields.Stop;
        terms.Flags |= OrderFlags.WorkingMark;
        if (!venue.Member(account).IsHedge && Random.OneIn(3))
            terms.Flags |= OrderFlags.ReduceOnly;
        if (terms.Type == OrderType.StopMarket)
        {
            terms.TimeInForce = TimeInForce.Ioc;
            terms.PriceTicks = 0;
            terms.Fields &= ~OrderFields.Price;
        }

        venue.Place(account, terms);
    }

    private void Market(uint account)
    {
        int symbol = Symbol();
        OrderTerms terms = Limit(account, symbol, AnySide(), Lots(account, symbol), 0);
        terms.Type = OrderType.Market;
        terms.TimeInForce = TimeInForce.Ioc;
        terms.Fields = OrderFields.Lots;
        venue.Place(account, terms);
    }

    /// <summary>Small too: a payment may not jump over a maintenance margin either.</summary>
    private void Funding() => venue.Do(new Command
    {
        Kind = CommandKind.SettleFunding, Symbol = Symbol(), Amount = Random.Between(-10_000, 10_000),
    });

    private void AdjustMargin(uint account)
    {
        int symbol = Symbol();
        MarginAccount member = venue.Member(account);
        PositionSide side = member.IsHedge ? (PositionSide)Random.Between(1, 2) : PositionSide.Both;
        long amount = Random.OneIn(3)
            ? member.WithdrawableE8(venue.Engine.Market)
            : -(member.PositionOf(symbol, side.Leg()).IsolatedE8 / Random.Between(1, 50));
        venue.Do(new Command { Kind = CommandKind.AdjustMargin, Account = account, Symbol = symbol, PositionSide = side, Amount = amount });
    }

    private void Setting(uint account)
    {
        int symbol = Symbol();
        int most = venue.Engine.Market[symbol].Instrument.MaxLeverage;
        venue.Do(Random.Next(3) switch
        {
            0 => new Command { Kind = CommandKind.SetMarginMode, Account = account, Symbol = symbol, MarginMode = (MarginMode)Random.Next(2) },
            1 => new Command { Kind = CommandKind.SetPositionMode, Account = account, Hedge = Random.OneIn(2) },
            _ => new Command
            {
                Kind = CommandKind.SetLeverage, Account = account, Symbol = symbol, Leverage = Random.OneIn(2) ? most : (int)Random.Between(1, most),
            },
        });
    }

    private void Amend(uint account)
    {
        Span<OpenOrderRef> orders = stackalloc OpenOrderRef[512];
        int count = venue.Member(account).CopyOpenOrders(-1, orders);
        if (count == 0 || count > orders.Length)
            return;
        OpenOrderRef order = orders[(int)Random.Next(count)];
        venue.Do(new Command
        {
            Kind = CommandKind.Amend,
            Account = account,
            Symbol = order.Symbol,
            OrderId = order.OrderId,
            Fields = (OrderFields)Random.Between(1, 3),
            PriceTicks = AnyPrice(order.Symbol),
            Lots = Lots(account, order.Symbol),
        });
    }

    /// <summary>In hedge mode it opens; CloseBadly closes.</summary>
    private OrderTerms Limit(uint account, int symbol, Side side, long lots, long price) => new()
    {
        Symbol = symbol,
        Side = side,
        Lots = lots,
        PriceTicks = price,
        Stp = (SelfTradePrevention)Random.Next(3),
        PositionSide = !venue.Member(account).IsHedge ? PositionSide.Both : side == Side.Buy ? PositionSide.Long : PositionSide.Short,
        Fields = OrderFields.Lots | OrderFields.Price,
    };

    /// <summary>Nearly all that the account can pay for, or less.</summary>
    private long Lots(uint account, int symbol)
    {
        MarginAccount member = venue.Member(account);
        Instrument instrument = venue.Engine.Market[symbol].Instrument;
        Int128 most = (Int128)member.AvailableE8(venue.Engine.Market) * member.LeverageOf(symbol)
            / ((Int128)venue.MarkOf(symbol) * instrument.UnitE8);
        long percent = Random.OneIn(2) ? Random.Between(70, 99) : Random.Between(1, 70);
        return (long)Int128.Clamp(most * percent / 100, 1, instrument.MaxLots);
    }

    private long AnyPrice(int symbol)
    {
        long mark = venue.MarkOf(symbol);
        return mark + Random.Next(4) switch
        {
            0 => 0,
            1 => mark * Random.Between(-100, 100) / 1_000,
            2 => mark * Random.Between(-10, 10) / 1_000,
            _ => mark * Random.Between(-100, 100) / 100_000,
        };
    }

    private uint Any() => (uint)Random.Between(1, venue.Members);

    private int Symbol() => (int)Random.Next(Coalition.Symbols);

    private Side AnySide() => (Side)Random.Next(2);
}
