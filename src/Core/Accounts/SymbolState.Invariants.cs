using Exchange.Core.Instruments;

namespace Exchange.Core.Accounts;

/// <content>The sums, computed from scratch.</content>
internal sealed partial class SymbolState
{
    public void CheckSums(Instrument instrument)
    {
        var fresh = new SymbolState(Symbol, []);
        for (int i = 0; i < Orders.Count; i++)
            CheckOrder(in Orders[i], fresh, instrument);
        int places = 0;
        for (int i = 0; i < FlightCount; i++)
        {
            ref readonly InFlight flight = ref Flights[i];
            if (flight is not { IsPlace: true, IsAccepted: false })
                continue;
            places++;
            CheckOrder(in flight.Order, fresh, instrument);
        }

        Invariant.Holds(places == PlacesInFlight);
        Invariant.Holds(fresh.BuysE8 == BuysE8);
        Invariant.Holds(fresh.SellsE8 == SellsE8);
        Invariant.Holds(fresh.BuyLots == BuyLots);
        Invariant.Holds(fresh.SellLots == SellLots);
        Invariant.Holds(fresh.LosingBuyLots == LosingBuyLots);
        Invariant.Holds(fresh.LosingSellLots == LosingSellLots);
        Invariant.Holds(fresh.MarketTypeLots == MarketTypeLots);
        Invariant.Holds(fresh.HighestBuyTicks <= HighestBuyTicks);
        Invariant.Holds(fresh.LowestSellTicks >= LowestSellTicks);
    }

    private static void CheckOrder(in AccountOrder order, SymbolState fresh, Instrument instrument)
    {
        Int128 own = order.IsReducing ? 0 : MarginRules.NotionalE8(order.ReserveTicks, order.LeavesLots, instrument.UnitE8);
        Invariant.Holds(order.Amends > 0 ? order.CountedE8 >= own : order.CountedE8 == own);
        Invariant.Holds(order.Amends > 0 ? order.CountedLots >= order.LeavesLots : order.CountedLots == order.LeavesLots);
        fresh.AddCounted(in order);
    }
}
