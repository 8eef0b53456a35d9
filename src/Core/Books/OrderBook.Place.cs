using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Entering orders: the book's checks (docs/rules/matching.md 2: 1, 13, 14, 16), acceptance, what is done with the remainder.
public sealed partial class OrderBook
{
    /// <summary>Checks 13 and 14 of an order not yet sent: Embedded asks before check 15, so that the first failure answers.</summary>
    public RejectReason JudgeEarly(uint account, in OrderTerms terms)
    {
        bool reducing = terms.IsReducing;
        if (!terms.Type.IsConditional())
            return reducing && Reducible(_accounts.Find(account), in terms) == 0 ? RejectReason.ReduceOnlyReject : RejectReason.None;
        return terms.Type != OrderType.TrailingStopMarket && IsMetAtOnce(in terms) ? RejectReason.WouldTrigger : RejectReason.None;
    }

    private CommandOutcome Place(in BookInput input, int accountSlot)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        ref BookAccount account = ref _accounts[accountSlot];
        bool reducing = terms.IsReducing;
        if (_markTicks == 0 || (_state != TradingState.Trading && (_state == TradingState.Halted || !reducing)))
            return Reject(RejectReason.SymbolNotTrading);
        if (account.IsOverOutbox)
            return Reject(RejectReason.OutboxFull);

        if (terms.Type.IsConditional())
            return PlaceConditional(in input, accountSlot);

        long limit = terms.Type == OrderType.Market ? MarketLimit(terms.Side, input.WorstTicks) : terms.PriceTicks;
        long lots = terms.Lots;
        if (reducing)
        {
            lots = Math.Min(lots, Reducible(accountSlot, in terms));
            if (lots == 0)
                return Reject(RejectReason.ReduceOnlyReject);
        }

        bool crosses = terms.Side == Side.Buy ? limit >= _bestAskTicks : limit <= _bestBidTicks;
        if (terms.TimeInForce == TimeInForce.Gtx && crosses)
            return Reject(RejectReason.PostOnlyWouldCross);
        if (terms.TimeInForce == TimeInForce.Fok && (lots < terms.Lots || !WouldFill(accountSlot, in terms, limit)))
            return Reject(RejectReason.FokWouldNotFill);

