using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <summary>The sums of docs/rules/margin.md 5 as functions of plain numbers; money in 1e-8 USDT.</summary>
public static class MarginRules
{
    /// <summary>price * lots * unit, in 128 bits; nearly always the first product fits 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 NotionalE8(long priceTicks, long lots, long unitE8)
    {
        long high = Math.BigMul(priceTicks, lots, out long low);
        return high == low >> 63 ? Math.BigMul(low, unitE8) : Wide(priceTicks, lots, unitE8);
    }

    /// <summary>ceil(value / divisor), in 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 CeilDiv(Int128 value, long divisor) =>
        unchecked((Int128)(long)value) == value ? Rounding.CeilDiv((long)value, divisor) : Rounding.CeilDiv128(value, divisor);

    /// <summary>Margin of position and open orders of one symbol together (5.2).</summary>
    /// <param name="isHedge">Leg 0 is LONG, leg 1 SHORT; buys open the one, sells the other.</param>
    /// <param name="isIsolated">An order against an isolated position reserves for its whole value.</param>
    /// <param name="notional0">Signed notional of leg 0 at the mark.</param>
    /// <param name="notional1">Signed notional of leg 1 at the mark, never positive.</param>
    /// <param name="buysE8">Value of the open, non-reducing buys at their reserve prices.</param>
    /// <param name="sellsE8">Value of the open, non-reducing sells at their reserve prices.</param>
    /// <param name="leverage">1 to 125.</param>
    public static Int128 TotalE8(
        bool isHedge, bool isIsolated, long notional0, long notional1, Int128 buysE8, Int128 sellsE8, int leverage)
    {
        if (isHedge)
            return CeilDiv(notional0 + buysE8, leverage) + CeilDiv(sellsE8 - notional1, leverage);
        if (isIsolated && notional0 != 0)
            return CeilDiv(Math.Abs(notional0) + buysE8 + sellsE8, leverage);
        return CeilDiv(ExposureE8(isHedge: false, notional0, notional1, buysE8, sellsE8), leverage);
    }

    /// <summary>Margin of the position alone: per side, rounded up.</summary>
    public static Int128 PositionE8(long notional0, long notional1, int leverage) =>
        Rounding.CeilDiv(Math.Abs(notional0), leverage) + (notional1 == 0 ? 0 : Rounding.CeilDiv(-notional1, leverage));

    /// <summary>The largest notional that fills of the open orders can make; hedge: of the larger side (5.4).</summary>
    public static Int128 ExposureE8(bool isHedge, long notional0, long notional1, Int128 buysE8, Int128 sellsE8)
    {
        Int128 one = isHedge ? notional0 + buysE8 : Int128.Abs(notional0 + buysE8);
        Int128 other = isHedge ? sellsE8 - notional1 : Int128.Abs(notional0 - sellsE8);
        return one > other ? one : other;
    }

    /// <summary>Whether a notional lies beyond the last bracket or in one that does not allow the leverage.</summary>
    public static bool IsBeyondLeverage(Instrument instrument, Int128 exposureE8, int leverage)
    {
        int bracket = instrument.BracketOf(exposureE8);
        ReadOnlySpan<LeverageBracket> brackets = instrument.Brackets;
        return bracket == brackets.Length || brackets[bracket].MaxLeverage < leverage;
    }

    /// <summary>What an order of this many lots loses against the mark if it fills at its worst price.</summary>
    public static Int128 OpenLossE8(Side side, long worstTicks, long markTicks, long lots, long unitE8)
    {
        long worse = side == Side.Buy ? worstTicks - markTicks : markTicks - worstTicks;
        return worse <= 0 || lots <= 0 ? 0 : NotionalE8(worse, lots, unitE8);
    }

    /// <summary>The fee of an opening order at its reserve price as a taker; a rebate counts as none.</summary>
    public static Int128 OpeningFeeE8(Int128 valueE8, Instrument instrument) =>
        instrument.TakerRateE8 <= 0 ? 0 : CeilDiv(valueE8 * instrument.TakerRateE8, Rounding.OneE8);

    /// <summary>Least equity of a position of this notional, in 128 bits so that any price may be asked about.</summary>
    public static Int128 MaintenanceE8(Instrument instrument, Int128 notionalE8)
    {
        if (notionalE8 == 0)
            return 0;
        ReadOnlySpan<LeverageBracket> brackets = instrument.Brackets;
        ref readonly LeverageBracket bracket = ref brackets[Math.Min(instrument.BracketOf(notionalE8), brackets.Length - 1)];
        return CeilDiv(notionalE8 * bracket.MaintenanceRateE8, Rounding.OneE8) - bracket.DeductionE8;
    }

    /// <summary>The price its margin is reserved at (5.2).</summary>
    public static long ReserveTicks(in OrderTerms terms, Instrument instrument, long markTicks)
    {
        bool isBuy = terms.Side == Side.Buy;
        switch (terms.Type)
        {
            case OrderType.Limit or OrderType.StopLimit or OrderType.TakeProfit:
                return LimitReserveTicks(terms.Side, terms.PriceTicks, markTicks);
            case OrderType.Market:
                return isBuy ? instrument.ProtectionTicks(Side.Buy, markTicks) : markTicks;
            case OrderType.StopMarket or OrderType.TakeProfitMarket:
                return isBuy ? instrument.ProtectionTicks(Side.Buy, terms.StopTicks) : Math.Max(terms.StopTicks, markTicks);
            default:
                long reference = Math.Max(markTicks, terms.ActivationTicks);
                return isBuy ? instrument.ProtectionTicks(Side.Buy, reference) : reference;
        }
    }

    /// <summary>The price that the margin of an order with a limit is reserved at, as placed or as amended (5.2).</summary>
    public static long LimitReserveTicks(Side side, long priceTicks, long markTicks) =>
        side == Side.Buy ? priceTicks : Math.Max(priceTicks, markTicks);

    /// <summary>The worst price an order may trade at, by the mark alone: an account may hold a MARKET order that closes to a better one.</summary>
    public static long WorstTicks(in OrderTerms terms, Instrument instrument, long markTicks) =>
        terms.Type == OrderType.Market ? instrument.ProtectionTicks(terms.Side, markTicks) : terms.PriceTicks;

    /// <summary>The price at which closing the position alone leaves its pool at just not below zero (7.3 step 3).</summary>
    /// <param name="lots">Signed, not zero.</param>
    /// <param name="equityE8">Equity of the pool at the mark.</param>
    public static long BankruptcyTicks(long lots, long markTicks, Int128 equityE8, long unitE8)
    {
        Int128 perTickE8 = (Int128)Math.Abs(lots) * unitE8;
        Int128 ticks = lots > 0
            ? markTicks - FloorDiv(equityE8, perTickE8)
            : markTicks + FloorDiv(equityE8, perTickE8);
        return ticks < 1 ? 1 : ticks > long.MaxValue ? long.MaxValue : (long)ticks;
    }

    /// <summary>floor(value / divisor), in 128 bits.</summary>
    public static Int128 FloorDiv(Int128 value, Int128 divisor)
    {
        unchecked
        {
            return (Int128)(long)value == value && (Int128)(long)divisor == divisor
                ? Rounding.FloorDiv((long)value, (long)divisor)
                : Rounding.FloorDiv128(value, divisor);
        }
    }

    private static Int128 Wide(long priceTicks, long lots, long unitE8) => (Int128)priceTicks * lots * unitE8;
}
