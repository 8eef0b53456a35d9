using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <content>Orders.</content>
internal sealed partial class EngineScriptWriter
{
    private const int ClientIds = 24;

    private ScriptStep Limit()
    {
        ScriptStep step = Order(OrderType.Limit);
        ref OrderTerms terms = ref step.Command.Terms;
        terms.PriceTicks = Near(_random.OneIn(3) ? BestOpposite(in terms) : MarkOf(terms.Symbol));
        terms.Fields |= OrderFields.Price;
        terms.TimeInForce = _random.Next(16) switch
        {
            < 9 => TimeInForce.Gtc,
            < 11 => TimeInForce.Ioc,
            < 12 => TimeInForce.Fok,
            < 14 => TimeInForce.Gtx,
            _ => TimeInForce.Gtd,
        };
        AddDate(ref terms);
        return Placed(step);
    }

    private ScriptStep Market()
    {
        ScriptStep step = Order(OrderType.Market);
        step.Command.Terms.TimeInForce = TimeInForce.Ioc;
        return Placed(step);
    }

    private ScriptStep Conditional()
    {
        var type = (OrderType)_random.Between((int)OrderType.StopLimit, (int)OrderType.TrailingStopMarket);
        ScriptStep step = Order(type);
        ref OrderTerms terms = ref step.Command.Terms;
        long mark = MarkOf(terms.Symbol);
        if (type == OrderType.TrailingStopMarket)
        {
            terms.CallbackRateE8 = (int)_random.Between(1, 20) * 100_000;
            terms.Fields |= OrderFields.Callback;
            if (_random.OneIn(2))
            {
                terms.ActivationTicks = Near(mark);
                terms.Fields |= OrderFields.Activation;
            }
        }
        else
        {
            // A stop buys above, a take-profit below.
            int sign = terms.Side.Sign() * (type is OrderType.StopLimit or OrderType.StopMarket ? 1 : -1);
            terms.StopTicks = Math.Max(1, mark + (sign * Math.Max(1, mark * _random.Between(1, 150) / 10_000)));
            terms.Fields |= OrderFields.Stop;
        }

        terms.TimeInForce = TimeInForce.Ioc;
        if (type.HasLimit())
        {
            terms.PriceTicks = _random.OneIn(4) ? Far(terms.StopTicks, terms.Side) : Near(terms.StopTicks);
            terms.Fields |= OrderFields.Price;
            terms.TimeInForce = _random.Next(8) switch { < 4 => TimeInForce.Gtc, < 6 => TimeInForce.Gtx, < 7 => TimeInForce.Ioc, _ => TimeInForce.Gtd };
            AddDate(ref terms);
        }

        if (_random.OneIn(2))
            terms.Flags |= OrderFlags.WorkingMark;
        if (_random.OneIn(6))
            terms.Flags |= OrderFlags.PriceProtect;
        if (_random.OneIn(5) && type is OrderType.StopMarket or OrderType.TakeProfitMarket)
        {
            terms.Flags = (terms.Flags & ~OrderFlags.ReduceOnly) | OrderFlags.ClosePosition;
            terms.Lots = 0;
            terms.Fields &= ~OrderFields.Lots;
        }

        return Placed(step);
    }

    private ScriptStep Order(OrderType type)
    {
        uint account = Account();
        int symbol = Symbol();
        ScriptStep step = New(CommandKind.Place, account, symbol);
        ref OrderTerms terms = ref step.Command.Terms;
        terms.Symbol = symbol;
        terms.Type = type;
        terms.Side = (Side)_random.Next(2);
        terms.Stp = (SelfTradePrevention)_random.Next(3);
        bool isHedge = _engine.Account(account) is { IsHedge: true };
        if (isHedge)
            terms.PositionSide = terms.Side == Side.Buy ? PositionSide.Long : PositionSide.Short;
        if (_random.OneIn(3))
            TurnAgainstPosition(account, isHedge, ref terms);
        if (_random.OneIn(60))
            terms.PositionSide = (PositionSide)_random.Next(3);
        if (_random.OneIn(60))
            terms.Flags |= OrderFlags.ReduceOnly;
        terms.Lots = Lots(account, symbol);
        terms.Fields = OrderFields.Lots;
        if (!_random.OneIn(4))
            return step;
        terms.ClientKey = new ClientKey(1, (ulong)_random.Between(1, ClientIds));
        if (_random.OneIn(2))
            terms.Flags |= OrderFlags.ReturnRepeats;
        return step;
    }

    private void TurnAgainstPosition(uint account, bool isHedge, ref OrderTerms terms)
    {
        int index = (int)_random.Next(2);
        if (_engine.Account(account) is not { } owner || owner.PositionOf(terms.Symbol, index) is not { IsOpen: true } leg)
            return;
        terms.Side = leg.Lots > 0 ? Side.Sell : Side.Buy;
        if (isHedge)
            terms.PositionSide = index == 0 ? PositionSide.Long : PositionSide.Short;
        else if (_random.OneIn(2))
            terms.Flags |= OrderFlags.ReduceOnly;
    }

