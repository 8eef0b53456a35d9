namespace Exchange.Core.Accounts;

/// <content>A wallet in debt is made good out of isolated margins (docs/rules/margin.md 5.8).</content>
public sealed partial class MarginAccount
{
    /// <summary>
    /// Moves margin of one isolated position to a wallet below zero; false: there is no debt, or nobody to pay it. For a liquidation
    /// instant, before pools are judged, until it says false.
    /// </summary>
    /// <remarks>
    /// What an opening fill moves can be more than was reserved for it (a price better than the reserve price, a loss grown since the orders
    /// were last judged, the fee). Left there, the debt would stay behind while a friend takes the margin.
    /// </remarks>
    public bool TryCoverDebt(MarketTable market, out int symbol, out int leg, out long amountE8)
    {
        symbol = -1;
        leg = 0;
        amountE8 = 0;
        if (_walletE8 >= 0 || IsInLiquidation)
            return false;
        Int128 debtE8 = DebtE8(market);
        if (debtE8 == 0)
            return false;
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsIsolated || market[state.Symbol].IsStale)
                continue;
            for (leg = 0; leg < 2; leg++)
            {
                Int128 equityE8 = state.Leg(leg).Lots == 0 ? 0 : PoolEquityE8(state, leg, market);
                if (equityE8 <= 0)
                    continue;
                symbol = state.Symbol;
                amountE8 = (long)Int128.Min(debtE8, equityE8);
                state.Leg(leg).IsolatedE8 -= amountE8;
                _walletE8 += amountE8;
                state.MarkDirty();
                _isWatched = false;
                return true;
            }
        }

        return false;
    }
}
