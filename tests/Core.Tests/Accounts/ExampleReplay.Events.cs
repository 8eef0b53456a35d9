using System.Text.Json;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <content>The expected events as a book would have told them, and liquidations led by the accounts.</content>
internal sealed partial class ExampleReplay
{
    private BookInput _amend;
    private MarginAccount? _liquidated;
    private LiquidationStep _close;
    private long _spentE8;
    private long _earnedE8;
    private bool _isClosing;

    /// <summary>Timers that fire before the step's own input.</summary>
    private void FeedUntilOutcome(Events events)
    {
        while (events.HasOutcomeAhead && events.PeekKind is not ("accepted" or "rejected"))
            Feed(events.Take());
    }

    private void FeedAll(Events events)
    {
        while (!events.IsAtEnd)
            Feed(events.Take());
    }

    /// <summary>A mark or funding round: what was there before the pass, the pass, RISK cancels, the queue.</summary>
    private void FeedInstant(Events events)
    {
        HashSet<uint> under = [];
        bool hasPassBegun = false;
        while (!events.IsAtEnd)
        {
            JsonElement e = events.Take();
            bool isPass = e.GetProperty("e").GetString() == "liquidation" || Reason(e) == "LIQUIDATION";
            if (isPass && !hasPassBegun)
            {
                hasPassBegun = true;
                foreach (MarginAccount account in _accounts.Where(a => a.IsUnderMaintenance(_market)))
                    under.Add(account.Id);
            }

            if (Reason(e) == "LIQUIDATION")
                Begin(AccountOfOrder(e));
            if (_liquidated is not null)
                under.Remove(_liquidated.Id);
            Feed(e);
            if (_liquidated is not null)
                under.Remove(_liquidated.Id);
        }

        FinishLiquidation();
        Assert.Empty(under);
    }

    private void Feed(JsonElement e)
    {
        string kind = e.GetProperty("e").GetString()!;
        if (_isClosing && kind is not ("trade" or "insurance" or "adl" or "trimmed" or "expired" or "canceled"))
            FinishClose();
        switch (kind)
        {
            case "trade":
                Trade(e);
                break;
            case "trimmed":
                Order trimmed = OrderOf(e);
                trimmed.Leaves += Lots(e.GetProperty("qty"), trimmed.Terms.Symbol) - trimmed.Terms.Lots;
                trimmed.Terms.Lots = Lots(e.GetProperty("qty"), trimmed.Terms.Symbol);
                TellOrder(e, trimmed, BookEventKind.Trimmed);
                break;
            case "expired" or "canceled":
                End(e);
                break;
            case "amended":
                Amended(e);
                break;
            case "triggered":
                Triggered(e);
                break;
            case "funding":
                Funding(e);
                break;
            case "liquidation":
                Liquidation(e);
                break;
            case "adl":
                Adl(e);
                break;
            case "insurance":
                Insurance(e);
                break;
            default:
                throw new InvalidOperationException(kind);
        }
    }

    private void Trade(JsonElement e)
    {
        int symbol = SymbolOf(e);
        long price = PriceTicks(e.GetProperty("price"), symbol);
        long lots = Lots(e.GetProperty("qty"), symbol);
        bool isLiquidation = e.GetProperty("taker").ValueKind == JsonValueKind.String;
        Order maker = _orders[e.GetProperty("maker").GetUInt64()];
        AccountChange change;
        if (isLiquidation)
        {
            change = Tell(symbol, _liquidated!.Id, CloseEvent(BookEventKind.Fill, price, lots));
        }
        else
        {
            Order taker = _orders[e.GetProperty("taker").GetUInt64()];
            change = TellFill(taker, e.GetProperty("taker").GetUInt64(), price, lots, BookEventFlags.None);
        }

        Assert.Equal(Money(e.GetProperty("takerFee")), change.FeeE8);
        Assert.Equal(Money(e.GetProperty("takerPnl")), change.RealisedE8);
        BookEventFlags flags = BookEventFlags.Maker | (isLiquidation ? BookEventFlags.AgainstLiquidation : BookEventFlags.None);
        change = TellFill(maker, e.GetProperty("maker").GetUInt64(), price, lots, flags);
        Assert.Equal(Money(e.GetProperty("makerFee")), change.FeeE8);
        Assert.Equal(Money(e.GetProperty("makerPnl")), change.RealisedE8);
    }

