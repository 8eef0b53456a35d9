using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <summary>One account in one symbol: settings, positions, open orders with their sums, and the link to its book.</summary>
/// <remarks>
/// Leg 0 is the net position, in hedge mode the LONG leg; leg 1 the SHORT leg. The sums are kept order by order, so that
/// judging costs the same with one open order and with two hundred.
/// </remarks>
internal sealed partial class SymbolState
{
    public const int DefaultLeverage = 20;

    /// <summary>What judging an order touches of this object: nearly all.</summary>
    public const int HotBytes = 448;

    /// <param name="flights">Room for commands in flight, to begin with.</param>
    public SymbolState(int symbol, InFlight[] flights)
    {
        Symbol = symbol;
        Flights = flights;
    }

    public int Symbol { get; }

    public int Leverage = DefaultLeverage;
    public MarginMode MarginMode;
    public PositionLeg Leg0;
    public PositionLeg Leg1;

    public AccountOrders Orders = new();

    /// <summary>Commands sent and not answered; their orders count in the sums.</summary>
    public InFlight[] Flights;
    public int FlightCount;

    /// <summary>Places among them that are not accepted yet: they count as open orders.</summary>
    public int PlacesInFlight;

    // Sums over open orders, in flight included, that do not reduce (5.2): in hedge mode buys are LONG's, sells SHORT's.
    public Int128 BuysE8;
    public Int128 SellsE8;
    public long BuyLots;
    public long SellLots;

    // Bounds of what open orders can lose against the mark (5.7), never too small: over all that may trade.
    public long HighestBuyTicks;
    public long LowestSellTicks = long.MaxValue;
    public Int128 LosingBuyLots;
    public Int128 LosingSellLots;
    public Int128 MarketTypeLots;

    // The link to the book.
    public uint Epoch;
    public uint Batch;
    public ulong LastEvent;
    public bool IsRegistered;

    /// <summary>Commands collected for the batches after the one in flight.</summary>
    public int Queued;

    /// <summary>The book has not answered for long: pools without a position here do not wait for it.</summary>
    public bool IsSilent;

    public bool IsIsolated => MarginMode == MarginMode.Isolated;

    public bool HasPosition => Leg0.Lots != 0 || Leg1.Lots != 0;

    public int OpenOrderCount => Orders.Count + PlacesInFlight;

    public bool IsIdle => !HasPosition && OpenOrderCount == 0;

    public ref PositionLeg Leg(int leg) => ref leg == 0 ? ref Leg0 : ref Leg1;

    /// <summary>Counts an order in the sums as it stands.</summary>
    public void Count(ref AccountOrder order, Instrument instrument)
    {
        order.CountedLots = order.LeavesLots;
        order.CountedE8 = order.IsReducing ? 0 : MarginRules.NotionalE8(order.ReserveTicks, order.LeavesLots, instrument.UnitE8);
        AddCounted(in order);
    }

    /// <summary>Takes what an order counts out of the sums.</summary>
    public void Uncount(in AccountOrder order)
    {
        MarkOrdersDirty();
        if (!order.IsReducing)
        {
            if (order.Side == Side.Buy)
            {
                BuysE8 -= order.CountedE8;
                BuyLots -= order.CountedLots;
            }
            else
            {
                SellsE8 -= order.CountedE8;
                SellLots -= order.CountedLots;
            }
        }

        if (order.CanLose)
            RemoveLosing(in order);
    }

    /// <summary>Puts what an order counts (<see cref="AccountOrder.CountedE8"/>) into the sums.</summary>
    public void AddCounted(in AccountOrder order)
    {
        MarkOrdersDirty();
        if (!order.IsReducing)
        {
            if (order.Side == Side.Buy)
            {
                BuysE8 += order.CountedE8;
                BuyLots += order.CountedLots;
            }
            else
            {
                SellsE8 += order.CountedE8;
                SellLots += order.CountedLots;
            }
        }

        if (order.CanLose)
            AddLosing(in order);
    }

    /// <summary>Shows the bounds a price that an order may have besides its own (an amend in flight).</summary>
    public void WidenBounds(Side side, long priceTicks)
    {
        if (side == Side.Buy)
            HighestBuyTicks = Math.Max(HighestBuyTicks, priceTicks);
        else
            LowestSellTicks = Math.Min(LowestSellTicks, priceTicks);
    }

    /// <summary>Makes the bounds exact again: they only widen while orders come and go.</summary>
    public void TightenBounds()
    {
        _hasCorners = false; // They come from the bounds: kept, they would be a state that no snapshot has.
        HighestBuyTicks = 0;
        LowestSellTicks = long.MaxValue;
        for (int i = 0; i < Orders.Count; i++)
            Widen(in Orders[i]);
        for (int i = 0; i < FlightCount; i++)
        {
            ref readonly InFlight flight = ref Flights[i];
            if (flight is { IsPlace: true, IsAccepted: false } || !flight.IsPlace)
                Widen(in flight.Order);
        }
    }

    public ref InFlight AddFlight()
    {
        if (FlightCount == Flights.Length)
            Array.Resize(ref Flights, Math.Max(2, FlightCount * 2));
        return ref Flights[FlightCount++];
    }

    public int FlightOf(ulong key)
    {
        for (int i = 0; i < FlightCount; i++)
        {
            if (Flights[i].Key == key)
                return i;
        }

        return -1;
    }

    /// <summary>In order, so that what was sent first stays first.</summary>
    public void RemoveFlight(int index)
    {
        FlightCount--;
        for (int i = index; i < FlightCount; i++)
            Flights[i] = Flights[i + 1];
    }

    private void Widen(in AccountOrder order)
    {
        if (order.CanLose && !order.FollowsMark && order.CountedLots > 0)
            WidenBounds(order.Side, order.PriceTicks);
    }

    private void AddLosing(in AccountOrder order)
    {
        if (order.FollowsMark)
        {
            MarketTypeLots += order.CountedLots;
        }
        else if (order.Side == Side.Buy)
        {
            LosingBuyLots += order.CountedLots;
            if (order.PriceTicks > HighestBuyTicks)
                HighestBuyTicks = order.PriceTicks;
        }
        else
        {
            LosingSellLots += order.CountedLots;
            if (order.PriceTicks < LowestSellTicks)
                LowestSellTicks = order.PriceTicks;
        }
    }

    private void RemoveLosing(in AccountOrder order)
    {
        if (order.FollowsMark)
        {
            MarketTypeLots -= order.CountedLots;
            return;
        }

        // No order left on a side: its bound starts afresh.
        if (order.Side == Side.Buy)
        {
            LosingBuyLots -= order.CountedLots;
            if (LosingBuyLots == 0)
                HighestBuyTicks = 0;
        }
        else
        {
            LosingSellLots -= order.CountedLots;
            if (LosingSellLots == 0)
                LowestSellTicks = long.MaxValue;
        }
    }
}
