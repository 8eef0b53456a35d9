using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>What open orders lose against a mark if they fill at their worst prices (docs/rules/margin.md 5.7).</content>
internal sealed partial class SymbolState
{
    /// <summary>At least the losses of both sides together; nearly always 0 without looking at an order.</summary>
    public Int128 LossBoundE8(Instrument instrument, long markTicks)
    {
        Int128 loss = 0;
        if (HighestBuyTicks > markTicks)
            loss += LossE8(HighestBuyTicks - markTicks, LosingBuyLots, instrument.UnitE8);
        if (LowestSellTicks < markTicks)
            loss += LossE8(markTicks - LowestSellTicks, LosingSellLots, instrument.UnitE8);
        if (MarketTypeLots != 0)
            loss += LossE8(ProtectionDistanceTicks(instrument, markTicks), MarketTypeLots, instrument.UnitE8);
        return loss;
    }

    /// <summary>The losses order by order, those in flight included, summed by leg and side.</summary>
    public OrderLosses LossesE8(Instrument instrument, long markTicks)
    {
        OrderLosses losses = default;
        for (int i = 0; i < Orders.Count; i++)
        {
            ref readonly AccountOrder order = ref Orders[i];
            Int128 loss = LossOfE8(in order, instrument, markTicks);
            if (order.Amends != 0)
                loss = Int128.Max(loss, LargestAmendLossE8(Orders.IdAt(i), instrument, markTicks));
            losses.Add(order.PositionSide.Leg(), order.Side, loss);
        }

        for (int i = 0; i < FlightCount; i++)
        {
            ref readonly InFlight flight = ref Flights[i];
            if (flight is { IsPlace: true, IsAccepted: false })
                losses.Add(flight.Order.PositionSide.Leg(), flight.Order.Side, LossOfE8(in flight.Order, instrument, markTicks));
        }

        return losses;
    }

    /// <summary>How far from a mark a protection price can be, rounding included.</summary>
    public static long ProtectionDistanceTicks(Instrument instrument, long markTicks) =>
        Rounding.CeilMulDiv(markTicks, instrument.MarketBoundE8, Rounding.OneE8);

    private static Int128 LossE8(long ticks, Int128 lots, long unitE8) =>
        lots <= long.MaxValue ? MarginRules.NotionalE8(ticks, (long)lots, unitE8) : ticks * lots * unitE8;

    private Int128 LossOfE8(in AccountOrder order, Instrument instrument, long markTicks)
    {
        if (!order.CanLose)
            return 0;
        long worst = order.FollowsMark ? instrument.ProtectionTicks(order.Side, markTicks) : order.PriceTicks;
        long lots = order.LeavesLots;
        if (order.IsReducing)
            lots = Math.Min(lots, Leg(order.PositionSide.Leg()).SizeLots);
        return MarginRules.OpenLossE8(order.Side, worst, markTicks, lots, instrument.UnitE8);
    }

    private Int128 LargestAmendLossE8(ulong orderId, Instrument instrument, long markTicks)
    {
        Int128 largest = 0;
        for (int i = 0; i < FlightCount; i++)
        {
            ref readonly InFlight flight = ref Flights[i];
            if (!flight.IsPlace && flight.OrderId == orderId)
                largest = Int128.Max(largest, LossOfE8(in flight.Order, instrument, markTicks));
        }

        return largest;
    }
}

/// <summary>Losses of one symbol's open orders by leg and side, in 1e-8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OrderLosses
{
    public Int128 Buys0E8;
    public Int128 Sells0E8;
    public Int128 Buys1E8;
    public Int128 Sells1E8;

    public void Add(int leg, Side side, Int128 loss)
    {
        if (leg == 0 && side == Side.Buy)
            Buys0E8 += loss;
        else if (leg == 0)
            Sells0E8 += loss;
        else if (side == Side.Buy)
            Buys1E8 += loss;
        else
            Sells1E8 += loss;
    }
}