    private AccountChange TellFill(Order order, ulong id, long price, long lots, BookEventFlags flags)
    {
        order.Leaves -= lots;
        return Tell(order.Terms.Symbol, order.Account, new BookEvent
        {
            Kind = BookEventKind.Fill,
            Flags = flags | SellFlag(order.Terms.Side),
            PositionSide = order.Terms.PositionSide,
            OrderId = id,
            PriceTicks = price,
            Lots = lots,
            LeavesLots = order.Leaves,
            MarkTicks = _market[order.Terms.Symbol].MarkTicks,
        });
    }

    private void End(JsonElement e)
    {
        Order order = OrderOf(e);
        if (Reason(e) == "RISK" && !_risked.Contains(order.Account))
        {
            FinishLiquidation();
            Assert.False(_accounts[order.Account - 1].IsPayable(_market));
            _risked.Add(order.Account);
        }

        TellOrder(e, order, e.GetProperty("e").GetString() == "expired" ? BookEventKind.Expired : BookEventKind.Canceled);
    }

    private readonly HashSet<uint> _risked = [];

    private void Amended(JsonElement e)
    {
        Order order = OrderOf(e);
        long lots = Lots(e.GetProperty("qty"), order.Terms.Symbol);
        order.Leaves += lots - order.Terms.Lots;
        order.Terms.Lots = lots;
        order.Terms.PriceTicks = PriceTicks(e.GetProperty("price"), order.Terms.Symbol);
        Tell(order.Terms.Symbol, order.Account, new BookEvent
        {
            Kind = BookEventKind.Amended,
            OrderId = e.GetProperty("id").GetUInt64(),
            PriceTicks = order.Terms.PriceTicks,
            Lots = lots,
            LeavesLots = order.Leaves,
            Amount = _amend.ReserveTicks,
            MarkTicks = _amend.WorstTicks,
        });
    }

    private void Triggered(JsonElement e)
    {
        FinishLiquidation();
        Order order = OrderOf(e);
        TellOrder(e, order, BookEventKind.Triggered);
        if (order.Terms.Has(OrderFlags.ClosePosition))
        {
            PositionLeg leg = _accounts[order.Account - 1].PositionOf(order.Terms.Symbol, order.Terms.PositionSide.Leg());
            order.Leaves = order.Terms.Lots = leg.SizeLots;
        }
    }

    private void TellOrder(JsonElement e, Order order, BookEventKind kind) =>
        Tell(order.Terms.Symbol, order.Account, new BookEvent
        {
            Kind = kind,
            OrderId = e.GetProperty("id").GetUInt64(),
            PositionSide = order.Terms.PositionSide,
            Lots = kind == BookEventKind.Trimmed ? order.Terms.Lots : order.Leaves,
            LeavesLots = kind is BookEventKind.Trimmed or BookEventKind.Triggered ? order.Leaves : 0,
        });

    private void Funding(JsonElement e) => Tell(SymbolOf(e), AccountOf(e).Id, new BookEvent
    {
        Kind = BookEventKind.Funding,
        PositionSide = SideOfPosition(e),
        Amount = Money(e.GetProperty("amount")),
    });

    private void Insurance(JsonElement e)
    {
        long amount = Money(e.GetProperty("amount"));
        switch (Reason(e))
        {
            case "FUNDING_REMAINDER":
                _fundE8 += amount;
                break;
            case "BAD_DEBT":
                FinishLiquidation();
                Assert.Equal(-amount, _debtPaidE8);
                _debtPaidE8 = 0;
                break;
            default:
                if (amount < 0)
                    _spentE8 -= amount;
                else
                    _earnedE8 += amount;
                Tell(_close.Symbol, _liquidated!.Id, new BookEvent
                {
                    Kind = BookEventKind.Insurance,
                    PositionSide = _close.PositionSide,
                    Flags = BookEventFlags.Liquidation,
                    Amount = -amount,
                });
                break;
        }
    }

    private long _debtPaidE8;

    private void Adl(JsonElement e)
    {
        int symbol = SymbolOf(e);
        long price = PriceTicks(e.GetProperty("price"), symbol);
        long lots = Lots(e.GetProperty("qty"), symbol);
        AccountChange change = Tell(symbol, _liquidated!.Id, CloseEvent(BookEventKind.Adl, price, lots));
        Assert.Equal(Money(e.GetProperty("pnl")), change.RealisedE8);

        // The counterparty's leg is the one opposite to what is closed.
        Side side = CloseSide.Opposite();
        MarginAccount other = _accounts[Array.IndexOf(_names, e.GetProperty("counterparty").GetString())];
        change = Tell(symbol, other.Id, new BookEvent
        {
            Kind = BookEventKind.Adl,
            Flags = SellFlag(side),
            PositionSide = !other.IsHedge ? PositionSide.Both : side == Side.Sell ? PositionSide.Long : PositionSide.Short,
            PriceTicks = price,
            Lots = lots,
            MarkTicks = _market[symbol].MarkTicks,
        });
        Assert.Equal(Money(e.GetProperty("counterpartyPnl")), change.RealisedE8);
    }

