using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// One command of each kind.
internal sealed partial class BookScriptReader
{
    /// <summary>Within nine per cent of 100: the market bound is 5 %.</summary>
    private long Price() => setting.Scale == 1 ? 92 + Take(17) : (92 + Take(17)) * setting.Scale + Take(3) - 1;

    private BookInput NewOrder()
    {
        uint account = Account();
        if (Take(16) == 0 && book.OpenOrders(account).Count == 0 && book.PositionLots(account, 0) == 0 && book.PositionLots(account, 1) == 0)
            _isHedge[account] = !_isHedge[account]; // The account may change its mode while it has nothing here.
        BookInput input = Command(BookInputKind.Place, account);
        input.OrderId = _nextOrderId;
        ref OrderTerms terms = ref input.Terms;
        terms.Side = (Side)Take(2);
        terms.Lots = 1 + Take(20);
        terms.Fields = OrderFields.Lots;
        terms.Stp = (SelfTradePrevention)Take(3);
        if (IsHedge(account))
            terms.PositionSide = Take(2) == 0 ? PositionSide.Long : PositionSide.Short;
        else if (Take(4) == 0)
            terms.Flags |= OrderFlags.ReduceOnly;
        if (terms.IsReducing && Take(8) != 0)
            TurnAgainstPosition(account, ref terms);
        return input;
    }

    /// <summary>Mostly there is something to reduce; an account without a position opens instead.</summary>
    private void TurnAgainstPosition(uint account, ref OrderTerms terms)
    {
        long held = book.PositionLots(account, terms.PositionSide.Leg());
        if (held == 0)
        {
            terms.Flags &= ~OrderFlags.ReduceOnly;
            if (terms.IsReducing)
                terms.Side = terms.Side.Opposite();
        }
        else
        {
            terms.Side = held > 0 ? Side.Sell : Side.Buy;
        }
    }

    private BookInput Limit()
    {
        BookInput input = NewOrder();
        ref OrderTerms terms = ref input.Terms;
        SetPrice(ref terms);
        input.ReserveTicks = terms.PriceTicks;
        input.WorstTicks = terms.PriceTicks;
        switch (Take(8))
        {
            case 0: terms.TimeInForce = TimeInForce.Ioc; break;
            case 1: terms.TimeInForce = TimeInForce.Fok; break;
            case 2: terms.TimeInForce = TimeInForce.Gtx; break;
            case 3: SetGtd(ref terms); break;
        }

        if (Take(8) == 0)
        {
            terms.ClientKey = new ClientKey(1, (ulong)Take(60));
            terms.Flags |= OrderFlags.ReturnRepeats;
        }

        return input;
    }

    private BookInput Market()
    {
        BookInput input = NewOrder();
        input.Terms.Type = OrderType.Market;
        input.Terms.TimeInForce = TimeInForce.Ioc;
        input.ReserveTicks = book.MarkTicks;
        input.WorstTicks = Take(2) == 0 ? 0 : Price();
        return input;
    }

    private BookInput Conditional()
    {
        BookInput input = NewOrder();
        ref OrderTerms terms = ref input.Terms;
        terms.Type = (OrderType)(2 + Take(5));
        terms.Flags |= Take(2) == 0 ? OrderFlags.WorkingMark : OrderFlags.None;
        terms.Flags |= Take(3) == 0 ? OrderFlags.PriceProtect : OrderFlags.None;
        input.ReserveTicks = book.MarkTicks;
        if (terms.Type == OrderType.TrailingStopMarket)
        {
            terms.Fields |= OrderFields.Callback;
            terms.CallbackRateE8 = (1 + (int)Take(8)) * 1_000_000;
            if (Take(2) == 0)
            {
                terms.Fields |= OrderFields.Activation;
                terms.ActivationTicks = Price();
            }

            return input;
        }

        terms.Fields |= OrderFields.Stop;
        terms.StopTicks = Price();
        if (terms.Type.HasLimit())
        {
            SetPrice(ref terms);
            switch (Take(6))
            {
                case 0: terms.TimeInForce = TimeInForce.Ioc; break;
                case 1: terms.TimeInForce = TimeInForce.Gtx; break;
                case 2: SetGtd(ref terms); break;
            }
        }
        else if (Take(3) == 0)
        {
            terms.Flags = (terms.Flags & ~OrderFlags.ReduceOnly) | OrderFlags.ClosePosition;
            terms.Fields &= ~OrderFields.Lots;
            terms.Lots = 0;
        }

        return input;
    }

    private void SetPrice(ref OrderTerms terms)
    {
        terms.PriceTicks = Price();
        terms.Fields |= OrderFields.Price;
    }

    private void SetGtd(ref OrderTerms terms)
    {
        terms.TimeInForce = TimeInForce.Gtd;
        terms.GtdMs = _timeMs + 1 + Take(100);
        terms.Fields |= OrderFields.Gtd;
    }

