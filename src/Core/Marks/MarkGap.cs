using System.Runtime.InteropServices;
using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Marks;

/// <summary>How far a mark's last two updates went beyond what the lowest maintenance rate allows for, signed, in ticks.</summary>
/// <param name="LastTicks">Of the last update; 0: it was no gap.</param>
/// <param name="BeforeTicks">Of the one before: who fell by a fill of a gap's instant is liquidated at the next.</param>
/// <remarks>
/// A pool above its maintenance margin cannot be made bankrupt by an update that is no gap, for maintenance margin is at least the lowest
/// rate of the notional. So the fund pays for gaps only, and no more than they can have taken (docs/rules/liquidation.md 7.5).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct MarkGap(long LastTicks, long BeforeTicks)
{
    /// <summary>After the mark has moved on; 0 as <paramref name="fromTicks"/>: it is the first, which is no gap.</summary>
    public MarkGap Move(Instrument instrument, long fromTicks, long toTicks)
    {
        if (fromTicks == 0)
            return default;
        long allowed = Rounding.FloorMulDiv(fromTicks, instrument.Brackets[0].MaintenanceRateE8, Rounding.OneE8);
        long moved = toTicks - fromTicks;
        long beyond = Math.Max(0, Math.Abs(moved) - allowed);
        return new MarkGap(moved < 0 ? -beyond : beyond, LastTicks);
    }

    /// <summary>What it took of every lot of a position, in ticks; not negative.</summary>
    public long AgainstTicks(bool isLong) =>
        isLong ? Math.Max(0, -LastTicks) + Math.Max(0, -BeforeTicks) : Math.Max(0, LastTicks) + Math.Max(0, BeforeTicks);
}
