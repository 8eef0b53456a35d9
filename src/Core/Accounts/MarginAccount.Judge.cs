using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>Checks 1 to 12 of docs/rules/matching.md 2: the first failure is the answer.</content>
public sealed partial class MarginAccount
{
    private const int CallbackStepE8 = 100_000;
    private const int MaxCallbackE8 = 10_000_000;

    /// <summary>Judges an order before the book is asked: checks 1 to 12. Changes nothing.</summary>
    /// <param name="terms">The order.</param>
    /// <param name="market">The marks it is decided with.</param>
    /// <param name="timeMs">The input's time.</param>
    public RejectReason JudgePlace(in OrderTerms terms, MarketTable market, long timeMs)
    {
        if (!market.IsListed(terms.Symbol))
            return RejectReason.UnknownSymbol;
        ref readonly MarketTable.Entry entry = ref market[terms.Symbol];
        bool isReducing = terms.IsReducing;
        if (entry.MarkTicks == 0 || !entry.State.Takes(isReducing))
            return RejectReason.SymbolNotTrading;
        if (IsHeld)
            return RejectReason.AccountInLiquidation;
        if (Barred(isReducing) is not RejectReason.None and var barred)
            return barred;
        if (!terms.ClientKey.IsNone && !terms.Has(OrderFlags.ReturnRepeats) && HasOpenOrder(terms.ClientKey))
            return RejectReason.DuplicateClientId;

        RejectReason reason = JudgeFields(in terms, timeMs);
        if (reason != RejectReason.None)
            return reason;
        reason = JudgePositionSide(in terms);
        if (reason != RejectReason.None)
            return reason;

        Instrument instrument = entry.Instrument;
        if (!ArePricesInRange(in terms, instrument))
            return RejectReason.PriceRange;
        if (terms.Has(OrderFields.Lots) && (terms.Lots < instrument.MinLots || terms.Lots > instrument.MaxLots))
            return RejectReason.QtyRange;
        SymbolState? state = Find(terms.Symbol);
        if (terms.Type.HasLimit()
            && !IsPriceInBand(terms.Side, terms.PriceTicks, terms.Type.IsConditional() ? terms.StopTicks : entry.MarkTicks, instrument))
            return RejectReason.PriceBand;
        if (terms.Type == OrderType.Limit && state is not null
            && IsWorseThanBankruptcy(state, terms.Side, terms.PositionSide.Leg(), terms.PriceTicks, market))
            return RejectReason.PriceBand;
        if (!isReducing && NotionalForMinimumE8(in terms, in entry) < instrument.MinNotionalE8)
            return RejectReason.MinNotional;
        return state is not null && state.OpenOrderCount >= instrument.MaxOrders ? RejectReason.TooManyOrders : RejectReason.None;
    }

