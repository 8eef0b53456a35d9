using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

// Placing, amending, canceling, timers (docs/rules/matching.md 2, 3.3, 3.7, 3.8).
internal sealed partial class NaiveBook
{
    private const int ClientIdsPerAccount = 1_024;

    private CommandOutcome Place(NaiveAccount account, BookInput input)
    {
        OrderTerms terms = input.Terms;
        RejectReason refusal = JudgePlace(account, input);
        if (refusal != RejectReason.None)
            return Refused(refusal);

        var order = new NaiveOrder
        {
            Id = input.OrderId,
            Account = account.Id,
            Terms = terms,
            Total = terms.Lots,
            PriceTicks = terms.PriceTicks,
            ReserveTicks = input.ReserveTicks,
            WorstTicks = input.WorstTicks,
            Phase = terms.Type.IsConditional() ? NaivePhase.Waiting : NaivePhase.Taking,
        };
        _open.Add(order);
        EmitOrder(order, BookEventKind.Accepted, otherId: ((ulong)(ushort)input.Epoch << 48) | ((ulong)input.Batch << 16) | input.Index);
        RememberClientId(account, order);

        if (terms.Type.IsConditional())
        {
            if (terms.Type == OrderType.TrailingStopMarket)
                Activate(order, WorkingPrice(terms) == 0 ? MarkTicks : WorkingPrice(terms));
            return new CommandOutcome(RejectReason.None, order.Id);
        }

        if (order.IsReducing)
            TrimTo(order, Reducible(account, order));
        Enter(order, TakingLimit(order));
        return new CommandOutcome(RejectReason.None, order.Id);
    }

    /// <summary>Checks 1 (again), 13, 14 and 16.</summary>
    private RejectReason JudgePlace(NaiveAccount account, BookInput input)
    {
        OrderTerms terms = input.Terms;
        if (MarkTicks == 0 || !Takes(terms.IsReducing))
            return RejectReason.SymbolNotTrading;
        if (account.IsOverOutbox)
            return RejectReason.OutboxFull;

        if (terms.Type.IsConditional())
        {
            bool isStop = terms.Type != OrderType.TrailingStopMarket;
            return isStop && WorkingPrice(terms) != 0 && Reaches(terms, WorkingPrice(terms))
                ? RejectReason.WouldTrigger
                : RejectReason.None;
        }

        if (terms.IsReducing && Reducible(account, terms.Side, terms.PositionSide.Leg()) == 0)
            return RejectReason.ReduceOnlyReject;
        if (terms.TimeInForce == TimeInForce.Gtx && Crosses(terms.Side, terms.PriceTicks))
            return RejectReason.PostOnlyWouldCross;
        if (terms.TimeInForce == TimeInForce.Fok && !WouldFill(input))
            return RejectReason.FokWouldNotFill;
        return RejectReason.None;
    }

    private bool Takes(bool reducing) => _state == TradingState.Trading || (_state == TradingState.ReduceOnly && reducing);

    private bool Crosses(Side side, long limitTicks) => Best(side.Opposite()) is { } best && IsWithin(side, best.PriceTicks, limitTicks);

    /// <summary>Tried out on a copy of the book, with all its rules: own orders, reducing makers, what there is to reduce.</summary>
    private bool WouldFill(BookInput input)
    {
        NaiveBook copy = CopyForTrial();
        BookInput trial = input;
        trial.Terms.TimeInForce = TimeInForce.Ioc;
        copy.Place(copy._accounts[input.Account], trial);
        return copy._result.Events
            .Where(e => e.Kind == BookEventKind.Fill && e.OrderId == input.OrderId)
            .Sum(e => e.Lots) == input.Terms.Lots;
    }

    private NaiveBook CopyForTrial()
    {
        var copy = new NaiveBook(instrument)
        {
            MarkTicks = MarkTicks,
            LastTicks = LastTicks,
            _timeMs = _timeMs,
            _lastArrival = _lastArrival,
        };
        foreach (NaiveOrder order in _open)
            copy._open.Add(order.Copy());
        foreach (NaiveAccount account in _accounts.Values)
            copy._accounts.Add(account.Id, account.CopyOfPosition());
        return copy;
    }

    private CommandOutcome Amend(NaiveAccount account, BookInput input)
    {
        if (FindOpen(input.OrderId, account.Id) is not { } order)
            return Refused(RejectReason.UnknownOrder);
        if (order.Terms.Type != OrderType.Limit)
            return Refused(RejectReason.NotAmendable);

        long price = (input.Fields & OrderFields.Price) != 0 ? input.PriceTicks : order.PriceTicks;
        long total = (input.Fields & OrderFields.Lots) != 0 ? input.Lots : order.Total;
        if (price == order.PriceTicks && total == order.Total)
            return Refused(RejectReason.NoChange);

        var accepted = new CommandOutcome(RejectReason.None, order.Id);
        if (total <= order.Filled)
        {
            End(order, EndReason.Amend);
            return accepted;
        }

        if (!Takes(order.IsReducing))
            return Refused(RejectReason.SymbolNotTrading);

        bool keepsPlace = price == order.PriceTicks && total < order.Total;
        order.PriceTicks = price;
        order.Total = total;
        order.ReserveTicks = input.ReserveTicks != 0 ? input.ReserveTicks : order.ReserveTicks;
        order.WorstTicks = input.WorstTicks != 0 ? input.WorstTicks : order.WorstTicks;
        EmitOrder(order, BookEventKind.Amended, flags: keepsPlace ? BookEventFlags.FullOrKept : BookEventFlags.None);
        if (keepsPlace)
            return accepted;

        order.Phase = NaivePhase.Taking;
        if (order.IsReducing)
            TrimTo(order, Reducible(account, order));
        if (order.Terms.TimeInForce == TimeInForce.Gtx && Crosses(order.Side, price) && !input.PostOnlyTradesOnAmend)
            End(order, EndReason.PostOnly);
        else
            Enter(order, price);
        return accepted;
    }

