using System.Buffers;
using Exchange.Core.Port;

namespace Exchange.Embedded.Views;

// Every movement of money: in and out of wallets, and of the margin of isolated positions.
public sealed partial class VenueViews
{
    private readonly RowStore<StoredMovement> _movements = new();

    /// <summary>Time of the newest movement that was dropped for all accounts together, or that no snapshot held; 0: none was.</summary>
    private long _ledgerBeginsMs;

    /// <summary>See <see cref="IExchange.GetLedger"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public LedgerView GetLedger(uint account, int symbol, ulong before, int limit)
    {
        limit = Math.Clamp(limit, 1, _limits.RowsPerPage);
        StoredMovement[] rows = ArrayPool<StoredMovement>.Shared.Rent(limit);
        AccountStripe stripe = StripeOf(account);
        int count = 0;
        bool hasMore = false;
        long beginsMs = Volatile.Read(ref _ledgerBeginsMs);
        lock (stripe.Gate)
        {
            if (stripe.Accounts.TryGetValue(account, out AccountHistory? history))
            {
                int at = history.Movements.Start(before);
                while (history.Movements.MoveToOlder(ref at, symbol, out RowKey key) && !(hasMore = count == limit))
                    rows[count++] = _movements[key.Row];
                if (history.OldMovements.Count > 0 && _movements[history.OldMovements.Oldest] is { Number: > 1 } oldest)
                    beginsMs = Math.Max(beginsMs, oldest.TimeMs);
            }
        }

        var views = new MovementView[count];
        for (int i = 0; i < count; i++)
            views[i] = rows[i].ToView();
        ArrayPool<StoredMovement>.Shared.Return(rows);
        return new LedgerView(views, hasMore ? views[^1].Number : 0, beginsMs);
    }

    private void ApplyBalance(in FeedEvent e) => AddMovement(in e, e.Amount, isIsolated: false);

    /// <summary>What an event moved in a purse; the balance after is the event's <see cref="FeedEvent.Money"/>.</summary>
    private void AddMovement(in FeedEvent e, long amountE8, bool isIsolated)
    {
        AccountHistory history = Hold(e.Account, out _);
        AddMovement(history, new StoredMovement
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

    private void AddMovement(AccountHistory history, in StoredMovement movement)
    {
        int row = _movements.Add(in movement);
        history.LastMovement = movement.Number;
        history.Movements.Add(new RowKey(movement.Number, row, movement.Symbol));
        _movements.Retire(row, ref history.OldMovements);
        if (history.OldMovements.Count > _limits.MovementsPerAccount)
            DropMovement(history);
    }

    private void DropMovementsBeyondLimit()
    {
        while (_movements.RetiredCount > _limits.Movements)
        {
            StoredMovement oldest = _movements[_movements.Oldest];
            AccountStripe stripe = StripeOf(oldest.Account);
            lock (stripe.Gate)
                DropMovement(stripe.Accounts[oldest.Account]);
            Volatile.Write(ref _ledgerBeginsMs, Math.Max(_ledgerBeginsMs, oldest.TimeMs));
        }
    }

    private void DropMovement(AccountHistory history)
    {
        history.Movements.Remove(_movements[history.OldMovements.Oldest].Number);
        _movements.DropOldest(ref history.OldMovements);
    }
}
