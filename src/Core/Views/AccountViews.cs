using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>Orders, fills and movements of money of some accounts, as told by the feed: those that share a lock in a venue, or one alone.</summary>
/// <remarks>
/// One thread writes, any number read; a reader waits for the writer only while that works on the same accounts. Whoever writes holds
/// the lock, so that what one input did is seen as a whole.
/// </remarks>
/// <param name="store">Where their rows stand.</param>
/// <param name="isByNumber">
/// Orders come from many books, whose ids say nothing of their order: they are listed by the sequence of their acceptance instead.
/// </param>
public sealed partial class AccountViews(HistoryStore store, bool isByNumber = false)
{
    private readonly Dictionary<uint, AccountHistory> _accounts = [];
    private readonly List<AccountHistory> _histories = [];

    /// <summary>Row of the newest order with a client id.</summary>
    private readonly Dictionary<ClientSlot, int> _clientIds = [];

    /// <summary>What is held; a position of nothing is not there.</summary>
    private readonly Dictionary<PositionSlot, HeldPosition> _positions = [];

    /// <summary>The writer holds it from an input's first event to its last; it may be any thread's that reads.</summary>
    public Lock Gate { get; } = new();

    /// <summary>By when their first row came.</summary>
    internal IReadOnlyList<AccountHistory> Histories => _histories;

    private ViewLimits Limits => store.Limits;

