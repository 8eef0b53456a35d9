namespace Exchange.Core.Units;

/// <summary>The price at which closing a position leaves its pool with nothing (docs/rules/liquidation.md 7.3 step 3).</summary>
public static class BankruptcyPrice
{
    /// <param name="markTicks">Mark price.</param>
    /// <param name="lots">The position, signed, not 0.</param>
    /// <param name="equityE8">Equity of the position's pool, 1e-8; may be negative.</param>
    /// <param name="unitE8">Value of one tick and lot, 1e-8.</param>
    /// <returns>
    /// Long: max(1, ceil(mark - E / (|Q| * U))). Short: max(1, floor(mark + E / (|Q| * U))). In ticks; closing there, others at
    /// mark, leaves 0 &lt;= E &lt; |Q| * U.
    /// </returns>
    public static long Of(long markTicks, long lots, Int128 equityE8, long unitE8) => Of(markTicks, lots, equityE8, unitE8, feeRateE8: 0);

    /// <summary>As the other; closing there leaves what a fee costs besides (3.9 where makers get rebates).</summary>
    /// <param name="markTicks">Mark price.</param>
    /// <param name="lots">The position, signed, not 0.</param>
    /// <param name="equityE8">Equity of the position's pool, 1e-8; may be negative.</param>
    /// <param name="unitE8">Value of one tick and lot, 1e-8.</param>
    /// <param name="feeRateE8">Of the value closed; not negative.</param>
    public static long Of(long markTicks, long lots, Int128 equityE8, long unitE8, long feeRateE8)
    {
        Invariant.Holds(lots != 0);
        Invariant.Holds(feeRateE8 >= 0);
        Int128 perTick = (Int128)Math.Abs(lots) * unitE8;
        Int128 price;
        if (feeRateE8 != 0)
            price = WithFee(markTicks * perTick, lots > 0, equityE8, perTick, feeRateE8);
        else if (lots > 0)
            price = markTicks - Rounding.FloorDiv128(equityE8, perTick);
        else
            price = markTicks + Rounding.FloorDiv128(equityE8, perTick);
        return (long)Int128.Clamp(price, 1, long.MaxValue / 2);
    }

    /// <summary>Long: (mark - price) + price * fee &lt;= E per lot; short: (price - mark) + price * fee &lt;= E.</summary>
    private static Int128 WithFee(Int128 valueE8, bool isLong, Int128 equityE8, Int128 perTick, long feeRateE8) => isLong
        ? Rounding.CeilDiv128((valueE8 - equityE8) * Rounding.OneE8, perTick * Math.Max(1, Rounding.OneE8 - feeRateE8))
        : Rounding.FloorDiv128((valueE8 + equityE8) * Rounding.OneE8, perTick * (Rounding.OneE8 + feeRateE8));
}
