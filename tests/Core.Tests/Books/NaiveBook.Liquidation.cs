using System.Numerics;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// The book's part of a liquidation, and auto-deleveraging (docs/rules/liquidation.md 7.3, 7.4).
internal sealed partial class NaiveBook
{
    private static readonly BigInteger ScoreBound = BigInteger.Pow(10, 15);

    /// <summary>A partial step: as many lots as the book takes at the bankruptcy price or better.</summary>
    private CommandOutcome Close(NaiveAccount account, BookInput input)
    {
        SettleBeforeClose(account);
        if (account.LastNumber > input.Number)
            return Refused(RejectReason.Moved);
        NaiveClose close = Begin(account, input, input.Lots);
        CloseAgainstBook(close);
        return Finish(close);
    }

    /// <summary>The rest: book, then fund, then the other side's positions.</summary>
    private CommandOutcome CloseFull(NaiveAccount account, BookInput input)
    {
        SettleBeforeClose(account);
        if (account.LastNumber > input.Number)
            return Refused(RejectReason.Moved);
        NaiveClose close = Begin(account, input, Math.Abs(account.Lots[input.Terms.PositionSide.Leg()]));
        CloseAgainstBook(close);
        if (input.Amount > 0)
            CloseWithFund(close, input.Amount);
        while (close.Lots > 0)
            Deleverage(close);
        return Finish(close);
    }

    private NaiveClose Begin(NaiveAccount account, BookInput input, long lots)
    {
        int leg = input.Terms.PositionSide.Leg();
        var close = new NaiveClose(account, input, account.Lots[leg] > 0 ? Side.Sell : Side.Buy, lots);
        BookEvent e = close.Event(BookEventKind.Liquidation);
        e.OrderId = input.Liquidation;
        e.Lots = lots;
        e.LeavesLots = input.Step;
        e.Flags &= ~BookEventFlags.Liquidation; // Its kind says it.
        e.Flags |= input.Kind == BookInputKind.CloseFull ? BookEventFlags.FullOrKept : BookEventFlags.None;
        Emit(account.Id, e);
        return close;
    }

    private CommandOutcome Finish(NaiveClose close)
    {
        Emit(close.Account.Id, new BookEvent
        {
            Kind = BookEventKind.Closed,
            PositionSide = close.Input.Terms.PositionSide,
            OrderId = close.Input.Liquidation,
            LeavesLots = close.Input.Step,
            Amount = (long)close.SpentE8,
            PriceTicks = (long)close.EarnedE8,
        });
        _result.SpentE8 = (long)close.SpentE8;
        _result.EarnedE8 = (long)close.EarnedE8;
        return default;
    }

    private void CloseAgainstBook(NaiveClose close)
    {
        while (close.Lots > 0 && BestForeign(close, close.BankruptcyTicks) is { } maker)
        {
            long lots = Math.Min(close.Lots, maker.Leaves);

            // Only out of what the fill was better than the bankruptcy price: the rest cannot become bankrupt by it.
            BigInteger fee = BigInteger.Min(
                Ceiling(Notional(maker.PriceTicks, lots) * instrument.LiquidationFeeRateE8, One),
                Notional(Math.Abs(maker.PriceTicks - close.BankruptcyTicks), lots));
            BigInteger rebate = Floor(Notional(maker.PriceTicks, lots) * Math.Max(0, -instrument.MakerRateE8), One);
            CloseTrade(close, maker, lots, fee < rebate ? BookEventFlags.NoRebate : BookEventFlags.None);
            close.EarnedE8 += fee;
            EmitInsurance(close, maker.PriceTicks, lots, -fee);
        }
    }

    private void CloseWithFund(NaiveClose close, long grantE8)
    {
        long bound = ProtectionPrice(close.Side);
        while (close.Lots > 0 && BestForeign(close, bound) is { } maker)
        {
            BigInteger costPerLot = Notional(Math.Abs(maker.PriceTicks - close.BankruptcyTicks), 1);
            BigInteger payable = Floor(grantE8 + close.EarnedE8 - close.SpentE8, costPerLot);
            long lots = (long)BigInteger.Min(payable, Math.Min(close.Lots, maker.Leaves));
            if (lots == 0)
                return;
            CloseTrade(close, maker, lots);
            close.SpentE8 += costPerLot * lots;
            EmitInsurance(close, maker.PriceTicks, lots, costPerLot * lots);
        }
    }

    /// <summary>The best order the close may trade with; the account's own in front of it expire.</summary>
    private NaiveOrder? BestForeign(NaiveClose close, long limitTicks)
    {
        while (Best(close.Side.Opposite()) is { } best && IsWithin(close.Side, best.PriceTicks, limitTicks))
        {
            if (best.Account != close.Account.Id)
                return best;
            End(best, EndReason.Stp);
        }

        return null;
    }

