using System.Runtime.InteropServices;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <summary>A position: the net one, or one leg in hedge mode (docs/rules/margin.md 6).</summary>
/// <remarks>Lots are signed; money in 1e-8 USDT. No lots: no cost, and no isolated margin once a liquidation's close is done.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct PositionLeg
{
    /// <summary>Positive long, negative short.</summary>
    public long Lots;

    /// <summary>Sum of price * quantity * unit of what is open; never negative.</summary>
    public long CostE8;

    /// <summary>Margin set aside for this position; may fall below zero by funding or inside a close of a liquidation.</summary>
    public long IsolatedE8;

    public readonly bool IsOpen => Lots != 0;

    public readonly long SizeLots => Math.Abs(Lots);

    /// <summary>Profit or loss if it were closed at a price; exact.</summary>
    /// <param name="notionalE8">Signed notional at that price.</param>
    public readonly Int128 UnrealisedE8(Int128 notionalE8) => notionalE8 - (Lots >= 0 ? CostE8 : -CostE8);

    /// <summary>Adds lots on the side of the position.</summary>
    public void Increase(long signedLots, long notionalE8)
    {
        Invariant.Holds(Lots == 0 || (Lots > 0) == (signedLots > 0));
        Lots += signedLots;
        CostE8 += notionalE8;
    }

    /// <summary>Takes lots out at a price; the cost that leaves is rounded down, so nothing is left behind at the end.</summary>
    /// <param name="lots">How many, at most the position's size.</param>
    /// <param name="notionalE8">What they were traded for.</param>
    /// <returns>Realised profit in 1e-8.</returns>
    public long Reduce(long lots, long notionalE8)
    {
        long size = SizeLots;
        Invariant.Holds(lots > 0 && lots <= size);
        long outE8 = lots == size ? CostE8 : Rounding.FloorMulDiv(CostE8, lots, size);
        CostE8 -= outE8;
        if (Lots > 0)
        {
            Lots -= lots;
            return notionalE8 - outE8;
        }

        Lots += lots;
        return outE8 - notionalE8;
    }
}
