using System.Runtime.InteropServices;

namespace Exchange.Core.Marks;

/// <summary>How a market order of the impact notional would fill on one side of a book: exact, in three numbers.</summary>
/// <remarks>
/// It takes <see cref="FullLots"/> from levels before or at <see cref="LastTicks"/>, and <see cref="RestE8"/> of notional, no
/// whole number of lots, at <see cref="LastTicks"/>. All zero: the side is too thin. Its average price is the fraction
/// notional * last / (fullLots * last * U + rest), in ticks.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ImpactDepth(long FullLots, long LastTicks, long RestE8)
{
    public bool IsTooThin => LastTicks == 0;
}

/// <summary>Walks levels from the best on, until the impact notional is filled.</summary>
public ref struct ImpactWalk(long impactNotionalE8, long unitE8)
{
    private readonly long _unitE8 = unitE8;
    private long _leftE8 = impactNotionalE8;
    private long _fullLots;

    /// <summary>The result; too thin until <see cref="Take"/> has said true.</summary>
    public ImpactDepth Depth { get; private set; }

    /// <summary>Takes the next level; true once the notional is filled.</summary>
    public bool Take(long priceTicks, long lots)
    {
        Invariant.Holds(Depth.IsTooThin);
        Invariant.Holds(priceTicks > 0);
        Int128 levelE8 = checked((Int128)priceTicks * lots * _unitE8);
        if (levelE8 < _leftE8)
        {
            _leftE8 -= (long)levelE8;
            _fullLots += lots;
            return false;
        }

        Depth = new ImpactDepth(_fullLots, priceTicks, _leftE8);
        return true;
    }
}
