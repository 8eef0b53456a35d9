using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>What the account is worth and what is free of it (docs/rules/margin.md 5.3, 7.1).</content>
public sealed partial class MarginAccount
{
    /// <summary>Equity of the cross pool: wallet and unrealised profit of all cross positions.</summary>
    public Int128 CrossEquityE8(MarketTable market) => _walletE8 + CrossUnrealisedE8(market);

    /// <summary>Maintenance margin of the cross pool.</summary>
    public Int128 CrossMaintenanceE8(MarketTable market)
    {
        Int128 sum = 0;
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsIsolated && state.HasPosition)
                sum += state.MaintenanceE8(in market[state.Symbol]);
        }

        return sum;
    }

    /// <summary>What closing a leg may cost at most: what the book ranks with, and bounds triggered closes with.</summary>
    public long PoolEquityE8(int symbol, int leg, MarketTable market)
    {
        Int128 equity = Find(symbol) is { } state ? ClosableE8(state, leg, market) : CrossEquityE8(market);
        return (long)Int128.Clamp(equity, -InstrumentLimits.MaxMoneyE8, InstrumentLimits.MaxMoneyE8);
    }

    /// <summary>Maintenance margin of a leg by itself.</summary>
    public long MaintenanceE8(int symbol, int leg, MarketTable market) =>
        Find(symbol) is { } state
            ? checked((long)state.LegMaintenanceE8(market[symbol].Instrument, leg, market[symbol].MarkTicks))
            : 0;

    /// <summary>Unrealised profit of a leg at the mark.</summary>
    public long UnrealisedE8(int symbol, int leg, MarketTable market) =>
        Find(symbol) is { } state
            ? checked((long)state.LegUnrealisedE8(market[symbol].Instrument, leg, market[symbol].MarkTicks))
            : 0;

    /// <summary>Free for orders: wallet and unrealised cross profit beyond what is required and held; not below 0.</summary>
    public long AvailableE8(MarketTable market) => ToMoney(Int128.Max(0, FreeE8(market)));

    /// <summary>Free to leave: as available, but unrealised profit does not count.</summary>
    public long WithdrawableE8(MarketTable market) => ToMoney(Int128.Max(0, LeavableE8(market)));

    /// <summary>Margin of a symbol's open orders beyond its positions' (5.2).</summary>
    public long ReservedE8(int symbol, MarketTable market) =>
        Find(symbol) is { } state ? ToMoney(Refreshed(state, market).ReservedE8) : 0;

    /// <summary>The worst price at which an order may close a leg (3.9); 0 without a position.</summary>
    public long ClosingTicks(int symbol, int leg, MarketTable market) =>
        Find(symbol) is { } state && state.Leg(leg).Lots != 0 ? ClosingTicks(state, leg, market) : 0;

    private static long ToMoney(Int128 amount) => amount > long.MaxValue ? long.MaxValue : (long)amount;

    private SymbolState Refreshed(SymbolState state, MarketTable market)
    {
        state.Refresh(in market[state.Symbol], IsHedge);
        return state;
    }

    /// <summary>The symbol's instrument changed: what was computed from it is void. False: the account has nothing there.</summary>
    public bool ForgetFigures(int symbol)
    {
        if (Find(symbol) is not { } state)
            return false;
        state.MarkDirty();
        _isWatched = false;
        return !state.IsIdle;
    }

    private Int128 CrossUnrealisedE8(MarketTable market)
    {
        Int128 sum = 0;
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsIsolated && state.HasPosition)
                sum += Refreshed(state, market).UnrealisedE8;
        }

        return sum;
    }

    private Int128 PoolEquityE8(SymbolState state, int leg, MarketTable market)
    {
        if (!state.IsIsolated)
            return CrossEquityE8(market);
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        return state.Leg(leg).IsolatedE8 + state.LegUnrealisedE8(entry.Instrument, leg, entry.MarkTicks);
    }

    /// <summary>The wallet's debt, as far as no unrealised profit stands against it (5.8).</summary>
    private Int128 DebtE8(MarketTable market) =>
        _walletE8 >= 0 ? 0 : Int128.Max(0, Int128.Min(-(Int128)_walletE8, -CrossEquityE8(market)));

    /// <summary>Equity of the pool of a leg, less the wallet's debt: an isolated margin is not carried off while a debt stays behind.</summary>
    private Int128 ClosableE8(SymbolState state, int leg, MarketTable market)
    {
        Int128 equity = PoolEquityE8(state, leg, market);
        return state.IsIsolated && _walletE8 < 0 ? equity - DebtE8(market) : equity;
    }

    private long ClosingTicks(SymbolState state, int leg, MarketTable market)
    {
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        return BankruptcyPrice.Of(
            entry.MarkTicks, state.Leg(leg).Lots, ClosableE8(state, leg, market), entry.Instrument.UnitE8, entry.Instrument.ClosingFeeRateE8);
    }

    private long BankruptcyTicks(SymbolState state, int leg, MarketTable market)
    {
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        return MarginRules.BankruptcyTicks(
            state.Leg(leg).Lots, entry.MarkTicks, PoolEquityE8(state, leg, market), entry.Instrument.UnitE8);
    }

    private Int128 RequiredE8(MarketTable market)
    {
        Int128 sum = 0;
        foreach (SymbolState state in Symbols)
            sum += Refreshed(state, market).RequiredE8;
        return sum;
    }

    /// <summary>What is available before it is cut at 0.</summary>
    private Int128 FreeE8(MarketTable market)
    {
        Int128 free = _walletE8 - _heldE8;
        foreach (SymbolState state in Symbols)
        {
            Refreshed(state, market);
            free -= state.RequiredE8;
            if (!state.IsIsolated)
                free += state.UnrealisedE8;
        }

        return free;
    }

    /// <summary>What is withdrawable before it is cut at 0: profit not realised backs orders but cannot leave.</summary>
    private Int128 LeavableE8(MarketTable market) =>
        _walletE8 - _heldE8 - RequiredE8(market) + Int128.Min(0, CrossUnrealisedE8(market));
}