    private void Liquidation(JsonElement e)
    {
        MarginAccount account = AccountOf(e);
        FinishClose();
        Begin(account);
        LiquidationStep step = NextClose();
        int symbol = SymbolOf(e);
        Assert.Equal(symbol, step.Symbol);
        Assert.Equal(e.GetProperty("full").GetBoolean(), step.Kind == LiquidationStepKind.CloseFull);
        Assert.Equal(SideOfPosition(e), step.PositionSide);
        Assert.Equal(Lots(e.GetProperty("qty"), symbol), step.Lots);
        Assert.Equal(PriceTicks(e.GetProperty("bankruptcyPrice"), symbol), step.BankruptcyTicks);
        _close = step;
        _closeSide = account.PositionOf(symbol, step.PositionSide.Leg()).Lots > 0 ? Side.Sell : Side.Buy;
        _isClosing = true;
    }

    private Side _closeSide;

    private Side CloseSide => _closeSide;

    private BookEvent CloseEvent(BookEventKind kind, long price, long lots) => new()
    {
        Kind = kind,
        Flags = BookEventFlags.Liquidation | SellFlag(CloseSide),
        PositionSide = _close.PositionSide,
        PriceTicks = price,
        Lots = lots,
        MarkTicks = _market[_close.Symbol].MarkTicks,
    };

    private void Begin(MarginAccount account)
    {
        if (_liquidated == account)
            return;
        FinishLiquidation();
        Assert.True(account.TryBeginLiquidation(_market), $"account {account.Id} is not under");
        _liquidated = account;
    }

    /// <summary>Works settlements and grants until a close is to be sent.</summary>
    private LiquidationStep NextClose()
    {
        while (true)
        {
            LiquidationStep step = _liquidated!.NextLiquidationStep(_market);
            switch (step.Kind)
            {
                case LiquidationStepKind.Settle:
                    _fundE8 += step.EarnedE8 - step.AmountE8;
                    _liquidated.LiquidationSettled(step.Liquidation, step.Step);
                    break;
                case LiquidationStepKind.Reserve:
                    _liquidated.LiquidationGranted(step.Liquidation, step.Step, Math.Min(_fundE8, step.AmountE8), _market);
                    break;
                case LiquidationStepKind.ReserveDebt:
                    _debtPaidE8 = Math.Min(_fundE8, step.AmountE8);
                    _liquidated.LiquidationGranted(step.Liquidation, step.Step, _debtPaidE8, _market);
                    break;
                default:
                    return step;
            }
        }
    }

    private void FinishClose()
    {
        if (!_isClosing)
            return;
        _isClosing = false;
        Tell(_close.Symbol, _liquidated!.Id, new BookEvent
        {
            Kind = BookEventKind.Closed,
            PositionSide = _close.PositionSide,
            OrderId = _close.Liquidation,
            LeavesLots = _close.Step,
            Amount = _spentE8,
            PriceTicks = _earnedE8,
        });
        _spentE8 = 0;
        _earnedE8 = 0;
    }

    private void FinishLiquidation()
    {
        FinishClose();
        if (_liquidated is null)
            return;
        Assert.Equal(LiquidationStepKind.Done, NextClose().Kind);
        _liquidated = null;
    }

    private AccountChange Tell(int symbol, uint account, BookEvent e)
    {
        AccountChange change = default;
        e.Account = account;
        e.TimeMs = _timeMs;
        e.Number = ++_numbers[symbol, account - 1];
        Assert.Equal(EventOutcome.Applied, _accounts[account - 1].Apply(symbol, in e, _market, ref change));
        return change;
    }

    private MarginAccount AccountOfOrder(JsonElement e) => _accounts[OrderOf(e).Account - 1];

    private Order OrderOf(JsonElement e) => _orders[e.GetProperty("id").GetUInt64()];

    private static string Reason(JsonElement e) => e.TryGetProperty("reason", out JsonElement reason) ? reason.GetString()! : "";

    private static BookEventFlags SellFlag(Side side) => side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None;
}