    /// <summary>An order is in.</summary>
    /// <param name="e">Its <see cref="FeedKind.OrderAccepted"/>.</param>
    /// <param name="terms">As its sender asked for it.</param>
    /// <param name="clientId">Text of its client order id.</param>
    public void AddOrder(in FeedEvent e, in OrderTerms terms, in ClientOrderId clientId)
    {
        Invariant.Holds(e.Kind == FeedKind.OrderAccepted);
        Add(isByNumber ? e.Sequence : e.Id, new StoredOrder
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
            ClientId = clientId,
            Side = terms.Side,
            Type = terms.Type,
            TimeInForce = terms.TimeInForce,
            Stp = terms.Stp,
            PositionSide = terms.PositionSide,
            Flags = terms.Flags,
            Status = e.Status,
            IsFoundByClientId = !clientId.IsNone,
        });
    }

    /// <summary>An order changed or ended: <see cref="FeedKind.OrderUpdated"/>.</summary>
    public void UpdateOrder(in FeedEvent e)
    {
        AccountHistory history = HistoryOf(e.Account);
        ulong key = history.KeyOf(e.Id);
        int row = history.OpenOrders.Find(key);
        Invariant.Holds(row >= 0);
        ref StoredOrder order = ref store.Orders[row];
        order.TotalLots = e.Lots;
        order.FilledLots = e.Other;
        order.Status = e.Status;
        order.Reason = (EndReason)e.Reason;
        order.UpdatedMs = e.TimeMs;
        if (e.PriceTicks != 0)
            order.PriceTicks = e.PriceTicks;
        if (order.IsOpen)
            return;
        history.OpenOrders.Remove(key);
        Retire(history, row);
    }

    /// <summary>One of the accounts traded: <see cref="FeedKind.Fill"/>.</summary>
    /// <param name="e">The event.</param>
    /// <param name="unitE8">Of its instrument: 1e-8 USDT per tick and lot.</param>
    public void AddFill(in FeedEvent e, long unitE8)
    {
        AccountHistory history = HistoryOf(e.Account);
        if (e.Id != 0)
        {
            int row = history.OpenOrders.Find(history.KeyOf(e.Id));
            Invariant.Holds(row >= 0);
            store.Orders[row].FilledNotionalE8 += (Int128)e.PriceTicks * e.Lots * unitE8;
        }

        Add(history, StoredFill.From(in e) with { Number = ++store.LastFill });
    }

    /// <summary>A wallet changed: <see cref="FeedKind.Balance"/>.</summary>
    public void AddBalance(in FeedEvent e) => AddMovement(in e, e.Amount, isIsolated: false);

    /// <summary>A position changed: <see cref="FeedKind.Position"/>.</summary>
    /// <returns>By how many lots longs grew. Longs are as many as shorts, so counting one of them counts the open interest.</returns>
    public long SetPosition(in FeedEvent e)
    {
        long longs = SetPosition(
            new PositionSlot(e.Account, e.Symbol, e.PositionSide.Leg()), new HeldPosition(e.Lots, e.Money), out HeldPosition before);
        if (e.Money != before.IsolatedE8)
            AddMovement(in e, e.Money - before.IsolatedE8, isIsolated: true);
        return longs;
    }

    internal long SetPosition(PositionSlot slot, HeldPosition now, out HeldPosition before)
    {
        ref HeldPosition held = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, slot, out _);
        before = held;
        held = now;
        if (now == default)
            _positions.Remove(slot);
        return Math.Max(0, now.Lots) - Math.Max(0, before.Lots);
    }

    /// <summary>Keeps an order; its key is above all others of its account.</summary>
    internal void Add(ulong orderKey, in StoredOrder order) => Index(orderKey, store.Orders.Add(in order));

    /// <summary>Lets a stored order be found; its key is above all others of its account.</summary>
    internal void Index(ulong orderKey, int row)
    {
        ref StoredOrder order = ref store.Orders[row];
        AccountHistory history = HistoryOf(order.Account);
        history.OrderKeys?.Add(order.OrderId, orderKey);
        var key = new RowKey(orderKey, row, order.Symbol);
        history.Orders.Add(key);
        if (order.IsOpen)
            history.OpenOrders.Add(key);
        if (!order.IsFoundByClientId)
            return;
        ClientSlot slot = order.ClientSlot();
        if (_clientIds.TryGetValue(slot, out int older))
            store.Orders[older].IsFoundByClientId = false;
        _clientIds[slot] = row;
    }

    /// <summary>The account's movements were dropped, up to a number.</summary>
    internal void GoOnCounting(uint account, ulong lastMovement) => HistoryOf(account).LastMovement = lastMovement;

    internal void Add(in StoredFill fill) => Add(HistoryOf(fill.Account), in fill);

    internal void Add(in StoredMovement movement) => Add(HistoryOf(movement.Account), in movement);

    /// <summary>Makes an ended order droppable, after all that are so already.</summary>
    internal void Retire(int row) => Retire(HistoryOf(store.Orders[row].Account), row);

    /// <summary>Drops the account's ended order that ended first.</summary>
    internal void DropOrder(uint account) => DropOrder(_accounts[account]);

    internal void DropFill(uint account) => DropFill(_accounts[account]);

    internal void DropMovement(uint account) => DropMovement(_accounts[account]);

    private AccountHistory HistoryOf(uint account)
    {
        if (!_accounts.TryGetValue(account, out AccountHistory? history))
        {
            history = new AccountHistory(account) { OrderKeys = isByNumber ? [] : null };
            _accounts.Add(account, history);
            _histories.Add(history);
        }

        return history;
    }

    /// <summary>What an event moved in a purse; the balance after is the event's <see cref="FeedEvent.Money"/>.</summary>
    private void AddMovement(in FeedEvent e, long amountE8, bool isIsolated)
    {
        AccountHistory history = HistoryOf(e.Account);
        Add(history, new StoredMovement
        {
            Number = history.LastMovement + 1,
            TradeId = (ulong)e.Other,
            AmountE8 = amountE8,
            BalanceE8 = e.Money,
            TimeMs = e.TimeMs,
            Sequence = e.Sequence,
            Account = e.Account,
            Symbol = e.Symbol,
            Cause = (BalanceCause)e.Reason,
            PositionSide = isIsolated ? e.PositionSide : default,
            IsIsolated = isIsolated,
        });
    }

    private void Add(AccountHistory history, in StoredFill fill)
    {
        store.Observer?.OnFill(fill.Number, fill.ToView());
        int row = store.Fills.Add(in fill);
        history.Fills.Add(new RowKey(fill.Number, row, fill.Symbol));
        store.Fills.Retire(row, ref history.OldFills);
        if (history.OldFills.Count > Limits.FillsPerAccount)
            DropFill(history);
    }

    private void Add(AccountHistory history, in StoredMovement movement)
    {
        store.Observer?.OnMovement(movement.ToView());
        int row = store.Movements.Add(in movement);
        history.LastMovement = movement.Number;
        history.Movements.Add(new RowKey(movement.Number, row, movement.Symbol));
        store.Movements.Retire(row, ref history.OldMovements);
        if (history.OldMovements.Count > Limits.MovementsPerAccount)
            DropMovement(history);
    }

    private void Retire(AccountHistory history, int row)
    {
        store.Observer?.OnOrderEnded(store.Orders[row].ToView());
        store.Orders.Retire(row, ref history.EndedOrders);
        if (history.EndedOrders.Count > Limits.EndedOrdersPerAccount)
            DropOrder(history);
    }

    private void DropOrder(AccountHistory history)
    {
        ref StoredOrder order = ref store.Orders[history.EndedOrders.Oldest];
        ulong key = history.KeyOf(order.OrderId);
        history.Cut.OrdersThrough = Math.Max(history.Cut.OrdersThrough, key);
        store.DroppedMs = order.UpdatedMs;
        history.Orders.Remove(key);
        history.OrderKeys?.Remove(order.OrderId);
        if (order.IsFoundByClientId)
            _clientIds.Remove(order.ClientSlot());
        store.Orders.DropOldest(ref history.EndedOrders);
    }

    private void DropFill(AccountHistory history)
    {
        history.Cut.Fills = true;
        store.DroppedMs = store.Fills[history.OldFills.Oldest].TimeMs;
        history.Fills.Remove(store.Fills[history.OldFills.Oldest].Number);
        store.Fills.DropOldest(ref history.OldFills);
    }

    private void DropMovement(AccountHistory history)
    {
        history.Cut.Movements = true;
        store.DroppedMs = store.Movements[history.OldMovements.Oldest].TimeMs;
        history.Movements.Remove(store.Movements[history.OldMovements.Oldest].Number);
        store.Movements.DropOldest(ref history.OldMovements);
    }
}