    /// <summary>An order of the account, seldom one that is no more or another's.</summary>
    private BookInput WithOrder(BookInputKind kind)
    {
        BookInput input = Command(kind, Account());
        IReadOnlyList<OpenOrder> orders = book.OpenOrders(input.Account);
        input.OrderId = orders.Count == 0 || Take(10) == 9
            ? (ulong)Take((int)_nextOrderId) + 1
            : orders[(int)Take(orders.Count)].OrderId;
        return input;
    }

    private BookInput Cancel() => WithOrder(BookInputKind.Cancel) with { Reason = Take(2) == 0 ? EndReason.User : EndReason.None };

    private BookInput Amend()
    {
        BookInput input = WithOrder(BookInputKind.Amend);
        if (Take(3) != 0)
        {
            input.Fields |= OrderFields.Price;
            input.PriceTicks = Price();
            input.ReserveTicks = input.PriceTicks;
            input.WorstTicks = input.PriceTicks;
        }

        if (Take(3) != 0 || input.Fields == OrderFields.None)
        {
            input.Fields |= OrderFields.Lots;
            input.Lots = 1 + Take(20);
        }

        input.PostOnlyTradesOnAmend = Take(16) == 0;
        return input;
    }

    private BookInput Mark() => new()
    {
        Kind = BookInputKind.Mark,
        PriceTicks = (Take(20) == 0 ? 50 + Take(100) : 95 + Take(11)) * setting.Scale,
        Number = Take(20) == 19 ? _markNumber : ++_markNumber,
    };

    /// <summary>A close of somebody who holds something; the mark, where nobody does.</summary>
    private BookInput Close()
    {
        uint first = Account();
        for (uint i = 0; i < setting.Accounts; i++)
        {
            uint account = (first + i - 1) % setting.Accounts + 1;
            int leg = IsHedge(account) ? (int)Take(2) : 0;
            long lots = Math.Abs(book.PositionLots(account, leg));
            if (lots != 0)
                return Close(account, leg, lots);
        }

        return Mark();
    }

    private BookInput Close(uint account, int leg, long lots)
    {
        bool isFull = Take(3) == 0;
        BookInput input = Command(isFull ? BookInputKind.CloseFull : BookInputKind.Close, account);
        input.Terms.PositionSide = !IsHedge(account) ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;
        input.Lots = isFull ? 0 : 1 + Take((int)lots);
        input.BankruptcyTicks = Price();
        input.Amount = isFull ? Take(300) * setting.Scale : 0;
        input.Liquidation = ++_liquidation;
        input.Step = (uint)Take(3);
        ulong number = book.LastNumber(account);
        input.Number = number > 0 && Take(10) == 9 ? number - 1 : number;
        return input;
    }

    private BookInput Acknowledge()
    {
        uint account = Account();
        ulong number = book.LastNumber(account);
        return WithEquity(new BookInput
        {
            Kind = BookInputKind.Acknowledge,
            Account = account,
            Epoch = _numbering[account].Epoch,
            Number = number - Math.Min(number, (ulong)Take(4)),
        });
    }

    /// <summary>Positions are worth up to some ten thousand: equities from debt to plenty, mostly few ticks' worth.</summary>
    private BookInput WithEquity(BookInput input)
    {
        input.Equity0E8 = Take(4) == 0 ? Plenty : (Take(1_000) - 300) * setting.Scale;
        input.Equity1E8 = IsHedge(input.Account) ? input.Equity0E8 + (Take(2) == 0 ? 0 : 100) : 0;
        return input;
    }

    private BookInput Register()
    {
        uint account = Account();
        if (Take(4) == 0)
            return new BookInput { Kind = BookInputKind.Leave, Account = account, Epoch = _numbering[account].Epoch };
        long newer = Take(2);
        if (newer != 0)
            _numbering[account] = new Numbering { Epoch = _numbering[account].Epoch + 1 };
        return WithEquity(new BookInput { Kind = BookInputKind.Register, Account = account, Epoch = _numbering[account].Epoch });
    }

    /// <summary>One round at a time: while one is open only a repeat of its beginning comes.</summary>
    private BookInput Funding() => Take(3) == 0
        ? new BookInput
        {
            Kind = BookInputKind.FundingRound,
            Liquidation = _roundIsOpen || Take(8) == 0 ? _round : _round + 1,
            Amount = Take(2_000_000) - 1_000_000,
            PriceTicks = book.MarkTicks,
        }
        : new BookInput { Kind = BookInputKind.FundingSlice, Liquidation = _round, SliceAccounts = 1 + (uint)Take(4) };

    /// <summary>A repeat of an account's last command, a gap, or a word from a dead activation.</summary>
    private BookInput Irregular()
    {
        uint account = Account();
        BookInput last = _lastCommand[account];
        if (last.Kind == BookInputKind.None)
            return new BookInput { Kind = BookInputKind.Time };
        return Take(4) switch
        {
            0 => last with { Batch = last.Batch + 2, Index = 0 },
            1 => last with { Epoch = last.Epoch - 1 },
            2 => last with { Epoch = last.Epoch + 9 },
            _ => last,
        };
    }
}
