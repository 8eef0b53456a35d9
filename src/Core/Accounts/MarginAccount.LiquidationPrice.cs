using Exchange.Core.Instruments;

namespace Exchange.Core.Accounts;

/// <content>The shown liquidation price (docs/rules/margin.md 7.2).</content>
public sealed partial class MarginAccount
{
    /// <summary>A net long with so large a short leg that rising marks eat it shows this: the last tick below the limit.</summary>
    private const long HighestShownTicks = InstrumentLimits.MaxPriceTicks - 1;

    /// <summary>The mark at which a leg's pool would be liquidated if only this symbol's mark moved.</summary>
    /// <returns>Long: the highest tick with E &lt;= MM; short: the lowest; null: none, or no position.</returns>
    /// <remarks>Both legs of a cross symbol share one, by their net. By bisection: exact over all brackets, and only shown.</remarks>
    public long? LiquidationTicks(int symbol, int leg, MarketTable market)
    {
        if (Find(symbol) is not { } state || state.Leg(leg).Lots == 0)
            return null;
        Instrument instrument = market[symbol].Instrument;
        long direction = state.IsIsolated ? state.Leg(leg).Lots : state.NetLots;
        if (direction == 0)
            return null;

        var pool = new PoolAt(state, instrument, state.IsIsolated ? leg : -1, RestOfPoolE8(state, leg, market));
        return direction > 0
            ? HighestUnder(in pool, 1, HighestShownTicks)
            : LowestUnder(in pool, 1, InstrumentLimits.MaxPriceTicks);
    }

    /// <summary>What the pool has apart from this symbol: wallet, other symbols' profit less their maintenance margins.</summary>
    private Int128 RestOfPoolE8(SymbolState own, int leg, MarketTable market)
    {
        if (own.IsIsolated)
            return own.Leg(leg).IsolatedE8;
        Int128 rest = _walletE8;
        foreach (SymbolState state in Symbols)
        {
            if (state == own || state.IsIsolated || !state.HasPosition)
                continue;
            rest += Refreshed(state, market).UnrealisedE8 - state.MaintenanceE8(in market[state.Symbol]);
        }

        return rest;
    }

    private static long? HighestUnder(in PoolAt pool, long low, long high)
    {
        if (!pool.IsUnder(low))
            return pool.IsUnder(high) ? high : null;
        while (low < high)
        {
            long middle = low + ((high - low + 1) / 2);
            if (pool.IsUnder(middle))
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private static long? LowestUnder(in PoolAt pool, long low, long high)
    {
        if (!pool.IsUnder(high))
            return null;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (pool.IsUnder(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>A pool as a function of one mark; leg -1: both.</summary>
    private readonly struct PoolAt(SymbolState state, Instrument instrument, int leg, Int128 restE8)
    {
        public bool IsUnder(long markTicks) =>
            restE8 + (leg >= 0 ? LegE8(leg, markTicks) : LegE8(0, markTicks) + LegE8(1, markTicks)) <= 0;

        private Int128 LegE8(int leg, long markTicks) =>
            state.LegUnrealisedE8(instrument, leg, markTicks) - state.LegMaintenanceE8(instrument, leg, markTicks);
    }
}
