using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>Events of the books, applied once and in order.</content>
public sealed partial class MarginAccount
{
    /// <summary>Applies one event of a symbol's book.</summary>
    /// <param name="symbol">The book's symbol.</param>
    /// <param name="e">The event; its number is one above the last applied, else nothing is done.</param>
    /// <param name="market">Instruments of the input this event belongs to.</param>
    /// <param name="change">Set to what the event did.</param>
    public EventOutcome Apply(int symbol, in BookEvent e, MarketTable market, ref AccountChange change)
    {
        Invariant.Holds(e.Account == Id);
        SymbolState state = FindOrAdd(symbol);
        if (e.Number != state.LastEvent + 1)
            return e.Number <= state.LastEvent ? EventOutcome.Repeat : EventOutcome.Gap;

        state.LastEvent = e.Number;
        change = default;
        long walletBefore = _walletE8;
        Instrument instrument = market[symbol].Instrument;
        switch (e.Kind)
        {
            case BookEventKind.Fill:
                change.OrderTotalLots = FillOrder(state, in e, instrument);
                ApplyTrade(state, in e, instrument, hasFee: !e.Has(BookEventFlags.Liquidation), ref change);
                break;
            case BookEventKind.Adl or BookEventKind.Settled:
                ApplyTrade(state, in e, instrument, hasFee: false, ref change);
                break;
            case BookEventKind.Funding:
                MovePool(state, e.PositionSide.Leg(), e.Amount);
                change.IsPositionChanged = state.IsIsolated;
                break;
            case BookEventKind.Insurance:
                MovePool(state, e.PositionSide.Leg(), e.Amount);
                change.IsPositionChanged = state.IsIsolated;
                break;
            case BookEventKind.Closed:
                ApplyClosed(state, in e, ref change);
                break;
            case BookEventKind.Liquidation:
                break;
            default:
                change.OrderTotalLots = ApplyToOrder(state, in e, instrument);
                break;
        }

        ref PositionLeg leg = ref state.Leg(e.PositionSide.Leg());
        change.PositionLots = leg.Lots;
        change.CostE8 = leg.CostE8;
        change.IsolatedE8 = leg.IsolatedE8;
        change.WalletE8 = _walletE8;
        change.WalletDeltaE8 = _walletE8 - walletBefore;
        _isWatched = false;
        return EventOutcome.Applied;
    }

    /// <summary>Frees what a command held, once all events of its answer are applied.</summary>
    /// <param name="symbol">The book's symbol.</param>
    /// <param name="commandKey">Of the command: <see cref="BookInput.CommandKey"/>.</param>
    public void Resolve(int symbol, ulong commandKey, Instrument instrument)
    {
        SymbolState state = FindOrAdd(symbol);
        int at = state.FlightOf(commandKey);
        if (at < 0)
            return;

        ref InFlight flight = ref state.Flights[at];
        _heldE8 -= flight.HoldE8;
        if (flight.IsPlace)
        {
            if (!flight.IsAccepted)
            {
                state.Uncount(in flight.Order);
                state.PlacesInFlight--;
            }
        }
        else if (state.Orders.IndexOf(flight.OrderId) is var order and >= 0)
        {
            ref AccountOrder amended = ref state.Orders[order];
            state.Uncount(in amended);
            amended.Amends--;
            if (amended.Amends == 0)
                state.Count(ref amended, instrument);
            else
                state.AddCounted(in amended);
        }

        state.RemoveFlight(at);
        _isWatched = false;
    }

    /// <summary>Acceptance, trigger, trim, amendment, end: what an order still counts. Returns its total.</summary>
    private static long ApplyToOrder(SymbolState state, in BookEvent e, Instrument instrument)
    {
        if (e.Kind == BookEventKind.Accepted)
            return Accept(state, in e, instrument);

        // While an account recovers, orders it does not mirror yet have events too; they come with the book's answer.
        int at = state.Orders.IndexOf(e.OrderId);
        if (at < 0)
            return 0;

        ref AccountOrder order = ref state.Orders[at];
        state.Uncount(in order);
        switch (e.Kind)
        {
            case BookEventKind.Triggered:
                // A close-position order takes the whole position as its quantity now.
                order.IsWaiting = false;
                order.LeavesLots = e.LeavesLots;
                break;
            case BookEventKind.Trimmed:
                order.LeavesLots = e.LeavesLots;
                break;
            case BookEventKind.Amended:
                order.LeavesLots = e.LeavesLots;
                order.PriceTicks = e.PriceTicks;
                order.ReserveTicks = e.Amount;
                break;
            case BookEventKind.Canceled or BookEventKind.Expired:
                long total = order.FilledLots + e.Lots;
                state.Orders.RemoveAt(at);
                return total;
            default:
                Invariant.Holds(e.Kind == BookEventKind.None);
                break;
        }

        Recount(state, ref order, instrument);
        return order.TotalLots;
    }

    private static long Accept(SymbolState state, in BookEvent e, Instrument instrument)
    {
        int at = state.FlightOf(e.OtherId);
        if (at < 0)
            return 0;

        ref InFlight flight = ref state.Flights[at];
        Invariant.Holds(flight.IsPlace && !flight.IsAccepted);
        state.PlacesInFlight--;
        flight.IsAccepted = true;
        flight.OrderId = e.OrderId;
        ref AccountOrder order = ref state.Orders.Add(e.OrderId, flight.ClientKey, in flight.Order);
        if (e.LeavesLots == order.LeavesLots && e.Amount == order.ReserveTicks)
            return order.TotalLots; // What was counted in flight counts on.

        state.Uncount(in order);
        order.LeavesLots = e.LeavesLots;
        order.ReserveTicks = e.Amount;
        state.Count(ref order, instrument);
        return order.TotalLots;
    }

    /// <summary>Takes a fill out of what the order counts. Returns the order's total, 0 if it is not mirrored.</summary>
    private static long FillOrder(SymbolState state, in BookEvent e, Instrument instrument)
    {
        if (e.OrderId == 0)
            return 0;
        int at = state.Orders.IndexOf(e.OrderId);
        if (at < 0)
            return 0;

        ref AccountOrder order = ref state.Orders[at];
        state.Uncount(in order);
        order.FilledLots += e.Lots;
        order.LeavesLots = e.LeavesLots;
        long total = order.TotalLots;
        if (e.LeavesLots == 0)
            state.Orders.RemoveAt(at);
        else
            Recount(state, ref order, instrument);
        return total;
    }

    /// <summary>Counts an order anew; while amends are in flight it counts no less than they hold.</summary>
    private static void Recount(SymbolState state, ref AccountOrder order, Instrument instrument)
    {
        if (order.Amends == 0)
        {
            state.Count(ref order, instrument);
            return;
        }

        order.CountedLots = Math.Max(order.CountedLots, order.LeavesLots);
        if (!order.IsReducing)
        {
            Int128 own = MarginRules.NotionalE8(order.ReserveTicks, order.LeavesLots, instrument.UnitE8);
            order.CountedE8 = Int128.Max(order.CountedE8, own);
        }

        state.AddCounted(in order);
    }
}
