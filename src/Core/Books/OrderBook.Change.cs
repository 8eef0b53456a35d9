using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Cancels, amends and the countdown (docs/rules/matching.md 3.7, 3.8).
public sealed partial class OrderBook
{
    private CommandOutcome Cancel(in BookInput input, int accountSlot)
    {
        int slot = _orders.Find(input.OrderId);
        if (slot == OrderTable.Nil || _orders[slot].AccountSlot != accountSlot)
            return Reject(RejectReason.UnknownOrder);
        End(slot, input.Reason == EndReason.None ? EndReason.User : input.Reason);
        return new CommandOutcome(RejectReason.None, input.OrderId);
    }

    private CommandOutcome CancelAll(int accountSlot, EndReason reason)
    {
        EndAll(accountSlot, reason == EndReason.None ? EndReason.User : reason);
        return default;
    }

    /// <summary>Ends all open orders of an account, waiting ones too, by id.</summary>
    private void EndAll(int accountSlot, EndReason reason)
    {
        while (_accounts[accountSlot].OrdersHead != OrderTable.Nil)
            End(_accounts[accountSlot].OrdersHead, reason);
    }

    private CommandOutcome SetCountdown(in BookInput input, int accountSlot)
    {
        ref BookAccount account = ref _accounts[accountSlot];
        if (account.CountdownMs != 0)
            _countdowns.Remove(accountSlot);
        account.CountdownMs = input.Amount == 0 ? 0 : _timeMs + input.Amount;
        if (account.CountdownMs != 0)
            _countdowns.Add(accountSlot, account.CountdownMs, account.Account);
        return default;
    }

    /// <summary>What an amend asks for is judged here before the account's own checks, so that Embedded answers in the table's order.</summary>
    public RejectReason JudgeAmend(uint account, ulong orderId, OrderFields fields, long priceTicks, long lots)
    {
        int slot = _orders.Find(orderId);
        if (slot == OrderTable.Nil || _accounts[_orders[slot].AccountSlot].Account != account)
            return RejectReason.UnknownOrder;
        ref readonly Order order = ref _orders[slot];
        if (order.Type != OrderType.Limit)
            return RejectReason.NotAmendable;
        bool samePrice = (fields & OrderFields.Price) == 0 || priceTicks == order.PriceTicks;
        bool sameLots = (fields & OrderFields.Lots) == 0 || lots == order.TotalLots;
        return samePrice && sameLots ? RejectReason.NoChange : RejectReason.None;
    }

    private CommandOutcome Amend(in BookInput input, int accountSlot)
    {
        RejectReason refusal = JudgeAmend(input.Account, input.OrderId, input.Fields, input.PriceTicks, input.Lots);
        if (refusal != RejectReason.None)
            return Reject(refusal);

        int slot = _orders.Find(input.OrderId);
        ref Order order = ref _orders[slot];
        long price = (input.Fields & OrderFields.Price) != 0 ? input.PriceTicks : order.PriceTicks;
        long total = (input.Fields & OrderFields.Lots) != 0 ? input.Lots : order.TotalLots;
        if (total <= order.Filled)
        {
            End(slot, EndReason.Amend);
            return new CommandOutcome(RejectReason.None, input.OrderId);
        }

        if (_state != TradingState.Trading && (_state == TradingState.Halted || !order.IsReducing))
            return Reject(RejectReason.SymbolNotTrading);

        ref BookAccount account = ref _accounts[accountSlot];
        long leaves = total - order.Filled;
        bool keeps = price == order.PriceTicks && leaves < order.Leaves;
        ref OrderDetail detail = ref _orders.Detail(slot);
        if (input.ReserveTicks != 0)
            detail.ReserveTicks = input.ReserveTicks;
        if (input.WorstTicks != 0)
            detail.WorstTicks = input.WorstTicks;
        if (keeps)
            SetLeaves(ref order, leaves);
        else
            Unrest(slot);
        order.Leaves = leaves;
        order.PriceTicks = price;

        ref BookEvent e = ref EmitForOrder(ref account, BookEventKind.Amended, in order);
        e.Amount = detail.ReserveTicks;
        e.MarkTicks = detail.WorstTicks;
        if (keeps)
            e.Flags |= BookEventFlags.FullOrKept;
        else
            Reenter(slot, input.PostOnlyTradesOnAmend);
        return new CommandOutcome(RejectReason.None, input.OrderId);
    }

    /// <summary>An amended order that lost its place enters as new.</summary>
    private void Reenter(int slot, bool postOnlyTrades)
    {
        ref Order order = ref _orders[slot];
        order.Phase = OrderPhase.Taking;
        if (order.IsReducing)
        {
            ref BookAccount account = ref _accounts[order.AccountSlot];
            long most = Reducible(in account, order.Side, order.PositionSide);
            Invariant.Holds(most > 0); // A resting reducing order never outlives its position.
            if (order.Leaves > most)
                Trim(ref account, ref order, most);
        }

        EnterLimit(slot, postOnlyTrades);
    }

    /// <summary>A limit order already accepted starts to match: post-only ones expire where they would take.</summary>
    private void EnterLimit(int slot, bool postOnlyTrades)
    {
        ref Order order = ref _orders[slot];
        bool crosses = order.Side == Side.Buy ? order.PriceTicks >= _bestAskTicks : order.PriceTicks <= _bestBidTicks;
        if (!crosses)
            LeaveRemainder(slot);
        else if (order.TimeInForce == TimeInForce.Gtx && !postOnlyTrades)
            End(slot, EndReason.PostOnly);
        else
            Take(slot, order.PriceTicks);
    }
}
