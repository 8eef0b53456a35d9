using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Conditional orders: meeting their price, the queue they join, and how they start (docs/rules/matching.md 3.6, 3.9).
public sealed partial class OrderBook
{
    private readonly StopTable _stops = new();
    private QueueEntry[] _queue = new QueueEntry[16];
    private int _queueHead;
    private int _queueCount;

    /// <summary>Orders that wait for their price.</summary>
    public int WaitingCount => _stops.Count;

    /// <summary>Met orders that have not started yet.</summary>
    public int QueuedCount => _queueCount;

    /// <summary>Whether the order at a place of the queue still waits there: it may have been canceled since, and its slot reused.</summary>
    internal bool IsQueued(int place)
    {
        QueueEntry entry = _queue[(_queueHead + place) & (_queue.Length - 1)];
        return _orders[entry.Slot].Id == entry.OrderId && _orders[entry.Slot].Phase == OrderPhase.Met;
    }

    private void SetMark(in BookInput input)
    {
        if (input.Number != 0 && input.Number <= _markNumber)
            return; // An older mark that was overtaken.
        _markNumber = input.Number;
        _markTicks = input.PriceTicks;
        SetState(_state);
        if (_stops.Count != 0)
            MeetStops(WorkingType.Mark, input.PriceTicks);
    }

    /// <summary>A conditional order waits: trailing ones follow from the current price unless they wait for an activation price.</summary>
    private void Wait(int slot)
    {
        ref Order order = ref _orders[slot];
        order.Phase = OrderPhase.Waiting;
        if (order.Type == OrderType.TrailingStopMarket)
        {
            ref OrderDetail detail = ref _orders.Detail(slot);
            long price = StopTable.WorkingTypeOf(in order) == WorkingType.Last && _lastTicks != 0 ? _lastTicks : _markTicks;
            bool isReached = detail.ActivationTicks == 0
                || (order.Side == Side.Sell ? price >= detail.ActivationTicks : price <= detail.ActivationTicks);
            if (isReached)
                detail.BestTicks = price;
            else
                order.Phase = OrderPhase.Inactive;
        }

        _stops.Add(ref _orders, slot);
    }

    /// <summary>Check 14: whether a stop or take-profit would fire at the price of now; without a last price none of LAST does.</summary>
    private bool IsMetAtOnce(in OrderTerms terms)
    {
        long price = terms.Has(OrderFlags.WorkingMark) ? _markTicks : _lastTicks;
        if (price == 0)
            return false;
        return StopTable.Rises(terms.Type, terms.Side) ? price >= terms.StopTicks : price <= terms.StopTicks;
    }

    private void MeetStops(WorkingType workingType, long priceTicks)
    {
        foreach (int slot in _stops.Meet(ref _orders, workingType, priceTicks, HoldsBackProtected()))
        {
            _orders[slot].Phase = OrderPhase.Met;
            Enqueue(slot);
        }
    }

    /// <summary>Mark and last are too far apart for price-protected orders to fire; just at the limit they do.</summary>
    private bool HoldsBackProtected() =>
        _lastTicks != 0
        && _instrument.TriggerProtectE8 != 0
        && (Int128)Math.Abs(_markTicks - _lastTicks) * Rounding.OneE8 > (Int128)_markTicks * _instrument.TriggerProtectE8;

    private void Enqueue(int slot)
    {
        if (_queueCount == _queue.Length)
        {
            var larger = new QueueEntry[_queue.Length * 2];
            for (int i = 0; i < _queueCount; i++)
                larger[i] = _queue[(_queueHead + i) & (_queue.Length - 1)];
            _queue = larger;
            _queueHead = 0;
        }

        _queue[(_queueHead + _queueCount) & (_queue.Length - 1)] = new QueueEntry { OrderId = _orders[slot].Id, Slot = slot };
        _queueCount++;
        _hooks?.Met(this);
    }

    private void WorkTriggers(int most)
    {
        for (; most > 0 && _queueCount != 0; most--)
        {
            bool isWaiting = IsQueued(0);
            int slot = _queue[_queueHead].Slot;
            _queueHead = (_queueHead + 1) & (_queue.Length - 1);
            _queueCount--;
            if (isWaiting)
                Start(slot);
        }
    }

    /// <summary>A met order starts: checks after a trigger in the order REDUCE_ONLY, BANKRUPTCY, POST_ONLY.</summary>
    private void Start(int slot)
    {
        ref Order order = ref _orders[slot];
        ref BookAccount account = ref _accounts[order.AccountSlot];
        order.Phase = OrderPhase.Taking;
        long closable = Reducible(in account, order.Side, order.PositionSide);
        if ((order.Flags & OrderFlags.ClosePosition) != 0)
            order.Leaves = closable;
        EmitOrder(ref account, BookEventKind.Triggered, in order);

        if (order.IsReducing)
        {
            if (closable == 0)
            {
                End(ref order, slot, ref account, EndReason.ReduceOnly);
                return;
            }

            if (order.Leaves > closable)
                Trim(ref account, ref order, closable);
        }

        long worst = closable == 0 ? 0 : BankruptcyOf(ref account, order.PositionSide.Leg());
        if (order.Type.IsMarketType())
        {
            long limit = MarketLimit(order.Side, worst);
            Take(ref order, slot, ref account, limit);
        }
        else if (worst != 0 && (order.Side == Side.Buy ? order.PriceTicks > worst : order.PriceTicks < worst))
        {
            End(ref order, slot, ref account, EndReason.Bankruptcy);
        }
        else
        {
            EnterLimit(ref order, slot, ref account, postOnlyTrades: false);
        }
    }

    /// <summary>Worst price for closing a position by its pool's last reported equity, which Embedded refreshes first.</summary>
    private long BankruptcyOf(ref BookAccount account, int leg)
    {
        _hooks?.RefreshEquity(this, account.Account);
        return BankruptcyPrice.Of(_markTicks, account.Lots(leg), account.EquityE8(leg), _unitE8, _instrument.ClosingFeeRateE8);
    }

    private struct QueueEntry
    {
        public ulong OrderId;
        public int Slot;
    }
}