    private CommandOutcome Cancel(NaiveAccount account, BookInput input)
    {
        if (FindOpen(input.OrderId, account.Id) is not { } order)
            return Refused(RejectReason.UnknownOrder);
        End(order, input.Reason == EndReason.None ? EndReason.User : input.Reason);
        return new CommandOutcome(RejectReason.None, order.Id);
    }

    private CommandOutcome CancelAll(NaiveAccount account, BookInput input)
    {
        EndAll(account.Id, input.Reason == EndReason.None ? EndReason.User : input.Reason);
        return default;
    }

    private CommandOutcome SetCountdown(NaiveAccount account, BookInput input)
    {
        account.CountdownMs = input.Amount == 0 ? 0 : _timeMs + input.Amount;
        return default;
    }

    /// <summary>Good-till-date orders by (time, id), then countdowns by (deadline, account).</summary>
    private void FireTimers()
    {
        foreach (NaiveOrder order in _open
            .Where(o => o.Terms.TimeInForce == TimeInForce.Gtd && o.Terms.GtdMs <= _timeMs)
            .OrderBy(o => o.Terms.GtdMs).ThenBy(o => o.Id).ToList())
            End(order, EndReason.Gtd);

        foreach (NaiveAccount account in _accounts.Values
            .Where(a => a.CountdownMs != 0 && a.CountdownMs <= _timeMs)
            .OrderBy(a => a.CountdownMs).ThenBy(a => a.Id).ToList())
        {
            account.CountdownMs = 0;
            EndAll(account.Id, EndReason.Countdown);
        }
    }

    private void EndAll(uint account, EndReason reason)
    {
        foreach (NaiveOrder order in OrdersOf(account))
            End(order, reason);
    }

    private void RememberClientId(NaiveAccount account, NaiveOrder order)
    {
        OrderTerms terms = order.Terms;
        if (terms.ClientKey.IsNone || !terms.Has(OrderFlags.ReturnRepeats) || account.ClientIds.Exists(r => r.Key == terms.ClientKey))
            return;
        if (account.ClientIds.Count == ClientIdsPerAccount)
            account.ClientIds.RemoveAt(0);
        account.ClientIds.Add(new RememberedOrder(terms.ClientKey, terms.ContentHash(), order.Id, 0));
    }

    /// <summary>No order is open any more once it comes here; its client id remembers how it ended.</summary>
    private void Settle(NaiveOrder order, OrderStatus status, EndReason reason)
    {
        _open.Remove(order);
        List<RememberedOrder> ring = _accounts[order.Account].ClientIds;
        int at = ring.FindIndex(r => r.OrderId == order.Id);
        if (at >= 0)
            ring[at] = ring[at] with { OutcomeBits = (ulong)status | ((ulong)reason << 8) | ((ulong)order.Filled << 16) };
    }

    private void End(NaiveOrder order, EndReason reason)
    {
        Settle(order, reason.IsCanceled() ? OrderStatus.Canceled : OrderStatus.Expired, reason);
        BookEvent e = OrderEvent(order, reason.IsCanceled() ? BookEventKind.Canceled : BookEventKind.Expired);
        e.Reason = reason;
        e.Lots = order.Leaves;
        e.LeavesLots = 0;
        Emit(order.Account, e);
    }

    /// <summary>Cuts a reducing order to what there is to reduce.</summary>
    private void TrimTo(NaiveOrder order, long lots)
    {
        if (order.Leaves <= lots)
            return;
        order.Total = order.Filled + lots;
        EmitOrder(order, BookEventKind.Trimmed);
    }

    private void EmitOrder(NaiveOrder order, BookEventKind kind, ulong otherId = 0, BookEventFlags flags = BookEventFlags.None)
    {
        BookEvent e = OrderEvent(order, kind);
        e.OtherId = otherId;
        e.Flags |= flags;
        if (kind is BookEventKind.Accepted or BookEventKind.Amended)
        {
            e.Amount = order.ReserveTicks;
            e.MarkTicks = order.WorstTicks;
        }

        Emit(order.Account, e);
    }

    private static BookEvent OrderEvent(NaiveOrder order, BookEventKind kind) => new()
    {
        Kind = kind,
        Flags = order.Side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None,
        PositionSide = order.Terms.PositionSide,
        OrderId = order.Id,
        PriceTicks = order.PriceTicks,
        Lots = order.Total,
        LeavesLots = order.Leaves,
    };
}
