using Exchange.Core.Instruments;
using Exchange.Core.Marks;

namespace Exchange.Core.Accounts;

/// <summary>What <see cref="MarginAccount.Watch"/> found.</summary>
[Flags]
public enum WatchOutcome : byte
{
    /// <summary>Every mark is inside its range and the ranges still are safe.</summary>
    Safe = 0,

    /// <summary>New ranges: take them with <see cref="MarginAccount.TryTakeRange"/>.</summary>
    RangesChanged = 1,

    /// <summary>A pool is at or below its maintenance margin: due at the next liquidation instant.</summary>
    Under = 2,

    /// <summary>Open orders are not payable: canceled (RISK) after the next instant's pass.</summary>
    Unpayable = 4,
}

/// <content>Price ranges within which the account needs nobody's attention (docs/protocol.md 5).</content>
public sealed partial class MarginAccount
{
    /// <summary>Part of the slack given to the marks; the rest lets fees and fills pass without new ranges.</summary>
    private const int RangeShare = 3;
    private const int RangeParts = 4;

    /// <summary>Epoch of the account's activation; ranges and batches carry it.</summary>
    public uint Epoch { get; private set; } = 1;

    /// <summary>Judges the account after an input that touched it, or when a mark has left its range.</summary>
    /// <remarks>
    /// Cheap while the registered ranges hold: only symbols that changed are computed anew. Ranges are replaced only when a
    /// mark left one or they are no longer safe, and never while the account is due.
    /// </remarks>
    public WatchOutcome Watch(MarketTable market)
    {
        _isWatched = true;
        if (IsInLiquidation || IsCovered(market))
            return WatchOutcome.Safe;

        WatchOutcome outcome = WatchOutcome.Safe;
        if (IsUnderAtMarks(market))
            outcome |= WatchOutcome.Under;
        if (!IsPayable(market))
            outcome |= WatchOutcome.Unpayable;
        return outcome != WatchOutcome.Safe ? outcome : SetRanges(market) ? WatchOutcome.RangesChanged : WatchOutcome.Safe;
    }

    /// <summary>Takes the next range that changed since it was last taken.</summary>
    public bool TryTakeRange(out int symbol, out PriceRange range)
    {
        foreach (SymbolState state in Symbols)
        {
            if (!state.IsRangeChanged)
                continue;
            state.IsRangeChanged = false;
            symbol = state.Symbol;
            range = new PriceRange(Id, Epoch, state.RangeNumber, state.RangeLowTicks, state.RangeHighTicks);
            return true;
        }

        symbol = -1;
        range = default;
        return false;
    }

    /// <summary>Whether a pool stands at or below its maintenance margin, held marks included.</summary>
    public bool IsUnderAtMarks(MarketTable market)
    {
        bool hasCross = false;
        foreach (SymbolState state in Symbols)
        {
            if (!state.HasPosition)
                continue;
            hasCross |= !state.IsIsolated;
            if (state.IsIsolated && ((state.Leg0.Lots != 0 && IsLegUnder(state, 0, market))
                || (state.Leg1.Lots != 0 && IsLegUnder(state, 1, market))))
                return true;
        }

        return hasCross && CrossEquityE8(market) <= CrossMaintenanceE8(market);
    }

    private bool IsCovered(MarketTable market)
    {
        Int128 cross = _walletE8;
        Int128 cover = _walletE8;
        bool hasCross = false;
        bool mayLose = false;
        foreach (SymbolState state in Symbols)
        {
            if (state.IsIdle)
            {
                if (state.HasRange)
                    return false;
                continue;
            }

            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            if (!state.HoldsMark(entry.MarkTicks))
                return false;
            state.RefreshCorners(in entry, IsHedge);
            if (state.WorstIsolatedE8 <= 0 || state.WorstIsolatedCoverE8 < 0)
                return false;
            cross += state.WorstCrossE8;
            cover += state.WorstCoverE8;
            hasCross |= !state.IsIsolated && state.HasPosition;
            mayLose |= state.MayLose || (state.IsIsolated && (state.BuysE8 != 0 || state.SellsE8 != 0));
        }

        return (!hasCross || cross > 0) && (!mayLose || cover >= 0);
    }

    /// <summary>Divides the slack among the symbols; true if a range changed.</summary>
    private bool SetRanges(MarketTable market)
    {
        Slack slack = MeasureSlack(market);
        bool isChanged = false;
        foreach (SymbolState state in Symbols)
        {
            ulong before = state.RangeNumber;
            if (state.IsIdle)
                state.SetRange(0, long.MaxValue);
            else
                SetRange(state, in market[state.Symbol], in slack);
            isChanged |= state.RangeNumber != before;
        }

        return isChanged;
    }

    private Slack MeasureSlack(MarketTable market)
    {
        Int128 cross = _walletE8 - 1;
        Int128 cover = _walletE8;
        int crossSymbols = 0;
        int losingSymbols = 0;
        bool mayLose = false;
        foreach (SymbolState state in Symbols)
        {
            if (state.IsIdle)
                continue;
            ref readonly MarketTable.Entry entry = ref market[state.Symbol];
            Refreshed(state, market);
            if (!state.IsIsolated && state.HasPosition)
            {
                crossSymbols++;
                cross += state.UnrealisedE8 - state.MaintenanceE8(in entry) - (2 * SymbolState.MaintenanceSlackE8);
            }

            losingSymbols++;
            mayLose |= state.OpenOrderCount != 0;
            cover -= state.LossCeilingE8(entry.Instrument, entry.MarkTicks);
            cover += state.IsIsolated ? -state.RequiredE8 - (2 * SymbolState.MaintenanceSlackE8) : state.UnrealisedE8;
        }

        return new Slack
        {
            CrossE8 = Share(cross, crossSymbols),
            CoverIsShort = cover < 0,
            CoverE8 = Share(cover, losingSymbols),
            CoverCounts = mayLose,
        };
    }