    private void CloseTrade(NaiveClose close, NaiveOrder maker, long lots, BookEventFlags ofMaker = BookEventFlags.None)
    {
        long price = maker.PriceTicks;
        NaiveAccount makerAccount = _accounts[maker.Account];
        PayFunding(close.Account);
        PayFunding(makerAccount);

        close.Lots -= lots;
        maker.Filled += lots;
        ChangePosition(close.Account, close.Input.Terms.PositionSide, close.Side, lots, price);
        ChangePosition(makerAccount, maker.Terms.PositionSide, maker.Side, lots, price);
        _tradeCount++;

        BookEvent e = close.Event(BookEventKind.Fill);
        e.PriceTicks = price;
        e.Lots = lots;
        e.LeavesLots = close.Lots;
        e.OtherId = maker.Id;
        e.Amount = _tradeCount;
        Emit(close.Account.Id, e);
        Emit(maker.Account, FillEvent(maker, price, lots, 0, BookEventFlags.Maker | BookEventFlags.AgainstLiquidation | ofMaker));
        if (maker.Leaves == 0)
            Settle(maker, OrderStatus.Filled, EndReason.None);
        SetLast(price);
        TrimAfterChange(close.Account, makerAccount);
    }

    private void EmitInsurance(NaiveClose close, long price, long lots, BigInteger amountE8)
    {
        if (amountE8.IsZero)
            return;
        Emit(close.Account.Id, new BookEvent
        {
            Kind = BookEventKind.Insurance,
            PositionSide = close.Input.Terms.PositionSide,
            PriceTicks = price,
            Lots = lots,
            LeavesLots = close.Lots,
            Amount = (long)amountE8,
        });
    }

    /// <summary>Moves what one counterparty has, at the bankruptcy price: no trade, no fee, the last price stays.</summary>
    private void Deleverage(NaiveClose close)
    {
        (NaiveAccount other, int leg) = Candidates(close)
            .OrderByDescending(c => Score(c.Account, c.Leg)).ThenBy(c => c.Account.Id).ThenBy(c => c.Leg).First();
        long lots = Math.Min(close.Lots, Math.Abs(other.Lots[leg]));
        PositionSide otherHeld = leg == 1 ? PositionSide.Short : other.HeldAs[leg];
        EndAll(other.Id, EndReason.Adl);
        PayFunding(close.Account);
        PayFunding(other);

        close.Lots -= lots;
        ChangePosition(close.Account, close.Input.Terms.PositionSide, close.Side, lots, close.BankruptcyTicks);
        ChangePosition(other, otherHeld, close.Side.Opposite(), lots, close.BankruptcyTicks);

        BookEvent e = close.Event(BookEventKind.Adl);
        e.Lots = lots;
        e.OtherId = other.Id;
        Emit(close.Account.Id, e);
        Emit(other.Id, new BookEvent
        {
            Kind = BookEventKind.Adl,
            Flags = close.Side == Side.Sell ? BookEventFlags.None : BookEventFlags.Sell,
            PositionSide = otherHeld,
            PriceTicks = close.BankruptcyTicks,
            Lots = lots,
            OtherId = close.Account.Id,
        });
        TrimAfterChange(close.Account, other);
    }

    /// <summary>Every position opposite to the one being closed, the account's own other leg too.</summary>
    private IEnumerable<(NaiveAccount Account, int Leg)> Candidates(NaiveClose close) =>
        from account in _accounts.Values
        from leg in new[] { 0, 1 }
        where close.Side == Side.Sell ? account.Lots[leg] < 0 : account.Lots[leg] > 0
        select (account, leg);

    /// <summary>Profit in per cent times leverage; a loser's rank is the better the smaller the loss and the higher the leverage.</summary>
    private BigInteger Score(NaiveAccount account, int leg)
    {
        BigInteger value = Notional(MarkTicks, Math.Abs(account.Lots[leg]));
        BigInteger cost = account.CostE8[leg];
        BigInteger unrealised = account.Lots[leg] > 0 ? value - cost : cost - value;
        BigInteger percent = BigInteger.Min(ScoreBound, BigInteger.Abs(unrealised) * One / cost);
        BigInteger leverage = BigInteger.Min(
            ScoreBound, BigInteger.Max(1, value * 10_000 / Math.Max(1, account.EquityE8[leg])));
        return unrealised > 0 ? percent * leverage : -(percent * ScoreBound / leverage);
    }
}

/// <summary>A close on its way: what is left of it, and what the fund gained and paid.</summary>
internal sealed class NaiveClose(NaiveAccount account, BookInput input, Side side, long lots)
{
    public NaiveAccount Account => account;
    public BookInput Input => input;
    public Side Side => side;
    public long BankruptcyTicks => input.BankruptcyTicks;
    public long Lots { get; set; } = lots;
    public BigInteger EarnedE8 { get; set; }
    public BigInteger SpentE8 { get; set; }

    public BookEvent Event(BookEventKind kind) => new()
    {
        Kind = kind,
        Flags = BookEventFlags.Liquidation | (side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None),
        PositionSide = input.Terms.PositionSide,
        PriceTicks = input.BankruptcyTicks,
    };
}
