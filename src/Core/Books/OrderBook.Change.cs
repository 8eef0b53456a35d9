using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Cancels, amends and the countdown (docs/rules/matching.md 3.7, 3.8).
public sealed partial class OrderBook
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RejectReason Cancel(in BookInput input, ref BookAccount account, int accountSlot)
    {
        int slot = _orders.Find(input.OrderId);
        if (slot == OrderTable.Nil)
            return RejectReason.UnknownOrder;
        ref Order order = ref _orders[slot];
        if (order.AccountSlot != accountSlot)
            return RejectReason.UnknownOrder;
        End(ref order, slot, ref account, input.Reason == EndReason.None ? EndReason.User : input.Reason);
        return RejectReason.None;
    }

    private void SetCountdown(in BookInput input, int accountSlot)
    {
        ref BookAccount account = ref _accounts[accountSlot];
        if (account.CountdownMs != 0)
            _countdowns.Remove(accountSlot);
        account.CountdownMs = input.Amount == 0 ? 0 : _timeMs + input.Amount;
        if (account.CountdownMs != 0)
            AddCountdown(accountSlot, account.CountdownMs, account.Account);
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

    private RejectReason Amend(in BookInput input, ref BookAccount account, int accountSlot)
    {
        RejectReason refusal = JudgeAmend(input.Account, input.OrderId, input.Fields, input.PriceTicks, input.Lots);
        if (refusal != RejectReason.None)
            return refusal;

        int slot = _orders.Find(input.OrderId);
        ref Order order = ref _orders[slot];
        long price = (input.Fields & OrderFields.Price) != 0 ? input.PriceTicks : order.PriceTicks;
        long total = (input.Fields & OrderFields.Lots) != 0 ? input.Lots : order.TotalLots;
        if (total <= order.Filled)
        {
            End(ref order, slot, ref account, EndReason.Amend);
            return RejectReason.None;
        }

        if (!_state.Takes(order.IsReducing))
            return RejectReason.SymbolNotTrading;

        long leaves = total - order.Filled;
        bool keeps = price == order.PriceTicks && leaves < order.Leaves;
        (long reserve, long worst) = AmendReserve(slot, in input, price);
        if (keeps)
            SetLeaves(ref order, leaves);
        else
            Unrest(ref order, ref account);
        order.Leaves = leaves;
        order.PriceTicks = price;

        ref BookEvent e = ref EmitOrder(ref account, BookEventKind.Amended, in order);
        e.Amount = reserve;
        e.MarkTicks = worst;
        if (keeps)
            e.Flags |= BookEventFlags.FullOrKept;
        else
            Reenter(ref order, slot, ref account, input.PostOnlyTradesOnAmend);
        return RejectReason.None;
    }

    /// <summary>The order's reserve and worst price after an amend to this price; an order for which both are its price stays plain.</summary>
    private (long ReserveTicks, long WorstTicks) AmendReserve(int slot, in BookInput input, long price)
    {
        ref Order order = ref _orders[slot];
        if (!order.IsDetailed)
        {
            long reserve = input.ReserveTicks != 0 ? input.ReserveTicks : order.PriceTicks;
            long worst = input.WorstTicks != 0 ? input.WorstTicks : order.PriceTicks;
            if (reserve == price && worst == price)
                return (reserve, worst);
        }

        ref OrderDetail detail = ref _orders.MakeDetail(slot);
        if (input.ReserveTicks != 0)
            detail.ReserveTicks = input.ReserveTicks;
        if (input.WorstTicks != 0)
            detail.WorstTicks = input.WorstTicks;
        return (detail.ReserveTicks, detail.WorstTicks);
    }

    /// <summary>An amended order that lost its place enters as new.</summary>
    private void Reenter(ref Order order, int slot, ref BookAccount account, bool postOnlyTrades)
    {
        order.Phase = OrderPhase.Taking;
        if (order.IsReducing)
        {
            long most = Reducible(in account, order.Side, order.PositionSide);
            Invariant.Holds(most > 0); // A resting reducing order never outlives its position.
            if (order.Leaves > most)
                Trim(ref account, ref order, most);
        }

        EnterLimit(ref order, slot, ref account, postOnlyTrades);
    }

    /// <summary>A limit order already accepted starts to match: post-only ones expire where they would take.</summary>
    private void EnterLimit(ref Order order, int slot, ref BookAccount account, bool postOnlyTrades)
    {
        bool crosses = Crosses(order.Side, order.PriceTicks);
        if (!crosses)
            LeaveRemainder(ref order, slot, ref account);
        else if (order.TimeInForce == TimeInForce.Gtx && !postOnlyTrades)
            End(ref order, slot, ref account, EndReason.PostOnly);
        else
            Take(ref order, slot, ref account, order.PriceTicks);
    }
}
