using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

/// <summary>The conditional orders of a book that wait for a price (docs/rules/matching.md 3.6).</summary>
/// <remarks>
/// Stops, take-profits and trailing orders not yet active stand in four heaps: working type × direction. Active trailing orders
/// follow every price of their working type, so each price visits all of them; their number is bounded by the open-order limit
/// of each account.
/// </remarks>
internal sealed class StopTable
{
    private readonly SlotPositions _positions = new();
    private readonly SlotHeap[] _rising;
    private readonly SlotHeap[] _falling;
    private readonly int[][] _trailing = [[], []];
    private readonly int[] _trailingCount = new int[2];
    private int[] _met = new int[16];
    private int _metCount;

    public StopTable()
    {
        _rising = [new SlotHeap(_positions), new SlotHeap(_positions)];
        _falling = [new SlotHeap(_positions), new SlotHeap(_positions)];
    }

    /// <summary>Waiting orders.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a waiting order by its phase: inactive trailing orders wait for their activation price.</summary>
    public void Add(ref OrderTable orders, int slot)
    {
        Count++;
        Enter(ref orders, slot);
    }

    public void Remove(ref OrderTable orders, int slot)
    {
        Count--;
        ref readonly Order order = ref orders[slot];
        int working = (int)WorkingTypeOf(in order);
        if (IsFollowing(in order))
            RemoveTrailing(working, slot);
        else
            HeapOf(in order, working).Remove(slot);
    }

    /// <summary>Takes out the orders that a price meets, in id order; inactive trailing orders it reaches become active.</summary>
    /// <remarks>With <paramref name="holdsBack"/>, price-protected orders do not fire at this price: they stay.</remarks>
    public ReadOnlySpan<int> Meet(ref OrderTable orders, WorkingType workingType, long priceTicks, bool holdsBack)
    {
        int working = (int)workingType;
        _metCount = 0;
        SlotHeap rising = _rising[working];
        while (rising.Count != 0 && rising.TopKey <= priceTicks)
            AddMet(rising.Pop());
        SlotHeap falling = _falling[working];
        while (falling.Count != 0 && -falling.TopKey >= priceTicks)
            AddMet(falling.Pop());
        FollowTrailing(ref orders, working, priceTicks, holdsBack);

        int kept = 0;
        for (int i = 0; i < _metCount; i++)
        {
            int slot = _met[i];
            ref Order order = ref orders[slot];
            if (order.Phase == OrderPhase.Inactive)
            {
                order.Phase = OrderPhase.Waiting;
                orders.Detail(slot).BestTicks = priceTicks;
                Enter(ref orders, slot);
            }
            else if (holdsBack && (order.Flags & OrderFlags.PriceProtect) != 0)
            {
                Enter(ref orders, slot);
            }
            else
            {
                _met[kept++] = slot;
            }
        }

        Count -= kept;
        Span<int> met = _met.AsSpan(0, kept);
        if (kept > 1)
            orders.SortById(met);
        return met;
    }

    public static WorkingType WorkingTypeOf(in Order order) =>
        (order.Flags & OrderFlags.WorkingMark) != 0 ? WorkingType.Mark : WorkingType.Last;

    /// <summary>Stops rise for buys and fall for sells; take-profits, and a trailing order's activation, the other way round.</summary>
    public static bool Rises(OrderType type, Side side) =>
        type is OrderType.StopLimit or OrderType.StopMarket ? side == Side.Buy : side == Side.Sell;

    private static bool IsFollowing(in Order order) =>
        order.Type == OrderType.TrailingStopMarket && order.Phase == OrderPhase.Waiting;

    private void Enter(ref OrderTable orders, int slot)
    {
        ref readonly Order order = ref orders[slot];
        int working = (int)WorkingTypeOf(in order);
        if (IsFollowing(in order))
        {
            AddTrailing(working, slot);
            return;
        }

        ref readonly OrderDetail detail = ref orders.Detail(slot);
        long price = order.Phase == OrderPhase.Inactive ? detail.ActivationTicks : detail.StopTicks;
        HeapOf(in order, working).Add(slot, Rises(order.Type, order.Side) ? price : -price, order.Id);
    }

    private SlotHeap HeapOf(in Order order, int working) =>
        Rises(order.Type, order.Side) ? _rising[working] : _falling[working];

    private void FollowTrailing(ref OrderTable orders, int working, long priceTicks, bool holdsBack)
    {
        int[] slots = _trailing[working];
        for (int i = _trailingCount[working] - 1; i >= 0; i--)
        {
            int slot = slots[i];
            ref readonly Order order = ref orders[slot];
            ref OrderDetail detail = ref orders.Detail(slot);
            if (!IsTrailingMet(order.Side, ref detail, priceTicks))
                continue;
            if (holdsBack && (order.Flags & OrderFlags.PriceProtect) != 0)
                continue;
            RemoveTrailing(working, slot);
            AddMet(slot);
        }
    }

    /// <summary>Moves the best price on, and tells whether the price has come back by the callback. Levels are rounded away from firing.</summary>
    private static bool IsTrailingMet(Side side, ref OrderDetail detail, long priceTicks)
    {
        if (side == Side.Sell)
        {
            detail.BestTicks = Math.Max(detail.BestTicks, priceTicks);
            return priceTicks <= Rounding.FloorMulDiv(detail.BestTicks, Rounding.OneE8 - detail.CallbackRateE8, Rounding.OneE8);
        }

        detail.BestTicks = Math.Min(detail.BestTicks, priceTicks);
        return priceTicks >= Rounding.CeilMulDiv(detail.BestTicks, Rounding.OneE8 + detail.CallbackRateE8, Rounding.OneE8);
    }

    private void AddTrailing(int working, int slot)
    {
        ref int[] slots = ref _trailing[working];
        int count = _trailingCount[working]++;
        if (count == slots.Length)
            Array.Resize(ref slots, Math.Max(16, count * 2));
        slots[count] = slot;
        _positions.Reserve(slot);
        _positions[slot] = count;
    }

    private void RemoveTrailing(int working, int slot)
    {
        int[] slots = _trailing[working];
        int at = _positions[slot];
        int last = slots[--_trailingCount[working]];
        slots[at] = last;
        _positions[last] = at;
    }

    private void AddMet(int slot)
    {
        if (_metCount == _met.Length)
            Array.Resize(ref _met, _metCount * 2);
        _met[_metCount++] = slot;
    }
}
