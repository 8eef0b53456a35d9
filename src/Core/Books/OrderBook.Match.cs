using System.Runtime.CompilerServices;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Matching: price, then arrival; what each fill does to positions, reducing orders and the last price.
public sealed partial class OrderBook
{
    /// <summary>Who takes: an order, or the close of a liquidation (no order, id 0).</summary>
    private struct Taker
    {
        public ulong OrderId;
        public long Leaves;
        public int AccountSlot;
        public Side Side;
        public PositionSide PositionSide;
        public bool IsLiquidation;

        /// <summary>The fill of a liquidation at hand brings less than its maker's rebate.</summary>
        public bool PaysNoRebate;
    }

    /// <summary>Matches until the taker is filled or nothing is left within its limit.</summary>
    /// <returns>True if self-trade prevention ended the taker.</returns>
    private bool Match(ref Taker taker, long limitTicks, SelfTradePrevention stp)
    {
        ref BookAccount takerAccount = ref _accounts[taker.AccountSlot];
        while (taker.Leaves > 0)
        {
            int slot = Opposite(taker.Side, limitTicks);
            if (slot == OrderTable.Nil)
                break;
            if (CanSweep(in takerAccount) && Sweep(ref taker, ref takerAccount, slot))
                continue;
            ref Order maker = ref _orders[slot];
            if (maker.AccountSlot == taker.AccountSlot)
            {
                if (stp != SelfTradePrevention.ExpireTaker)
                    End(slot, EndReason.Stp);
                if (stp != SelfTradePrevention.ExpireMaker)
                    return true;
                continue;
            }

            Fill(ref taker, ref takerAccount, ref maker, slot, Math.Min(taker.Leaves, maker.Leaves));
        }

        return false;
    }

    /// <summary>The first order of the other side within the limit, or <see cref="OrderTable.Nil"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Opposite(Side side, long limitTicks)
    {
        ref readonly BestLevel best = ref _best[(int)side.Opposite()];
        return best.IsReachedBy(side, limitTicks) ? _levels[best.Handle].Head : OrderTable.Nil;
    }

    /// <summary>Whether an order would take at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Crosses(Side side, long limitTicks)
    {
        int buys = limitTicks >= _best[1].Ticks ? 1 : 0;
        int sells = limitTicks <= _best[0].Ticks ? 2 : 0;
        return ((buys | sells) >> (int)side & 1) != 0; // Both, and the side's taken: no branch on the side.
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill(ref Taker taker, ref BookAccount takerAccount, ref Order maker, int makerSlot, long lots)
    {
        ref BookAccount makerAccount = ref _accounts[maker.AccountSlot];
        long price = maker.PriceTicks;
        int makerLeg = maker.PositionSide.Leg();
        if (_fundingIsOpen)
        {
            SettleFunding(ref takerAccount);
            SettleFunding(ref makerAccount);
        }

        unchecked
        {
            _tradeCount++;
            _lastTicks = price;
            taker.Leaves -= lots;
            maker.Filled += lots;
            SetLeaves(ref maker, maker.Leaves - lots);
        }

        long lotPriceE8 = price * _unitE8;
        Move(ref takerAccount, taker.PositionSide.Leg(), taker.Side, lots, lotPriceE8);
        Move(ref makerAccount, makerLeg, maker.Side, lots, lotPriceE8);
        EmitFills(ref takerAccount, ref makerAccount, in taker, in maker, price, lots);

        if (maker.Leaves == 0)
        {
            Unrest(ref maker, ref makerAccount);
            EndFilled(ref maker, makerSlot, ref makerAccount);
        }

        if ((takerAccount.RestingReducing | makerAccount.RestingReducing) != 0)
            TrimBoth(ref takerAccount, taker.PositionSide.Leg(), ref makerAccount, makerLeg);
        if (_stops.Count != 0)
            MeetStops(WorkingType.Last, price);
    }

    /// <summary>Changes a position by a fill; cost is the sum of what is open, pro rata on reduction (docs/rules/margin.md 6.1).</summary>
    /// <param name="lotPriceE8">Cost of one lot at the fill's price.</param>
    /// <remarks>Past zero the rest opens at this price. Nobody can foresee which fill opens and which closes: one way for all.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref BookAccount account, int leg, Side side, long lots, long lotPriceE8)
    {
        ref long held = ref account.LotsOf(leg);
        ref long costE8 = ref account.CostE8Of(leg);
        long before = held;
        long cost = costE8;
        long change;
        long size;
        long closes;
        unchecked
        {
            change = (lots ^ -(long)side) + (long)side; // Negative for a sell.
            size = Magnitude(before);
            long opposite = (before ^ change) >> 63; // All ones if the fill is against the position.
            closes = Smaller(lots, size) & opposite;
            size += (long)((ulong)(size - 1) >> 63); // Nothing is closed of nothing, but divided by one.
        }

        costE8 = cost - Rounding.FloorShare(cost, closes, size) + (lots - closes) * lotPriceE8;
        held = before + change;
    }

    // Without the branch that the framework's have: these are of quantities nobody can foresee.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Magnitude(long value)
    {
        unchecked
        {
            long sign = value >> 63;
            return (value ^ sign) - sign;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Smaller(long a, long b)
    {
        unchecked
        {
            long difference = a - b;
            return b + (difference & (difference >> 63));
        }
    }

    /// <summary>Cuts resting reducing orders to the positions a fill left: the two accounts by id, in each its orders by id.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TrimBoth(ref BookAccount taker, int takerLeg, ref BookAccount maker, int makerLeg)
    {
        if (taker.Account < maker.Account)
        {
            TrimReducing(ref taker, takerLeg);
            TrimReducing(ref maker, makerLeg);
        }
        else
        {
            TrimReducing(ref maker, makerLeg);
            TrimReducing(ref taker, takerLeg);
        }
    }

    private void TrimReducing(ref BookAccount account, int leg)
    {
        if (account.RestingReducing == 0)
            return;

        foreach (int slot in _accountOrders.SortedById(in account, ref _orders))
        {
            ref Order order = ref _orders[slot];
            if (!order.IsReducing || order.Phase != OrderPhase.Resting || order.PositionSide.Leg() != leg)
                continue;
            long most = Reducible(in account, order.Side, order.PositionSide);
            if (most == 0)
            {
                End(slot, EndReason.ReduceOnly);
            }
            else if (order.Leaves > most)
            {
                SetLeaves(ref order, most);
                EmitOrder(ref account, BookEventKind.Trimmed, in order);
            }
        }
    }
}