        int slot = Accept(in input, accountSlot, reducing);
        ref Order order = ref _orders[slot];
        if (lots != terms.Lots)
            Trim(ref account, ref order, lots);
        if (crosses)
            Take(slot, limit);
        else
            LeaveRemainder(slot);
        return new CommandOutcome(RejectReason.None, input.OrderId);
    }

    private static CommandOutcome Reject(RejectReason reason) => new(reason, 0);

    private int Accept(in BookInput input, int accountSlot, bool reducing)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        Invariant.Holds(input.OrderId > _lastOrderId);
        _lastOrderId = input.OrderId;
        _accounts[accountSlot].IsHedge = terms.PositionSide != PositionSide.Both;
        int slot = OpenOrder(input.OrderId, accountSlot);
        ref Order order = ref _orders[slot];
        order.Leaves = terms.Lots;
        order.Filled = 0;
        order.PriceTicks = terms.PriceTicks;
        order.Side = terms.Side;
        order.Type = terms.Type;
        order.TimeInForce = terms.TimeInForce;
        order.Stp = terms.Stp;
        order.PositionSide = terms.PositionSide;
        order.Flags = terms.Flags;
        order.IsReducing = reducing;
        order.Phase = OrderPhase.Taking;

        ref OrderDetail detail = ref _orders.Detail(slot);
        detail.ReserveTicks = input.ReserveTicks;
        detail.WorstTicks = input.WorstTicks;
        detail.StopTicks = terms.StopTicks;
        detail.ActivationTicks = terms.ActivationTicks;
        detail.BestTicks = 0;
        detail.GtdMs = terms.GtdMs;
        detail.ClientKey = terms.ClientKey;
        detail.CallbackRateE8 = terms.CallbackRateE8;
        detail.RingEntry = 0;

        ref BookEvent e = ref EmitForOrder(ref _accounts[accountSlot], BookEventKind.Accepted, in order);
        e.OtherId = unchecked((ulong)input.Batch << 16 | input.Index);
        e.Amount = input.ReserveTicks;
        e.MarkTicks = input.WorstTicks;

        if (terms.TimeInForce == TimeInForce.Gtd)
            _gtds.Add(slot, terms.GtdMs, input.OrderId);
        if (!terms.ClientKey.IsNone && terms.Has(OrderFlags.ReturnRepeats))
            _orders.Detail(slot).RingEntry = RememberClientId(accountSlot, in terms, input.OrderId);
        return slot;
    }

    private CommandOutcome PlaceConditional(in BookInput input, int accountSlot)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        if (terms.Type != OrderType.TrailingStopMarket && IsMetAtOnce(in terms))
            return Reject(RejectReason.WouldTrigger);

        int slot = Accept(in input, accountSlot, terms.IsReducing);
        Wait(slot);
        return new CommandOutcome(RejectReason.None, input.OrderId);
    }

    /// <summary>Matches an order that reaches the other side, and deals with what is left.</summary>
    private void Take(int slot, long limitTicks)
    {
        ref Order order = ref _orders[slot];
        Taker taker = new()
        {
            OrderId = order.Id,
            AccountSlot = order.AccountSlot,
            Side = order.Side,
            PositionSide = order.PositionSide,
            Leaves = order.Leaves,
        };
        bool expired = Match(ref taker, limitTicks, order.Stp);
        unchecked
        {
            order.Filled += order.Leaves - taker.Leaves;
        }

        order.Leaves = taker.Leaves;
        if (expired)
            End(slot, EndReason.Stp);
        else
            LeaveRemainder(slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LeaveRemainder(int slot)
    {
        ref Order order = ref _orders[slot];
        if (order.Leaves == 0)
            EndFilled(slot);
        else if (order.Type.IsMarketType())
            End(slot, EndReason.Market);
        else if (order.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok)
            End(slot, EndReason.Ioc);
        else
            Rest(slot);
    }

    /// <summary>Closes an order whose last lot was filled; its last event was the fill.</summary>
    private void EndFilled(int slot)
    {
        if (_orders[slot].TimeInForce == TimeInForce.Gtd)
            _gtds.Remove(slot);
        SettleRing(slot, OrderStatus.Filled, EndReason.None);
        CloseOrder(slot);
    }

    /// <summary>What a reducing order may take: the opposite position, in lots; 0: nothing.</summary>
    private long Reducible(int accountSlot, in OrderTerms terms) =>
        accountSlot == BookAccounts.None ? 0 : Reducible(in _accounts[accountSlot], terms.Side, terms.PositionSide);

    private static long Reducible(in BookAccount account, Side side, PositionSide positionSide)
    {
        long held = account.Lots(positionSide.Leg());
        return side == Side.Sell ? Math.Max(0, held) : Math.Max(0, -held);
    }

    private void Trim(ref BookAccount account, ref Order order, long leaves)
    {
        order.Leaves = leaves;
        EmitForOrder(ref account, BookEventKind.Trimmed, in order);
    }

    /// <summary>A market order's protection price, tightened by the worst price it was checked with (0: none).</summary>
    private long MarketLimit(Side side, long worstTicks)
    {
        long protection = Protection(side);
        if (worstTicks == 0)
            return protection;
        return side == Side.Buy ? Math.Min(protection, worstTicks) : Math.Max(protection, worstTicks);
    }

    private long Protection(Side side) => _instrument.ProtectionTicks(side, _markTicks);

    /// <summary>Whether the whole quantity would fill on the book as it is, under all rules; nothing changes.</summary>
    private bool WouldFill(int accountSlot, in OrderTerms terms, long limitTicks)
    {
        long wanted = terms.Lots;
        _simulation++;
        int handle = terms.Side == Side.Buy ? _bestAsk : _bestBid;
        while (handle != LevelTable.None)
        {
            long price = _levels.PriceOf(handle);
            if (terms.Side == Side.Buy ? price > limitTicks : price < limitTicks)
                return false;
            for (int slot = _levels[handle].Head; slot != OrderTable.Nil; slot = _orders[slot].Next)
            {
                ref readonly Order maker = ref _orders[slot];
                if (maker.AccountSlot == accountSlot)
                {
                    if (terms.Stp != SelfTradePrevention.ExpireMaker)
                        return false;
                    continue;
                }

                wanted -= Math.Min(wanted, SimulatedLeaves(in maker, wanted));
                if (wanted == 0)
                    return true;
            }

            handle = terms.Side == Side.Buy ? _levels.Above(handle) : _levels.Below(handle);
        }

        return false;
    }

    /// <summary>What a maker would give: a reducing one no more than the position its account's earlier makers would leave.</summary>
    private long SimulatedLeaves(in Order maker, long wanted)
    {
        ref readonly BookAccount account = ref _accounts[maker.AccountSlot];
        if (account.RestingReducing == 0)
            return maker.Leaves;

        if (_simulated.Length < _accounts.Count * 2)
            Array.Resize(ref _simulated, Math.Max(64, _accounts.Count * 4));
        ref Simulated held = ref _simulated[maker.AccountSlot * 2 + maker.PositionSide.Leg()];
        if (held.Simulation != _simulation)
            held = new Simulated { Simulation = _simulation, Lots = account.Lots(maker.PositionSide.Leg()) };

        long leaves = maker.Leaves;
        if (maker.IsReducing)
            leaves = Math.Min(leaves, Math.Max(0, maker.Side == Side.Sell ? held.Lots : -held.Lots));
        held.Lots += maker.Side.Sign() * Math.Min(leaves, wanted);
        return leaves;
    }

    private Simulated[] _simulated = [];
    private ulong _simulation;

    /// <summary>A position as a fill-or-kill walk would leave it.</summary>
    private struct Simulated
    {
        public ulong Simulation;
        public long Lots;
    }
}