    private bool HasOpenOrder(ClientKey key)
    {
        foreach (SymbolState state in Symbols)
        {
            if (state.Orders.Count != 0 && state.Orders.IndexOf(key) >= 0)
                return true;
            for (int i = 0; i < state.FlightCount; i++)
            {
                ref readonly InFlight flight = ref state.Flights[i];
                if (flight is { IsPlace: true, IsAccepted: false } && flight.ClientKey == key)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Checks 4 to 6: which fields the type needs, the callback rate, the date.</summary>
    private static RejectReason JudgeFields(in OrderTerms terms, long timeMs)
    {
        OrderType type = terms.Type;
        bool hasPrice = type.HasLimit();
        bool isTrailing = type == OrderType.TrailingStopMarket;
        bool closesPosition = terms.Has(OrderFlags.ClosePosition);
        if (type > OrderType.TrailingStopMarket || terms.TimeInForce > TimeInForce.Gtd || terms.Side > Side.Sell)
            return RejectReason.BadCombination;
        if (terms.Has(OrderFields.Price) != hasPrice
            || terms.Has(OrderFields.Stop) != (type.IsConditional() && !isTrailing)
            || terms.Has(OrderFields.Callback) != isTrailing
            || (terms.Has(OrderFields.Activation) && !isTrailing)
            || terms.Has(OrderFields.Lots) == closesPosition)
            return RejectReason.BadCombination;
        if (closesPosition
            && (terms.Has(OrderFlags.ReduceOnly) || type is not (OrderType.StopMarket or OrderType.TakeProfitMarket)))
            return RejectReason.BadCombination;
        if (!hasPrice && terms.TimeInForce is TimeInForce.Gtx or TimeInForce.Gtd or TimeInForce.Fok)
            return RejectReason.BadCombination;
        if ((terms.TimeInForce == TimeInForce.Fok && type.IsConditional())
            || terms.Has(OrderFields.Gtd) != (terms.TimeInForce == TimeInForce.Gtd))
            return RejectReason.BadCombination;
        if (isTrailing
            && (terms.CallbackRateE8 is < CallbackStepE8 or > MaxCallbackE8 || terms.CallbackRateE8 % CallbackStepE8 != 0))
            return RejectReason.BadCallbackRate;
        return terms.Has(OrderFields.Gtd) && terms.GtdMs <= timeMs ? RejectReason.GtdInPast : RejectReason.None;
    }

    /// <summary>Check 7.</summary>
    private RejectReason JudgePositionSide(in OrderTerms terms)
    {
        if (!IsSideOfMode(terms.PositionSide))
            return RejectReason.PositionSideMismatch;
        return IsHedge && terms.Has(OrderFlags.ReduceOnly) ? RejectReason.BadCombination : RejectReason.None;
    }

    private bool IsSideOfMode(PositionSide side) =>
        IsHedge ? side is PositionSide.Long or PositionSide.Short : side == PositionSide.Both;

    /// <summary>Check 8.</summary>
    private static bool ArePricesInRange(in OrderTerms terms, Instrument instrument) =>
        (!terms.Has(OrderFields.Price) || IsPriceInRange(terms.PriceTicks, instrument))
        && (!terms.Has(OrderFields.Stop) || IsPriceInRange(terms.StopTicks, instrument))
        && (!terms.Has(OrderFields.Activation) || IsPriceInRange(terms.ActivationTicks, instrument));

    private static bool IsPriceInRange(long priceTicks, Instrument instrument) =>
        priceTicks >= 1 && priceTicks <= instrument.MaxPriceTicks;

    /// <summary>Check 10: the band around the reference, the mark or for conditional types the stop price.</summary>
    private static bool IsPriceInBand(Side side, long priceTicks, long referenceTicks, Instrument instrument) =>
        side == Side.Buy
            ? priceTicks <= instrument.HighestBuyTicks(referenceTicks)
            : priceTicks >= instrument.LowestSellTicks(referenceTicks);

    /// <summary>Whether an order of this side closes something of the leg.</summary>
    private static bool Closes(SymbolState state, int leg, Side side)
    {
        long lots = state.Leg(leg).Lots;
        return side == Side.Sell ? lots > 0 : lots < 0;
    }

    /// <summary>The other part of check 10: what closes may not be worse than the bankruptcy price of its pool (3.9).</summary>
    private bool IsWorseThanBankruptcy(SymbolState state, Side side, int leg, long priceTicks, MarketTable market)
    {
        if (!Closes(state, leg, side) || (priceTicks == 1 && side == Side.Buy))
            return false;

        // worse: (mark - price) * size * unit > E for a long. So no division, and at the mark or better only E < 0 matters.
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        long worseTicks = side == Side.Sell ? entry.MarkTicks - priceTicks : priceTicks - entry.MarkTicks;
        long size = state.Leg(leg).SizeLots;
        long unit = entry.Instrument.UnitE8;
        Int128 worse = MarginRules.NotionalE8(worseTicks, size, unit);
        if (entry.Instrument.ClosingFeeRateE8 is var fee and not 0)
            worse += MarginRules.CeilDiv(MarginRules.NotionalE8(priceTicks, size, unit) * fee, Rounding.OneE8);
        return worse > ClosableE8(state, leg, market);
    }

    private static Int128 NotionalForMinimumE8(in OrderTerms terms, in MarketTable.Entry entry)
    {
        long price = terms.Has(OrderFields.Price) ? terms.PriceTicks
            : terms.Has(OrderFields.Stop) ? terms.StopTicks
            : entry.MarkTicks;
        return MarginRules.NotionalE8(price, terms.Lots, entry.Instrument.UnitE8);
    }
}
