using System.Runtime.InteropServices;
using Exchange.Core.Units;

namespace Exchange.Core.Instruments;

/// <summary>One row of an instrument's risk table: what a position of this size must keep, and how far it may be levered.</summary>
/// <remarks>Holds notionals in (<see cref="CapBelowE8"/>, <see cref="CapE8"/>]; money in 1e-8 USDT, rates in 1e-8.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct LeverageBracket(
    long CapE8, long CapBelowE8, int MaxLeverage, long MaintenanceRateE8, long DeductionE8)
{
    /// <summary>ceil(notional * rate) - deduction; the deduction makes two brackets agree at their border.</summary>
    /// <param name="notionalE8">At the mark, not negative; the last bracket also answers for what lies beyond it.</param>
    public long MaintenanceMarginE8(Int128 notionalE8)
    {
        // Up, never to nearest: rounded down, an account could stand below its requirement at the fund's cost.
        long margin = Rounding.CeilDiv(notionalE8 * MaintenanceRateE8, Rounding.OneE8) - DeductionE8;
        Invariant.Holds(margin >= 0);
        return margin;
    }
}

/// <summary>A row as an operator gives it; the rest of <see cref="LeverageBracket"/> follows from the rows below.</summary>
public readonly record struct BracketSettings(long CapE8, int MaxLeverage, long MaintenanceRateE8);
