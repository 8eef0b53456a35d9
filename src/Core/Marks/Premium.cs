using System.Numerics;
using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Marks;

/// <summary>How far the book's impact prices stand from the index (docs/rules/funding.md 8.1).</summary>
public static class Premium
{
    /// <summary>A premium of more than 100 times the index counts as that: it only feeds a rate that is capped far below.</summary>
    public const long MaxE8 = 100 * Rounding.OneE8;

    /// <summary>(max(0, impactBid - index) - max(0, index - impactAsk)) / index, truncated to 1e-8; 0 if either side is too thin.</summary>
    /// <param name="instrument">Gives tick, unit and the impact notional the depths were walked with.</param>
    /// <param name="bid">What a market sell of the impact notional would take.</param>
    /// <param name="ask">What a market buy of it would take.</param>
    /// <param name="indexE8">Index price in 1e-8 USDT; positive.</param>
    public static long OfE8(Instrument instrument, in ImpactDepth bid, in ImpactDepth ask, long indexE8) =>
        OfE8(instrument.ImpactNotionalE8, instrument.TickE8, instrument.UnitE8, bid, ask, indexE8);

    /// <inheritdoc cref="OfE8(Instrument, in ImpactDepth, in ImpactDepth, long)"/>
    public static long OfE8(long impactNotionalE8, long tickE8, long unitE8, in ImpactDepth bid, in ImpactDepth ask, long indexE8)
    {
        Invariant.Holds(indexE8 > 0);
        if (bid.IsTooThin || ask.IsTooThin)
            return 0;

        // An ask far above the market makes the products leave 128 bits, and anybody may place one. This runs every five
        // seconds, away from the order path, so it may allocate.
        (BigInteger bidOver, BigInteger bidDivisor) = AboveIndex(bid, impactNotionalE8, tickE8, unitE8, indexE8);
        (BigInteger askOver, BigInteger askDivisor) = AboveIndex(ask, impactNotionalE8, tickE8, unitE8, indexE8);
        BigInteger over = BigInteger.Max(0, bidOver) * askDivisor + BigInteger.Min(0, askOver) * bidDivisor;
        BigInteger premiumE8 = BigInteger.Divide(over * Rounding.OneE8, bidDivisor * askDivisor * indexE8);
        return (long)BigInteger.Min(MaxE8, BigInteger.Max(-MaxE8, premiumE8));
    }

    /// <summary>Average price of the depth less the index, as a fraction in 1e-8 USDT.</summary>
    private static (BigInteger Numerator, BigInteger Divisor) AboveIndex(
        in ImpactDepth depth, long impactNotionalE8, long tickE8, long unitE8, long indexE8)
    {
        BigInteger divisor = (BigInteger)depth.FullLots * depth.LastTicks * unitE8 + depth.RestE8;
        return ((BigInteger)impactNotionalE8 * depth.LastTicks * tickE8 - indexE8 * divisor, divisor);
    }
}
