using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>Money in and out of the account and of isolated positions; repeats of a transfer id return the first result.</content>
public sealed partial class MarginAccount
{
    private readonly TransferMemory _transfers = new();

    /// <summary>Puts money in.</summary>
    /// <param name="transferId">Names the transfer; <see cref="ClientKey.IsNone"/>: it is not remembered.</param>
    /// <param name="amountE8">Above 0; <see cref="RejectReason.AmountRange"/> otherwise and if the wallet could not hold it.</param>
    public RejectReason Deposit(ClientKey transferId, long amountE8)
    {
        if (_transfers.TryRecall(transferId, TransferKind.Deposit, amountE8, out RejectReason first))
            return first;
        if (IsHeld)
            return RejectReason.AccountInLiquidation;
        if (amountE8 <= 0 || amountE8 > InstrumentLimits.MaxMoneyE8 - Math.Max(0, _walletE8)
            || amountE8 > InstrumentLimits.MaxMoneyE8 - _totals.DepositsE8)
            return RejectReason.AmountRange;
        _walletE8 += amountE8;
        _totals.DepositsE8 += amountE8;
        _hasReport = true;
        return Done(transferId, TransferKind.Deposit, amountE8);
    }

    /// <summary>Takes money out, at most what is withdrawable and only if open orders stay payable.</summary>
    public RejectReason Withdraw(ClientKey transferId, long amountE8, MarketTable market)
    {
        if (_transfers.TryRecall(transferId, TransferKind.Withdrawal, amountE8, out RejectReason first))
            return first;
        if (BarredFromChanges() is not RejectReason.None and var barred)
            return barred;
        if (amountE8 is <= 0 or > InstrumentLimits.MaxMoneyE8)
            return RejectReason.AmountRange;
        if (amountE8 > LeavableE8(market))
            return RejectReason.InsufficientBalance;

        _walletE8 -= amountE8;
        if (!IsPayable(market))
        {
            _walletE8 += amountE8;
            return RejectReason.InsufficientBalance;
        }

        _totals.WithdrawalsE8 += amountE8;
        _hasReport = true;
        return Done(transferId, TransferKind.Withdrawal, amountE8);
    }

    /// <summary>Adds margin to an isolated position, or takes it out (below 0).</summary>
    public RejectReason AdjustMargin(ClientKey transferId, int symbol, PositionSide side, long amountE8, MarketTable market)
    {
        if (!market.IsListed(symbol))
            return RejectReason.UnknownSymbol;
        if (_transfers.TryRecall(transferId, TransferKind.Margin, amountE8, out RejectReason first))
            return first;
        if (BarredFromChanges() is not RejectReason.None and var barred)
            return barred;
        if (amountE8 == 0 || amountE8 is < -InstrumentLimits.MaxMoneyE8 or > InstrumentLimits.MaxMoneyE8)
            return RejectReason.AmountRange;
        if (!IsSideOfMode(side))
            return RejectReason.PositionSideMismatch;
        if (Find(symbol) is not { IsIsolated: true } state || state.Leg(side.Leg()).Lots == 0)
            return RejectReason.NoIsolatedPosition;

        RejectReason lacking = amountE8 > 0 ? RejectReason.InsufficientBalance : RejectReason.InsufficientMargin;
        if (!MayMove(state, side.Leg(), amountE8, market))
            return lacking;
        ref PositionLeg leg = ref state.Leg(side.Leg());
        leg.IsolatedE8 += amountE8;
        _walletE8 -= amountE8;
        state.MarkDirty();
        if (!IsPayable(market))
        {
            leg.IsolatedE8 -= amountE8;
            _walletE8 += amountE8;
            return lacking;
        }

        return Done(transferId, TransferKind.Margin, amountE8);
    }

    private bool MayMove(SymbolState state, int leg, long amountE8, MarketTable market)
    {
        if (amountE8 > 0)
            return amountE8 <= Int128.Min(FreeE8(market), LeavableE8(market));
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        Int128 rest = state.Leg(leg).IsolatedE8
            + Int128.Min(0, state.LegUnrealisedE8(entry.Instrument, leg, entry.MarkTicks)) + amountE8;
        Int128 notional = MarginRules.NotionalE8(entry.MarkTicks, state.Leg(leg).SizeLots, entry.Instrument.UnitE8);
        return rest >= MarginRules.CeilDiv(notional, state.Leverage);
    }

    private RejectReason Done(ClientKey transferId, TransferKind kind, long amountE8)
    {
        _isWatched = false;
        _transfers.Remember(transferId, kind, amountE8);
        return RejectReason.None;
    }
}
