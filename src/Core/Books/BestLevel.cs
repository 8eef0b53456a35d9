using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>The best level of one side of a book.</summary>
/// <remarks>
/// What depends on the side is computed with its sign, not decided by a branch: half of all orders are of either side, so a
/// branch would be guessed wrong every second time.
/// </remarks>
internal struct BestLevel
{
    // Beyond every price, so that nothing reaches an empty side; its distance to any price fits 64 bits.
    private const long NoTicks = 1L << 62;

    public long Ticks;

    /// <summary><see cref="LevelTable.None"/>: the side is empty.</summary>
    public int Handle;

    public static BestLevel None(Side side) => new() { Ticks = -side.Sign() * NoTicks, Handle = LevelTable.None };

    /// <summary>Whether a taker of a side with this limit trades at this level, the best of the other side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsReachedBy(Side taker, long limitTicks) => unchecked((limitTicks - Ticks) * taker.Sign()) >= 0;

    /// <summary>Whether a price is better for this level's own side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsWorseThan(Side side, long priceTicks) => unchecked((priceTicks - Ticks) * side.Sign()) > 0;
}

/// <summary>The best level of each side, by <see cref="Side"/>.</summary>
[InlineArray(2)]
internal struct BestLevels
{
    private BestLevel _first;

    public static BestLevels Empty()
    {
        BestLevels levels = default;
        levels[(int)Side.Buy] = BestLevel.None(Side.Buy);
        levels[(int)Side.Sell] = BestLevel.None(Side.Sell);
        return levels;
    }
}
