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
    public static long Of(long markTicks, long lots, Int128 equityE8, long unitE8)
    {
        Invariant.Holds(lots != 0);
        Int128 perTick = (Int128)Math.Abs(lots) * unitE8;
        Int128 price = lots > 0
            ? markTicks - Rounding.FloorDiv128(equityE8, perTick)
            : markTicks + Rounding.FloorDiv128(equityE8, perTick);
        return (long)Int128.Clamp(price, 1, long.MaxValue / 2);
    }
}
