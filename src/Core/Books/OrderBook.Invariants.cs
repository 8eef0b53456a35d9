using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// The full walk (docs/rules/matching.md 10); tests do it often, hosts on every snapshot.
public sealed partial class OrderBook
{
    /// <summary>Walks everything and throws <see cref="InvariantException"/> on the first thing that is not as it must be.</summary>
    public void CheckInvariants()
    {
        int resting = CheckSide(Side.Buy) + CheckSide(Side.Sell);
        int open = 0;
        int linked = 0;
        long net = 0;
        int events = 0;
        for (int accountSlot = 0; accountSlot < _accounts.Count; accountSlot++)
        {
            ref readonly BookAccount account = ref _accounts[accountSlot];
            net = checked(net + account.Lots0 + account.Lots1);
            events += _outboxes.CountOf(in account);
            CheckLeg(account.Lots0, account.CostE8At0);
            CheckLeg(account.Lots1, account.CostE8At1);
            open += CheckOrdersOf(accountSlot, ref linked);
        }

        Invariant.Holds(net == 0 || _state == TradingState.Settled); // Then some positions are closed, others not yet.
        Invariant.Holds(events == _outboxes.Count);
        Invariant.Holds(open == _orders.Count);
        Invariant.Holds(resting == linked);
    }

    private static void CheckLeg(long lots, long costE8)
    {
        Invariant.Holds(costE8 >= 0);
        Invariant.Holds(lots != 0 || costE8 == 0);
    }

    private int CheckOrdersOf(int accountSlot, ref int resting)
    {
        ref readonly BookAccount account = ref _accounts[accountSlot];
        int count = 0;
        int reducing = 0;
        for (int place = 0; place < account.OpenOrders; place++)
        {
            int slot = _accountOrders.At(in account, place);
            ref readonly Order order = ref _orders[slot];
            Invariant.Holds(order.AccountPlace == place);
            Invariant.Holds(order.AccountSlot == accountSlot);
            Invariant.Holds(_orders.Find(order.Id) == slot);
            Invariant.Holds(order.Phase == OrderPhase.Resting ? order.Type.HasLimit() : order.Type.IsConditional());
            Invariant.Holds(order.Phase is OrderPhase.Resting or OrderPhase.Waiting or OrderPhase.Met or OrderPhase.Inactive);
            Invariant.Holds(order.Side <= Side.Sell && order.Type <= OrderType.TrailingStopMarket && order.Leaves >= 0);
            resting += order.Phase == OrderPhase.Resting ? 1 : 0;
            Invariant.Holds((order.Phase == OrderPhase.Resting) == (order.Level != LevelTable.None));
            if (order.Phase == OrderPhase.Resting && order.IsReducing)
            {
                reducing++;
                Invariant.Holds(order.Leaves <= Reducible(in account, order.Side, order.PositionSide));
            }

            count++;
        }

        Invariant.Holds(reducing == account.RestingReducing);
        return count;
    }

    private int CheckSide(Side side)
    {
        int count = 0;
        int handle = _best[(int)side].Handle;
        while (handle != LevelTable.None)
        {
            ref readonly Level level = ref _levels[handle];
            long lots = 0;
            int previous = OrderTable.Nil;
            for (int slot = level.Head; slot != OrderTable.Nil; slot = _orders[slot].Next)
            {
                ref readonly Order order = ref _orders[slot];
                Invariant.Holds(order.Side == side);
                Invariant.Holds(order.Leaves > 0);
                Invariant.Holds(order.Level == handle);
                Invariant.Holds(order.Previous == previous);
                Invariant.Holds(order.PriceTicks == _levels.PriceOf(handle));
                lots = checked(lots + order.Leaves);
                previous = slot;
                count++;
            }

            Invariant.Holds(previous == level.Tail);
            Invariant.Holds(lots == level.Lots);
            Invariant.Holds(lots > 0);
            handle = side == Side.Buy ? _levels.Below(handle) : _levels.Above(handle);
        }

        return count;
    }
}
