using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>Leverage, margin mode, position mode (docs/rules/margin.md 5.4 and 5.6); a refused one changes nothing.</content>
public sealed partial class MarginAccount
{
    /// <summary>Sets the leverage of a symbol.</summary>
    public RejectReason SetLeverage(int symbol, int leverage, MarketTable market)
    {
        if (!market.IsListed(symbol))
            return RejectReason.UnknownSymbol;
        if (BarredFromChanges() is not RejectReason.None and var barred)
            return barred;
        Instrument instrument = market[symbol].Instrument;
        if (leverage < 1 || leverage > instrument.MaxLeverage)
            return RejectReason.LeverageRange;

        SymbolState state = Refreshed(FindOrAdd(symbol), market);
        int old = state.Leverage;
        if (leverage == old)
            return RejectReason.None;
        if (MarginRules.IsBeyondLeverage(instrument, state.ExposureE8(IsHedge), leverage))
            return RejectReason.PositionLimit;
        if (state.IsIsolated && state.HasPosition && leverage < old)
            return RejectReason.IsolatedLeverageReduction;

        Int128 before = state.RequiredE8;
        ApplyLeverage(state, leverage);
        Refreshed(state, market);
        bool fits = (state.RequiredE8 <= before || FreeE8(market) >= 0) && IsPayable(market);
        if (!fits)
            ApplyLeverage(state, old);
        return fits ? RejectReason.None : RejectReason.InsufficientMargin;
    }

    /// <summary>Sets the margin mode of a symbol; it must be without orders and positions.</summary>
    public RejectReason SetMarginMode(int symbol, MarginMode mode, MarketTable market)
    {
        if (!market.IsListed(symbol))
            return RejectReason.UnknownSymbol;
        if (BarredFromChanges() is not RejectReason.None and var barred)
            return barred;
        SymbolState state = FindOrAdd(symbol);
        if (state.MarginMode == mode)
            return RejectReason.NoChange;
        if (state.OpenOrderCount != 0)
            return RejectReason.OpenOrders;
        if (state.HasPosition)
            return RejectReason.OpenPosition;
        state.MarginMode = mode;
        state.MarkDirty();
        _isWatched = false;
        return RejectReason.None;
    }

    /// <summary>Sets hedge mode on or off; the account must be without orders and positions.</summary>
    public RejectReason SetPositionMode(bool isHedge)
    {
        if (BarredFromChanges() is not RejectReason.None and var barred)
            return barred;
        if (IsHedge == isHedge)
            return RejectReason.NoChange;
        foreach (SymbolState state in Symbols)
        {
            if (state.OpenOrderCount != 0)
                return RejectReason.OpenOrders;
        }

        foreach (SymbolState state in Symbols)
        {
            if (state.HasPosition)
                return RejectReason.OpenPosition;
        }

        IsHedge = isHedge;
        foreach (SymbolState state in Symbols)
            state.MarkDirty();
        return RejectReason.None;
    }

    /// <summary>Sets what the operator lets the account do; its open orders are the host's to cancel.</summary>
    public void SetState(TradingState state) => State = state;

    /// <summary>Whether the operator bars the account from an order or an amend.</summary>
    private RejectReason Barred(bool isReducing) =>
        State.Takes(isReducing) ? RejectReason.None
        : State == TradingState.ReduceOnly ? RejectReason.AccountReduceOnly
        : RejectReason.AccountFrozen;

    /// <summary>Whether settings and money of the account must stay as they are.</summary>
    private RejectReason BarredFromChanges() =>
        IsHeld ? RejectReason.AccountInLiquidation
        : State == TradingState.Halted ? RejectReason.AccountFrozen
        : RejectReason.None;

    private void ApplyLeverage(SymbolState state, int leverage)
    {
        state.Leverage = leverage;
        state.MarkDirty();
        _isWatched = false;
    }
}
