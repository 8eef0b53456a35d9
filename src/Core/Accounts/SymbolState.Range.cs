using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Accounts;

/// <content>The registered price range and the worst that can happen inside it (docs/protocol.md 5).</content>
/// <remarks>
/// Equity less maintenance margin, and equity less open losses, are concave in the mark: a straight line less sums of
/// rates and max(0, distance). So their least value in a range is at one of its ends, but for roundings, which are allowed for.
/// </remarks>
internal sealed partial class SymbolState
{
    /// <summary>Roundings of required margin (isolated): up to two units a leg.</summary>
    private const int RequiredSlackE8 = 4;

    /// <summary>Roundings of maintenance margin: up to one unit a leg.</summary>
    public const int MaintenanceSlackE8 = 2;

    private bool _hasCorners;

    // The range registered with Mark; low 0 and high MaxValue: no bound on that side, both: none.
    public long RangeLowTicks;
    public long RangeHighTicks = long.MaxValue;
    public ulong RangeNumber;
    public bool IsRangeChanged;

    // The least values inside the range.

    /// <summary>Cross: unrealised profit less maintenance margin.</summary>
    public Int128 WorstCrossE8;

    /// <summary>What the symbol adds to the cover of open losses, less its own (5.7).</summary>
    public Int128 WorstCoverE8;

    /// <summary>Isolated: the least of its legs' equity less maintenance margin; above 0 is safe.</summary>
    public Int128 WorstIsolatedE8;

    /// <summary>Isolated: the least of its legs' equity less open losses; not below 0 is safe.</summary>
    public Int128 WorstIsolatedCoverE8;

    /// <summary>Some order could lose inside the range.</summary>
    public bool MayLose;

    public bool HoldsMark(long markTicks) => RangeLowTicks <= markTicks && markTicks <= RangeHighTicks;

    public bool HasRange => RangeLowTicks != 0 || RangeHighTicks != long.MaxValue;

    public void SetRange(long lowTicks, long highTicks)
    {
        if (lowTicks == RangeLowTicks && highTicks == RangeHighTicks)
            return;
        RangeLowTicks = lowTicks;
        RangeHighTicks = highTicks;
        RangeNumber++;
        IsRangeChanged = true;
        _hasCorners = false;
    }

    /// <summary>Brings the worst values up to date; they depend on the state and the range, not on the mark.</summary>
    public void RefreshCorners(in MarketTable.Entry entry, bool isHedge)
    {
        if (_hasCorners)
            return;
        Instrument instrument = entry.Instrument;
        long low = Math.Max(1, RangeLowTicks);
        long high = Math.Min(instrument.MaxPriceTicks, RangeHighTicks);
        Int128 lossLow = LossCeilingE8(instrument, low);
        Int128 lossHigh = LossCeilingE8(instrument, high);
        MayLose = lossLow != 0 || lossHigh != 0;
        WorstCrossE8 = 0;
        WorstIsolatedE8 = 1;
        WorstIsolatedCoverE8 = 0;
        if (IsIsolated)
        {
            Refresh(in entry, isHedge);
            WorstCoverE8 = OpenOrderCount == 0 ? 0 : -Int128.Max(lossLow, lossHigh) - RequiredE8 - RequiredSlackE8;
            IsolatedCorner(instrument, 0, low, high, lossLow, lossHigh);
            IsolatedCorner(instrument, 1, low, high, lossLow, lossHigh);
        }
        else
        {
            CrossCorner(instrument, low, high, lossLow, lossHigh);
        }

        _hasCorners = true;
    }

    /// <summary>As <see cref="LossBoundE8"/>, and one tick more for what follows the mark: its rounding jumps.</summary>
    public Int128 LossCeilingE8(Instrument instrument, long markTicks)
    {
        Int128 loss = LossBoundE8(instrument, markTicks);
        return MarketTypeLots == 0 ? loss : loss + MarketTypeLots * instrument.UnitE8;
    }

    private void CrossCorner(Instrument instrument, long low, long high, Int128 lossLow, Int128 lossHigh)
    {
        Int128 unrealisedLow = 0;
        Int128 unrealisedHigh = 0;
        if (HasPosition)
        {
            unrealisedLow = LegUnrealisedE8(instrument, 0, low) + LegUnrealisedE8(instrument, 1, low);
            unrealisedHigh = LegUnrealisedE8(instrument, 0, high) + LegUnrealisedE8(instrument, 1, high);
            Int128 atLow = unrealisedLow - LegMaintenanceE8(instrument, 0, low) - LegMaintenanceE8(instrument, 1, low);
            Int128 atHigh = unrealisedHigh - LegMaintenanceE8(instrument, 0, high) - LegMaintenanceE8(instrument, 1, high);
            WorstCrossE8 = Int128.Min(atLow, atHigh) - MaintenanceSlackE8;
        }

        WorstCoverE8 = Int128.Min(unrealisedLow - lossLow, unrealisedHigh - lossHigh);
    }

    private void IsolatedCorner(Instrument instrument, int leg, long low, long high, Int128 lossLow, Int128 lossHigh)
    {
        ref PositionLeg position = ref Leg(leg);
        if (position.Lots == 0)
            return;
        Int128 atLow = position.IsolatedE8 + LegUnrealisedE8(instrument, leg, low);
        Int128 atHigh = position.IsolatedE8 + LegUnrealisedE8(instrument, leg, high);
        Int128 worst = Int128.Min(
            atLow - LegMaintenanceE8(instrument, leg, low), atHigh - LegMaintenanceE8(instrument, leg, high));
        WorstIsolatedE8 = Int128.Min(WorstIsolatedE8, worst - MaintenanceSlackE8);
        if (lossLow != 0 || lossHigh != 0)
            WorstIsolatedCoverE8 = Int128.Min(WorstIsolatedCoverE8, Int128.Min(atLow - lossLow, atHigh - lossHigh));
    }

    /// <summary>Net lots of both legs.</summary>
    public long NetLots => Leg0.Lots + Leg1.Lots;

    /// <summary>What one tick up can cost: a short's loss and the growth of maintenance margin at the highest rate.</summary>
    public static Int128 UpLossE8(Instrument instrument, long netLots, long grossLots)
    {
        Int128 growth = MarginRules.CeilDiv(
            (Int128)grossLots * instrument.UnitE8 * instrument.Brackets[^1].MaintenanceRateE8, Rounding.OneE8);
        return Int128.Max(0, growth - ((Int128)netLots * instrument.UnitE8));
    }
}
