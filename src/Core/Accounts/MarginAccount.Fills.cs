using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>Money: fees, cost and profit of fills, isolated margin (docs/rules/margin.md 4, 5.5, 6.1).</content>
public sealed partial class MarginAccount
{
    private void ApplyTrade(SymbolState state, in BookEvent e, Instrument instrument, bool hasFee, ref AccountChange change)
    {
        ref PositionLeg leg = ref state.Leg(e.PositionSide.Leg());
        state.MarkDirty();
        if (hasFee)
        {
            long rate = e.Has(BookEventFlags.Maker) ? instrument.MakerRateE8 : instrument.TakerRateE8;
            if (rate >= 0 || !e.Has(BookEventFlags.NoRebate))
                change.FeeE8 = Instrument.FeeE8(instrument.NotionalE8(e.PriceTicks, e.Lots), rate);
            _walletE8 -= change.FeeE8;
            _totals.FeesE8 += change.FeeE8;
            _hasReport = true;
        }

        int sign = e.Side.Sign();
        long opening = e.Lots;
        if (leg.Lots != 0 && (leg.Lots > 0) != (sign > 0))
        {
            long closing = Math.Min(leg.SizeLots, e.Lots);
            opening -= closing;
            change.RealisedE8 = CloseLots(state, ref leg, closing, in e, instrument);
        }

        if (opening > 0)
            OpenLots(state, ref leg, sign * opening, in e, instrument);
        change.IsPositionChanged = true;
    }

    private long CloseLots(SymbolState state, ref PositionLeg leg, long lots, in BookEvent e, Instrument instrument)
    {
        long size = leg.SizeLots;
        long realised = leg.Reduce(lots, instrument.NotionalE8(e.PriceTicks, lots));
        if (!state.IsIsolated)
        {
            _walletE8 += realised;
        }
        else if (e.Has(BookEventFlags.Liquidation))
        {
            // What the close leaves goes to the wallet when the close is done, after fund and fees had their part.
            leg.IsolatedE8 += realised;
        }
        else
        {
            // A share of the margin leaves with the lots; a loss eats that share, then the margin, then the wallet.
            long share = Rounding.FloorMulDiv(leg.IsolatedE8, lots, size);
            leg.IsolatedE8 -= share;
            long rest = share + realised;
            if (rest < 0)
            {
                long fromMargin = Math.Max(0, Math.Min(leg.IsolatedE8, -rest));
                leg.IsolatedE8 -= fromMargin;
                rest += fromMargin;
            }

            _walletE8 += rest;
        }

        return realised;
    }

    private void OpenLots(SymbolState state, ref PositionLeg leg, long signedLots, in BookEvent e, Instrument instrument)
    {
        long lots = Math.Abs(signedLots);
        long notional = instrument.NotionalE8(e.PriceTicks, lots);
        leg.Increase(signedLots, notional);
        if (!state.IsIsolated)
            return;

        // What the fill loses against the mark goes along, so that it does not open below its margin.
        Int128 loss = MarginRules.OpenLossE8(e.Side, e.PriceTicks, e.MarkTicks, lots, instrument.UnitE8);
        long moved = checked((long)(Rounding.CeilDiv(notional, state.Leverage) + loss));
        _walletE8 -= moved;
        leg.IsolatedE8 += moved;
    }

    /// <summary>Money in or out of the pool of a position: isolated margin or wallet.</summary>
    private void MovePool(SymbolState state, int leg, long amountE8)
    {
        state.MarkDirty();
        if (state.IsIsolated)
            state.Leg(leg).IsolatedE8 += amountE8;
        else
            _walletE8 += amountE8;
    }

    /// <summary>A close is done: what it spent and earned is known, and a closed isolated position's rest is free.</summary>
    private void ApplyClosed(SymbolState state, in BookEvent e, ref AccountChange change)
    {
        _totals.FundSpentE8 += e.Amount;
        _totals.FundEarnedE8 += e.PriceTicks;
        state.MarkDirty();
        _hasReport = true;
        ref PositionLeg leg = ref state.Leg(e.PositionSide.Leg());
        if (leg.Lots == 0 && leg.IsolatedE8 != 0)
        {
            _walletE8 += leg.IsolatedE8;
            leg.IsolatedE8 = 0;
            change.IsPositionChanged = true;
        }

        NoteClosed(state.Symbol, e.OrderId, (uint)e.LeavesLots, e.Amount, e.PriceTicks);
    }
}