    /// <summary>Often as much as the account can pay, or as it holds; sometimes more than it may.</summary>
    private long Lots(uint account, int symbol)
    {
        if (_engine.Account(account) is not { } owner)
            return 1;
        Instrument instrument = _engine.Market[symbol].Instrument;
        PositionLeg leg = owner.PositionOf(symbol, (int)_random.Next(2));
        if (leg.Lots != 0 && _random.OneIn(3))
            return Math.Max(1, leg.SizeLots * _random.Between(1, 5) / 4);
        int leverage = owner.LeverageOf(symbol);
        Int128 affordable = (Int128)owner.AvailableE8(_engine.Market) * leverage;
        foreach (ref readonly LeverageBracket bracket in instrument.Brackets)
        {
            if (bracket.MaxLeverage < leverage)
                affordable = Int128.Min(affordable, bracket.CapBelowE8);
        }

        affordable /= (Int128)MarkOf(symbol) * instrument.UnitE8;
        long most = (long)Int128.Clamp(affordable, instrument.MinLots, instrument.MaxLots);
        return _random.Next(16) switch
        {
            < 8 => Math.Max(instrument.MinLots, most * _random.Between(1, 40) / 100),
            < 14 => Math.Max(1, most * _random.Between(60, 105) / 100),
            < 15 => instrument.MinLots,
            _ => _random.Between(0, 2 * instrument.MaxLots),
        };
    }

    private long BestOpposite(in OrderTerms terms)
    {
        long best = terms.Side == Side.Buy ? _engine.Books[terms.Symbol].BestAskTicks : _engine.Books[terms.Symbol].BestBidTicks;
        return best == 0 ? MarkOf(terms.Symbol) : best;
    }

    private void AddDate(ref OrderTerms terms)
    {
        if (terms.TimeInForce != TimeInForce.Gtd)
            return;
        terms.GtdMs = _timeMs + _random.Between(0, 3_000);
        terms.Fields |= OrderFields.Gtd;
    }

    /// <summary>As bad as a band lets it be: closes at such a price are what empties a pool.</summary>
    private static long Far(long ticks, Side side) => side == Side.Buy ? ticks * 104 / 100 : ticks * 96 / 100;

    private ScriptStep Placed(ScriptStep step)
    {
        if (_random.OneIn(40))
            Spoil(ref step.Command.Terms);
        _placed[_placedCount++ % Repeatable] = step;
        return step;
    }

    /// <summary>What a careless client sends.</summary>
    private void Spoil(ref OrderTerms terms)
    {
        if (terms.Has(OrderFields.Callback))
            terms.CallbackRateE8 = (int)_random.Between(-1, 12_000_000);
        switch (_random.Next(6))
        {
            case 0: terms.TimeInForce = (TimeInForce)_random.Next(5); break;
            case 1: terms.Flags ^= (OrderFlags)_random.Next(8); break;
            case 2 when terms.Has(OrderFields.Price): terms.PriceTicks = _random.Between(-1, 2_000_000); break;
            case 3 when terms.Has(OrderFields.Stop): terms.StopTicks = _random.Between(-1, 2_000_000); break;
            case 4 when terms.Has(OrderFields.Lots):
                terms.Fields &= ~OrderFields.Lots;
                terms.Lots = 0;
                break;
            default: terms.Symbol = 99; break;
        }
    }

    /// <summary>The same command once more, as a client does that heard no answer; now and then with other content.</summary>
    private ScriptStep Repeat(ScriptStep[] from, int count)
    {
        if (count == 0)
            return New(CommandKind.Time, 0, 0);
        ScriptStep step = from[_random.Next(Math.Min(count, Repeatable))];
        if (!_random.OneIn(4))
            return step;
        if (step.Command.Terms.Has(OrderFields.Lots))
            step.Command.Terms.Lots++;
        if (step.Command.Kind != CommandKind.Place)
            step.Command.Amount++;
        return step;
    }

    private ScriptStep Amend()
    {
        ScriptStep step = Owned(CommandKind.Amend);
        step.Command.Fields = (OrderFields)_random.Between(1, 3);
        int symbol = Symbol();
        if (_engine.Account(step.Command.Account) is { } account)
        {
            // The order meant, as it will be found: its price and size are what is changed a little.
            ScriptStep found = step with { OrderPlace = step.OrderPlace - 1 };
            Command command = found.For(_engine);
            if (command.Symbol >= 0 && _engine.Books[command.Symbol].TryGetOrder(command.OrderId, out _, out OpenOrder order))
            {
                step.Command.PriceTicks = Near(_random.OneIn(2) && order.PriceTicks != 0 ? order.PriceTicks : MarkOf(command.Symbol));
                step.Command.Lots = _random.Next(4) switch
                {
                    0 => order.TotalLots,
                    1 => Math.Max(1, order.TotalLots * _random.Between(1, 100) / 100),
                    2 => order.FilledLots,
                    _ => Lots(account.Id, command.Symbol),
                };
                return step;
            }
        }

        step.Command.PriceTicks = Near(MarkOf(symbol));
        step.Command.Lots = _random.Between(1, 20);
        return step;
    }

    private ScriptStep Cancel()
    {
        ScriptStep step = Owned(CommandKind.Cancel);
        if (!_random.OneIn(6))
            return step;
        step.OrderPlace = 0;
        step.Command.Symbol = Symbol();
        step.Command.Key = new ClientKey(1, (ulong)_random.Between(1, ClientIds));
        return step;
    }

    /// <summary>One of an account's orders; now and then another account's, or a number nobody has.</summary>
    private ScriptStep Owned(CommandKind kind)
    {
        ScriptStep step = New(kind, Account(), -1);
        step.OrderPlace = 1 + (int)_random.Next(ScriptStep.MostOrders);
        if (!_random.OneIn(30))
            return step;
        step.OrderPlace = 0;
        step.Command.OrderId = (ulong)_random.Next(500);
        return step;
    }

    private ScriptStep Countdown()
    {
        ScriptStep step = New(CommandKind.Countdown, Account(), Symbol());
        step.Command.Amount = _random.OneIn(5) ? 0 : _random.OneIn(20) ? long.MaxValue : _random.Between(1, 2_000);
        return step;
    }
}
