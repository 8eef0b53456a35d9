using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Matching's short way: the makers at the front of the best level that have nothing about them but price and quantity. It does
// what Fill does for each, in the same order, and brings the level up to date once.
public sealed partial class OrderBook
{
    /// <summary>Whether a fill of this taker can have no effect but on the orders and positions of it and its maker.</summary>
    private bool CanSweep(in BookAccount taker) => !_fundingIsOpen && _stops.Count == 0 && taker.RestingReducing == 0;

    /// <summary>Fills a taker from the front of the best level of the other side, which its limit reaches.</summary>
    /// <param name="slot">The level's first order.</param>
    /// <returns>False if the first maker is not for this way; then nothing was done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Sweep(ref Taker taker, ref BookAccount takerAccount, int slot)
    {
        ref readonly BestLevel best = ref _best[(int)taker.Side.Opposite()];
        int handle = best.Handle;
        long price = best.Ticks;
        long lotPriceE8 = price * _unitE8;
        long wanted = taker.Leaves;
        long leaves = wanted;
        int first = slot;
        while (leaves != 0 && slot != OrderTable.Nil)
        {
            ref Order maker = ref _orders[slot];
            ref BookAccount makerAccount = ref _accounts[maker.AccountSlot];
            int next = maker.Next;
            _orders.Prefetch(next);
            if (!maker.IsPlainResting || maker.AccountSlot == taker.AccountSlot || makerAccount.RestingReducing != 0)
                break;

            long lots = Smaller(leaves, maker.Leaves);
            unchecked
            {
                _tradeCount++;
                leaves -= lots;
                maker.Filled += lots;
                maker.Leaves -= lots;
            }

            taker.Leaves = leaves;
            Move(ref takerAccount, taker.PositionSide.Leg(), taker.Side, lots, lotPriceE8);
            Move(ref makerAccount, maker.PositionSide.Leg(), maker.Side, lots, lotPriceE8);
            EmitFills(ref takerAccount, ref makerAccount, in taker, in maker, price, lots);
            if (maker.Leaves != 0)
                break;
            CloseOrder(ref maker, slot, ref makerAccount);
            slot = next;
        }

        if (leaves == wanted)
            return false;
        _lastTicks = price;
        _output.AddTouched(price);
        LeaveLevel(handle, slot, slot != first, wanted - leaves);
        return true;
    }

    /// <summary>Brings a level up to date whose first order is another now, or has less left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LeaveLevel(int handle, int head, bool isOther, long lots)
    {
        ref Level level = ref _levels[handle];
        unchecked
        {
            level.Lots -= lots;
        }

        if (!isOther)
            return;
        level.Head = head;
        if (head != OrderTable.Nil)
        {
            _orders[head].Previous = OrderTable.Nil;
        }
        else
        {
            level.Tail = OrderTable.Nil;
            DropLevel(handle, _best[1].Handle == handle ? Side.Sell : Side.Buy);
        }
    }
}
