using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Books;

// Closes of a liquidation that an account leads (docs/rules/liquidation.md 7.3): book, fund, auto-deleveraging.
public sealed partial class OrderBook
{
    /// <summary>A partial step: as much as the book takes at the bankruptcy price or better, without the fund.</summary>
    private RejectReason Close(in BookInput input, int accountSlot)
    {
        ref BookAccount account = ref _accounts[accountSlot];
        if (HasMoved(in input, ref account))
            return RejectReason.Moved;

        long held = account.Lots(input.Terms.PositionSide.Leg());
        Taker taker = BeginClose(in input, accountSlot, Math.Min(input.Lots, Math.Abs(held)), isFull: false);
        var fund = new CloseFund();
        MatchClose(ref taker, input.BankruptcyTicks, input.BankruptcyTicks, ref fund);
        EndClose(in input, ref account, in fund);
        return RejectReason.None;
    }

    /// <summary>The full step, in one input: the book at the bankruptcy price, worse prices at the fund's cost, then ADL.</summary>
    private RejectReason CloseFull(in BookInput input, int accountSlot)
    {
        ref BookAccount account = ref _accounts[accountSlot];
        if (HasMoved(in input, ref account))
            return RejectReason.Moved;

        long bankruptcy = input.BankruptcyTicks;
        long held = account.Lots(input.Terms.PositionSide.Leg());
        Taker taker = BeginClose(in input, accountSlot, Math.Abs(held), isFull: true);
        long limit = bankruptcy;
        if (input.Amount > 0) // Without a grant fees earned here stay earned: they pay the makers' rebates.
        {
            long protection = Protection(taker.Side);
            limit = taker.Side == Side.Buy ? Math.Max(bankruptcy, protection) : Math.Min(bankruptcy, protection);
        }

        var fund = new CloseFund { AvailableE8 = input.Amount };
        MatchClose(ref taker, limit, bankruptcy, ref fund);
        if (taker.Leaves > 0)
            Deleverage(ref taker, bankruptcy);
        EndClose(in input, ref account, in fund);
        return RejectReason.None;
    }

    /// <summary>The account has events that the close does not know of; in a symbol that is being settled, its turn has come.</summary>
    private bool HasMoved(in BookInput input, ref BookAccount account)
    {
        if (_state == TradingState.Settled)
            Settle(ref account);
        return account.LastNumber > input.Number;
    }

    /// <summary>The fund's side of one close: what it may still spend, what it spent, what it earned.</summary>
    private struct CloseFund
    {
        public long AvailableE8;
        public long SpentE8;
        public long EarnedE8;
    }

    private Taker BeginClose(in BookInput input, int accountSlot, long lots, bool isFull)
    {
        ref BookAccount account = ref _accounts[accountSlot];
        PositionSide positionSide = input.Terms.PositionSide;
        Side side = account.Lots(positionSide.Leg()) > 0 ? Side.Sell : Side.Buy;
        ref BookEvent e = ref Emit(ref account, BookEventKind.Liquidation);
        e.OrderId = input.Liquidation;
        e.LeavesLots = input.Step;
        e.PositionSide = positionSide;
        e.PriceTicks = input.BankruptcyTicks;
        e.Lots = lots;
        e.Flags = (side == Side.Sell ? BookEventFlags.Sell : BookEventFlags.None)
            | (isFull ? BookEventFlags.FullOrKept : BookEventFlags.None);
        return new Taker { AccountSlot = accountSlot, Side = side, PositionSide = positionSide, Leaves = lots, IsLiquidation = true };
    }

    private void MatchClose(ref Taker taker, long limitTicks, long bankruptcyTicks, ref CloseFund fund)
    {
        while (taker.Leaves > 0)
        {
            int slot = Opposite(taker.Side, limitTicks);
            if (slot == OrderTable.Nil)
                return;
            if (_orders[slot].AccountSlot == taker.AccountSlot)
            {
                End(slot, EndReason.Stp);
                continue;
            }

            long price = _orders[slot].PriceTicks;
            long lots = Math.Min(taker.Leaves, _orders[slot].Leaves);
            long gainTicks = taker.Side == Side.Sell ? price - bankruptcyTicks : bankruptcyTicks - price;
            if (gainTicks < 0)
            {
                lots = Math.Min(lots, Rounding.FloorDiv(fund.AvailableE8, (Int128)(-gainTicks) * _unitE8));
                if (lots == 0)
                    return;
            }

            taker.PaysNoRebate = gainTicks >= 0 && _instrument.MakerRateE8 < 0
                && ClearanceFeeE8(price, lots, gainTicks) < -Instrument.FeeE8(price * lots * _unitE8, _instrument.MakerRateE8);
            Fill(ref taker, ref _accounts[taker.AccountSlot], ref _orders[slot], slot, lots);
            SettleWithFund(ref _accounts[taker.AccountSlot], in taker, price, lots, gainTicks, ref fund);
        }
    }

    /// <summary>A fill better than the bankruptcy price pays the clearance fee out of the gain; a worse one is made good by the fund.</summary>
    private void SettleWithFund(
        ref BookAccount account, in Taker taker, long price, long lots, long gainTicks, ref CloseFund fund)
    {
        long gainE8 = gainTicks * lots * _unitE8;
        long amountE8;
        if (gainE8 > 0)
        {
            long takenE8 = ClearanceFeeE8(price, lots, gainTicks);
            fund.EarnedE8 += takenE8;
            fund.AvailableE8 += takenE8;
            amountE8 = -takenE8;
        }
        else
        {
            fund.SpentE8 -= gainE8;
            fund.AvailableE8 += gainE8;
            amountE8 = -gainE8;
        }

        if (amountE8 == 0)
            return;
        ref BookEvent e = ref Emit(ref account, BookEventKind.Insurance);
        e.OrderId = 0;
        e.PositionSide = taker.PositionSide;
        e.PriceTicks = price;
        e.Lots = lots;
        e.LeavesLots = taker.Leaves;
        e.Amount = amountE8;
    }

    /// <summary>Only ever out of what the fill was better than the bankruptcy price.</summary>
    private long ClearanceFeeE8(long price, long lots, long gainTicks) => Math.Min(
        Rounding.CeilMulDiv(price * lots * _unitE8, _instrument.LiquidationFeeRateE8, Rounding.OneE8), gainTicks * lots * _unitE8);

    private void EndClose(in BookInput input, ref BookAccount account, in CloseFund fund)
    {
        _output.EndClose(fund.SpentE8, fund.EarnedE8);
        ref BookEvent e = ref Emit(ref account, BookEventKind.Closed);
        e.OrderId = input.Liquidation;
        e.LeavesLots = input.Step;
        e.PositionSide = input.Terms.PositionSide;
        e.Lots = 0;
        e.Amount = fund.SpentE8;
        e.PriceTicks = fund.EarnedE8;
    }
}
