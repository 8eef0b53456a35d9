
namespace Exchange.Core.Accounts;

/// <content>What open orders could lose against the mark must be there (docs/rules/margin.md 5.7).</content>
public sealed partial class MarginAccount
{
    /// <summary>The rule is off: for tests only.</summary>
    internal bool IgnoresOpenLosses { get; init; }

    /// <summary>Whether the open orders' losses against the marks, if they all filled, are covered.</summary>
    /// <remarks>
    /// Without this two accounts could take money out of the fund: one opens far from the mark against the other and walks
    /// away. First by bounds that are never too small, which nearly always are zero; order by order only if these do not do.
    /// </remarks>
    public bool IsPayable(MarketTable market)
    {
        Int128 bound = 0;
        Int128 isolatedRequired = 0;
        bool isBoundEnough = true;
        foreach (SymbolState state in Symbols)
        {
            if (state.OpenOrderCount == 0)
                continue;
            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            Int128 loss = state.LossBoundE8(entry.Instrument, entry.MarkTicks);
            bound += loss;
            if (!state.IsIsolated)
                continue;
            isolatedRequired += Refreshed(state, market).RequiredE8;
            if (loss != 0 && state.HasPosition)
                isBoundEnough &= IsCoveredByLegs(state, loss, market);
        }

        if ((bound == 0 && isolatedRequired == 0) || IgnoresOpenLosses)
            return true;
        Int128 cover = CrossEquityE8(market) - isolatedRequired;
        return (isBoundEnough && bound <= cover) || IsPayableByOrders(market, cover, isolatedRequired);
    }

    /// <summary>Whether judging has made bounds exact since this was asked last: that changes what the account keeps.</summary>
    internal bool TakeTightened()
    {
        if (!_hasTightened)
            return false;
        _hasTightened = false;
        return true;
    }

    private bool IsPayableByOrders(MarketTable market, Int128 coverE8, Int128 isolatedRequiredE8)
    {
        Int128 sum = 0;
        _hasTightened = true;
        foreach (SymbolState state in Symbols)
        {
            if (state.OpenOrderCount == 0)
                continue;
            state.TightenBounds();
            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            OrderLosses losses = state.LossesE8(entry.Instrument, entry.MarkTicks);
            for (int leg = 0; leg < 2; leg++)
            {
                Int128 buys = leg == 0 ? losses.Buys0E8 : losses.Buys1E8;
                Int128 sells = leg == 0 ? losses.Sells0E8 : losses.Sells1E8;
                ref PositionLeg position = ref state.Leg(leg);
                if (!state.IsIsolated || position.Lots == 0)
                {
                    sum += Int128.Max(buys, sells);
                    continue;
                }

                Int128 against = position.Lots > 0 ? sells : buys;
                if (against > 0 && against > PoolEquityE8(state, leg, market))
                    return false;
                sum += OpensBeyond(state, in position) ? Int128.Max(buys, sells) : position.Lots > 0 ? buys : sells;
            }
        }

        return (sum == 0 && isolatedRequiredE8 == 0) || sum <= coverE8;
    }

    /// <summary>Non-reducing orders against a position exceed it: the rest would open on the wallet's account.</summary>
    private bool OpensBeyond(SymbolState state, in PositionLeg position) =>
        !IsHedge && (position.Lots > 0 ? state.SellLots : state.BuyLots) > position.SizeLots;

    private bool IsCoveredByLegs(SymbolState state, Int128 loss, MarketTable market) =>
        (state.Leg0.Lots == 0 || loss <= PoolEquityE8(state, 0, market))
        && (state.Leg1.Lots == 0 || loss <= PoolEquityE8(state, 1, market));
}
