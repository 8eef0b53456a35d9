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

    /// <summary>All of <see cref="OrderTerms.Word"/> that is zero for a limit order that is GTC, one-way and without flags.</summary>
    private const ulong NotPlainWord = 0x0000_ffff_00ff_ff00;

    /// <summary>What <see cref="OrderTerms.Word"/> gives to <see cref="Order.Word"/>: all below the phase.</summary>
    private const ulong TermsOfWord = (1UL << Order.PhaseShift) - 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RejectReason Place(in BookInput input, ref BookAccount account, int accountSlot)
    {
        if (!IsPlainGtc(in input) || !_isOpen || account.IsOverOutbox)
            return PlaceRare(in input, ref account, accountSlot);
        PlacePlain(in input, ref account, accountSlot);
        return RejectReason.None;
    }

    /// <summary>Most orders: a limit order with nothing to check and nothing to remember but price and quantity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlainGtc(in BookInput input) => ((input.Terms.Word & NotPlainWord) | ToRemember(in input)) == 0;

    /// <summary>Zero if reserve and worst price are the order's own and it has no client id: all in one, for one branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ToRemember(in BookInput input)
    {
        long apart = (input.ReserveTicks ^ input.Terms.PriceTicks) | (input.WorstTicks ^ input.Terms.PriceTicks);
        return unchecked((ulong)apart) | input.Terms.ClientKey.High | input.Terms.ClientKey.Low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PlacePlain(in BookInput input, ref BookAccount account, int accountSlot)
    {
        long price = input.Terms.PriceTicks;
        long lots = input.Terms.Lots;
        ulong word = input.Terms.Word & TermsOfWord;
        Side side = unchecked((Side)word);
        ulong id = input.OrderId;
        Invariant.Holds(id > _lastOrderId);
        _lastOrderId = id;
        account.IsHedge = false;
        ref Order order = ref OpenOrder(id, ref account, accountSlot, out int slot);
        order.Leaves = lots;
        order.PriceTicks = price;
        order.Filled = 0;
        EmitAccepted(ref account, id, side, PositionSide.Both, price, lots, in input);

        if (!Crosses(side, price))
        {
            order.Word = word | (ulong)OrderPhase.Resting << Order.PhaseShift;
            Link(ref order, slot, side, price, lots);
        }
        else
        {
            order.Word = word | (ulong)OrderPhase.Taking << Order.PhaseShift;
            Take(ref order, slot, ref account, price);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RejectReason PlaceRare(in BookInput input, ref BookAccount account, int accountSlot)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        bool reducing = terms.IsReducing;
        if (_markTicks == 0 || !_state.Takes(reducing))
            return RejectReason.SymbolNotTrading;
        if (account.IsOverOutbox)
            return RejectReason.OutboxFull;

        if (terms.Type.IsConditional())
            return PlaceConditional(in input, ref account, accountSlot);

        long limit = terms.Type == OrderType.Market ? MarketLimit(terms.Side, input.WorstTicks) : terms.PriceTicks;
        long lots = terms.Lots;
        if (reducing)
        {
            lots = Math.Min(lots, Reducible(in account, terms.Side, terms.PositionSide));
            if (lots == 0)
                return RejectReason.ReduceOnlyReject;
        }

        bool crosses = Crosses(terms.Side, limit);
        if (crosses && terms.TimeInForce == TimeInForce.Gtx)
            return RejectReason.PostOnlyWouldCross;
        if (terms.TimeInForce == TimeInForce.Fok && (lots < terms.Lots || !WouldFill(accountSlot, in terms, limit)))
            return RejectReason.FokWouldNotFill;

        ref Order order = ref Accept(in input, ref account, accountSlot, reducing, out int slot);
        if (lots != terms.Lots)
            Trim(ref account, ref order, lots);
        if (crosses)
            Take(ref order, slot, ref account, limit);
        else
            LeaveRemainder(ref order, slot, ref account);
        return RejectReason.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Order Accept(in BookInput input, ref BookAccount account, int accountSlot, bool reducing, out int slot)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        Invariant.Holds(input.OrderId > _lastOrderId);
        _lastOrderId = input.OrderId;
        account.IsHedge = terms.PositionSide != PositionSide.Both;
        ref Order order = ref OpenOrder(input.OrderId, ref account, accountSlot, out slot);
        order.Leaves = terms.Lots;
        order.Filled = 0;
        order.PriceTicks = terms.PriceTicks;
        order.Word = (terms.Word & TermsOfWord) | (ulong)OrderPhase.Taking << Order.PhaseShift;
        order.Traits = reducing ? OrderTraits.Reducing : OrderTraits.None;
        if (!IsPlain(in input))
            AcceptDetail(slot, in input);

        EmitAccepted(ref account, order.Id, order.Side, order.PositionSide, order.PriceTicks, order.Leaves, in input);

        if (terms.TimeInForce == TimeInForce.Gtd)
            AddGtd(slot, terms.GtdMs, input.OrderId);
        return ref order;
    }

    /// <summary>Nothing to remember but price and quantity: such an order neither writes nor reads a detail, which is a line more.</summary>
    /// <remarks>Stop, activation and callback belong to conditional orders, the date to GTD.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(in BookInput input) =>
        input.Terms.Type == OrderType.Limit
        && input.Terms.TimeInForce != TimeInForce.Gtd
        && ToRemember(in input) == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AcceptDetail(int slot, in BookInput input)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        _orders.MakeDetail(slot) = new OrderDetail
        {
            ReserveTicks = input.ReserveTicks,
            WorstTicks = input.WorstTicks,
            StopTicks = terms.StopTicks,
            ActivationTicks = terms.ActivationTicks,
            GtdMs = terms.GtdMs,
            ClientKey = terms.ClientKey,
            CallbackRateE8 = terms.CallbackRateE8,
        };
        if (!terms.ClientKey.IsNone && terms.Has(OrderFlags.ReturnRepeats))
            _orders.Detail(slot).RingEntry = RememberClientId(_orders[slot].AccountSlot, in terms, input.OrderId);
    }

    private RejectReason PlaceConditional(in BookInput input, ref BookAccount account, int accountSlot)
    {
        ref readonly OrderTerms terms = ref input.Terms;
        if (terms.Type != OrderType.TrailingStopMarket && IsMetAtOnce(in terms))
            return RejectReason.WouldTrigger;

        Accept(in input, ref account, accountSlot, terms.IsReducing, out int slot);
        Wait(slot);
        return RejectReason.None;
    }

    /// <summary>Matches an order that reaches the other side, and deals with what is left.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take(ref Order order, int slot, ref BookAccount account, long limitTicks)
    {
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
            End(ref order, slot, ref account, EndReason.Stp);
        else
            LeaveRemainder(ref order, slot, ref account);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LeaveRemainder(ref Order order, int slot, ref BookAccount account)
    {
        if (order.Leaves != 0 && order.Type == OrderType.Limit && order.TimeInForce is not (TimeInForce.Ioc or TimeInForce.Fok))
            Rest(ref order, slot, ref account);
        else
            EndOrRest(ref order, slot, ref account);
    }

    private void EndOrRest(ref Order order, int slot, ref BookAccount account)
    {
        if (order.Leaves == 0)
            EndFilled(ref order, slot, ref account);
        else if (order.Type.IsMarketType())
            End(ref order, slot, ref account, EndReason.Market);
        else if (order.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok)
            End(ref order, slot, ref account, EndReason.Ioc);
        else
            Rest(ref order, slot, ref account);
    }

    /// <summary>Closes an order whose last lot was filled; its last event was the fill.</summary>
    private void EndFilled(ref Order order, int slot, ref BookAccount account)
    {
        if (order.IsDetailed)
            SettleDetail(in order, slot, OrderStatus.Filled, EndReason.None);
        CloseOrder(ref order, slot, ref account);
    }

    /// <summary>What else knows of a detailed order that ends: the dates (a GTD order is detailed), the client-id ring.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SettleDetail(in Order order, int slot, OrderStatus status, EndReason reason)
    {
        if (order.TimeInForce == TimeInForce.Gtd)
            _gtds.Remove(slot);
        SettleRing(slot, status, reason);
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
        EmitOrder(ref account, BookEventKind.Trimmed, in order);
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
        int handle = _best[(int)terms.Side.Opposite()].Handle;
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