    private static Int128 Share(Int128 slack, int symbols) =>
        symbols == 0 || slack <= 0 ? 0 : slack * RangeShare / RangeParts / symbols;

    private static void SetRange(SymbolState state, in MarketTable.Entry entry, in Slack slack)
    {
        Instrument instrument = entry.Instrument;
        long unit = instrument.UnitE8;
        Int128 down = long.MaxValue;
        Int128 up = long.MaxValue;
        long net = state.NetLots;
        long gross = state.Leg0.SizeLots + state.Leg1.SizeLots;
        if (!state.IsIsolated && gross != 0)
        {
            down = Int128.Min(down, Ticks(slack.CrossE8, Int128.Max(0, net) * unit));
            up = Int128.Min(up, Ticks(slack.CrossE8, SymbolState.UpLossE8(instrument, net, gross)));
        }

        if (slack.CoverCounts)
        {
            long crossNet = state.IsIsolated ? 0 : net;
            down = Int128.Min(down, CoverDown(state, in entry, slack.CoverE8, crossNet));
            up = Int128.Min(up, CoverUp(state, in entry, slack.CoverE8, crossNet));
        }

        if (state.IsIsolated)
        {
            NarrowToLeg(state, in entry, 0, ref down, ref up);
            NarrowToLeg(state, in entry, 1, ref down, ref up);

            // Nothing is left over but roundings, and what isolated orders require rounds anew at every mark.
            if (slack is { CoverCounts: true, CoverIsShort: true } && state.OpenOrderCount != 0)
                (down, up) = (0, 0);
        }

        Int128 low = entry.MarkTicks - down;
        Int128 high = entry.MarkTicks + up;
        state.SetRange(low <= 1 ? 0 : (long)low, high >= instrument.MaxPriceTicks ? long.MaxValue : (long)high);
    }

    /// <summary>An isolated leg is a pool of its own.</summary>
    private static void NarrowToLeg(SymbolState state, in MarketTable.Entry entry, int leg, ref Int128 down, ref Int128 up)
    {
        ref PositionLeg position = ref state.Leg(leg);
        if (position.Lots == 0)
            return;
        Instrument instrument = entry.Instrument;
        Int128 equity = position.IsolatedE8 + state.LegUnrealisedE8(instrument, leg, entry.MarkTicks);
        Int128 slack = Share(
            equity - state.LegMaintenanceE8(instrument, leg, entry.MarkTicks) - 1 - (2 * SymbolState.MaintenanceSlackE8), 1);
        down = Int128.Min(down, Ticks(slack, Int128.Max(0, position.Lots) * instrument.UnitE8));
        up = Int128.Min(up, Ticks(slack, SymbolState.UpLossE8(instrument, position.Lots, position.SizeLots)));
        if (state.OpenOrderCount == 0)
            return;
        Int128 cover = Share(equity - state.LossCeilingE8(instrument, entry.MarkTicks), 1);
        down = Int128.Min(down, CoverDown(state, in entry, cover, position.Lots));
        up = Int128.Min(up, CoverUp(state, in entry, cover, position.Lots));
    }

    /// <summary>How far the mark may fall until position and open buys have lost the slack.</summary>
    private static Int128 CoverDown(SymbolState state, in MarketTable.Entry entry, Int128 slack, long netLots)
    {
        long unit = entry.Instrument.UnitE8;
        Int128 gap = state.LosingBuyLots == 0 ? 0 : Math.Max(0, entry.MarkTicks - state.HighestBuyTicks);
        return CoverTicks(slack, Int128.Max(0, netLots) * unit, state.LosingBuyLots * unit, gap);
    }

    /// <summary>How far the mark may rise until position and open sells have lost the slack.</summary>
    private static Int128 CoverUp(SymbolState state, in MarketTable.Entry entry, Int128 slack, long netLots)
    {
        Instrument instrument = entry.Instrument;
        long unit = instrument.UnitE8;
        Int128 gap = state.LosingSellLots == 0 ? 0 : Math.Max(0, state.LowestSellTicks - entry.MarkTicks);
        Int128 marketTypes = state.MarketTypeLots == 0
            ? 0
            : MarginRules.CeilDiv(state.MarketTypeLots * unit * instrument.MarketBoundE8, Units.Rounding.OneE8);
        Int128 rest = slack - (state.MarketTypeLots * unit * 2);
        return CoverTicks(Int128.Max(0, rest), (Int128.Max(0, -netLots) * unit) + marketTypes, state.LosingSellLots * unit, gap);
    }

    /// <summary>Distance x with always * x + late * max(0, x - gap) within the slack.</summary>
    private static Int128 CoverTicks(Int128 slack, Int128 always, Int128 late, Int128 gap)
    {
        Int128 distance = Ticks(slack, always);
        return distance <= gap || late == 0 ? distance : Int128.Max(gap, (slack + (late * gap)) / (always + late));
    }

    private static Int128 Ticks(Int128 slack, Int128 perTick) => perTick == 0 ? long.MaxValue : slack / perTick;

    /// <summary>One symbol's share of what the cross pool can lose.</summary>
    private struct Slack
    {
        public Int128 CrossE8;
        public Int128 CoverE8;
        public bool CoverCounts;
        public bool CoverIsShort;
    }
}
