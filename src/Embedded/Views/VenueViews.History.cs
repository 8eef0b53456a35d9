using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded.Views;

// Orders and fills of accounts, as the writer keeps them.
public sealed partial class VenueViews
{
    private void AddOrder(in FeedEvent e, in Command command)
    {
        Invariant.Holds(command.Kind == CommandKind.Place);
        Invariant.Holds(command.Account == e.Account);
        ref readonly OrderTerms terms = ref command.Terms;
        Index(_orders.Add(new StoredOrder
        {
            OrderId = e.Id,
            PriceTicks = e.PriceTicks,
            StopTicks = terms.StopTicks,
            ActivationTicks = terms.ActivationTicks,
            GtdMs = terms.GtdMs,
            TotalLots = e.Lots,
            CreatedMs = e.TimeMs,
            UpdatedMs = e.TimeMs,
            Account = e.Account,
            Symbol = e.Symbol,
            CallbackRateE8 = terms.CallbackRateE8,
            ClientId = command.ClientId,
            Side = terms.Side,
            Type = terms.Type,
            TimeInForce = terms.TimeInForce,
            Stp = terms.Stp,
            PositionSide = terms.PositionSide,
            Flags = terms.Flags,
            Status = e.Status,
            IsFoundByClientId = !command.ClientId.IsNone,
        }));
    }

    /// <summary>Lets a stored order be found; its id is above all others of its account.</summary>
    private void Index(int row)
    {
        ref StoredOrder order = ref _orders[row];
        AccountHistory history = Hold(order.Account, out AccountStripe stripe);
        var key = new RowKey(order.OrderId, row, order.Symbol);
        history.Orders.Add(key);
        if (order.IsOpen)
            history.OpenOrders.Add(key);
        if (order.IsFoundByClientId)
        {
            ClientSlot slot = order.ClientSlot();
            if (stripe.ClientIds.TryGetValue(slot, out int older))
                _orders[older].IsFoundByClientId = false;
            stripe.ClientIds[slot] = row;
        }
    }

    private void UpdateOrder(in FeedEvent e)
    {
        AccountHistory history = Hold(e.Account, out AccountStripe stripe);
        int row = history.OpenOrders.Find(e.Id);
        Invariant.Holds(row >= 0);
        ref StoredOrder order = ref _orders[row];
        order.TotalLots = e.Lots;
        order.FilledLots = e.Other;
        order.Status = e.Status;
        order.Reason = (EndReason)e.Reason;
        order.UpdatedMs = e.TimeMs;
        if (e.PriceTicks != 0)
            order.PriceTicks = e.PriceTicks;
        if (order.IsOpen)
            return;

        history.OpenOrders.Remove(e.Id);
        _orders.Retire(row, ref history.EndedOrders);
        if (history.EndedOrders.Count > _limits.EndedOrdersPerAccount)
            DropOrder(history, stripe);
    }

    private void AddFill(in FeedEvent e)
    {
        AccountHistory history = Hold(e.Account, out _);
        if (e.Id != 0)
        {
            int row = history.OpenOrders.Find(e.Id);
            Invariant.Holds(row >= 0);
            _orders[row].FilledNotionalE8 += (Int128)e.PriceTicks * e.Lots * _markets[e.Symbol].UnitE8;
        }

        AddFill(history, StoredFill.From(in e) with { Number = ++_fillNumber });
    }

    private void AddFill(AccountHistory history, in StoredFill fill)
    {
        int row = _fills.Add(in fill);
        history.Fills.Add(new RowKey(fill.Number, row, fill.Symbol));
        _fills.Retire(row, ref history.OldFills);
        if (history.OldFills.Count > _limits.FillsPerAccount)
            DropFill(history);
    }

    /// <summary>The bounds over all accounts: whose row is oldest has nothing to do with whose the input was.</summary>
    private void DropBeyondLimits()
    {
        while (_orders.RetiredCount > _limits.EndedOrders)
        {
            AccountStripe stripe = StripeOf(_orders[_orders.Oldest].Account);
            lock (stripe.Gate)
                DropOrder(stripe.Accounts[_orders[_orders.Oldest].Account], stripe);
        }

        while (_fills.RetiredCount > _limits.Fills)
        {
            AccountStripe stripe = StripeOf(_fills[_fills.Oldest].Account);
            lock (stripe.Gate)
                DropFill(stripe.Accounts[_fills[_fills.Oldest].Account]);
        }

        DropMovementsBeyondLimit();
    }

    /// <summary>Drops the account's ended order that ended first.</summary>
    private void DropOrder(AccountHistory history, AccountStripe stripe)
    {
        ref StoredOrder order = ref _orders[history.EndedOrders.Oldest];
        history.Orders.Remove(order.OrderId);
        if (order.IsFoundByClientId)
            stripe.ClientIds.Remove(order.ClientSlot());
        _orders.DropOldest(ref history.EndedOrders);
    }

    private void DropFill(AccountHistory history)
    {
        history.Fills.Remove(_fills[history.OldFills.Oldest].Number);
        _fills.DropOldest(ref history.OldFills);
    }
}
