using Exchange.Core.Instruments;

namespace Exchange.Core.Accounts;

/// <content>Figures that depend on the mark, kept until the mark or the state they come from changes.</content>
internal sealed partial class SymbolState
{
    private const long Dirty = -1;
    private long _figuresMarkTicks = Dirty;
    private bool _areTotalsDirty;
    private long _maintenanceMarkTicks = Dirty;
    private Int128 _maintenanceE8;

    // Signed notionals at the mark; 0 without one.
    public long Notional0E8;
    public long Notional1E8;

    /// <summary>Unrealised profit of both legs; 0 without a mark.</summary>
    public Int128 UnrealisedE8;

    /// <summary>Margin of positions and open orders (5.2).</summary>
    public Int128 TotalE8;
    public Int128 PositionMarginE8;

    /// <summary>What the symbol takes of the cross pool: all if cross, the open orders' part if isolated (5.3).</summary>
    public Int128 RequiredE8;

    public Int128 ReservedE8 => TotalE8 - PositionMarginE8;

    /// <summary>Open orders changed: their margin is to be computed anew, what depends on positions is not.</summary>
    public void MarkOrdersDirty()
    {
        _areTotalsDirty = true;
        _hasCorners = false;
    }

    /// <summary>Positions, isolated margin, leverage or mode changed.</summary>
    public void MarkDirty()
    {
        _figuresMarkTicks = Dirty;
        _maintenanceMarkTicks = Dirty;
        _hasCorners = false;
    }

    /// <summary>Brings the figures to the mark of now.</summary>
    public void Refresh(in MarketTable.Entry entry, bool isHedge)
    {
        if (_figuresMarkTicks != entry.MarkTicks)
            Compute(entry.Instrument, entry.MarkTicks, isHedge);
        else if (_areTotalsDirty)
            ComputeTotals(isHedge);
    }

    /// <summary>Maintenance margin of both legs, each by itself.</summary>
    public Int128 MaintenanceE8(in MarketTable.Entry entry)
    {
        if (_maintenanceMarkTicks != entry.MarkTicks)
        {
            _maintenanceE8 = LegMaintenanceE8(entry.Instrument, 0, entry.MarkTicks)
                + LegMaintenanceE8(entry.Instrument, 1, entry.MarkTicks);
            _maintenanceMarkTicks = entry.MarkTicks;
        }

        return _maintenanceE8;
    }

    public Int128 LegUnrealisedE8(Instrument instrument, int leg, long markTicks)
    {
        ref PositionLeg position = ref Leg(leg);
        return position.Lots == 0 || markTicks == 0
            ? 0
            : position.UnrealisedE8(MarginRules.NotionalE8(markTicks, position.Lots, instrument.UnitE8));
    }

    public Int128 LegMaintenanceE8(Instrument instrument, int leg, long markTicks)
    {
        ref PositionLeg position = ref Leg(leg);
        return position.Lots == 0
            ? 0
            : MarginRules.MaintenanceE8(instrument, MarginRules.NotionalE8(markTicks, position.SizeLots, instrument.UnitE8));
    }

    /// <summary>Margin of positions and orders if the leverage were another, at the mark of the last refresh.</summary>
    public Int128 TotalAtE8(bool isHedge, int leverage) =>
        MarginRules.TotalE8(isHedge, IsIsolated, Notional0E8, Notional1E8, BuysE8, SellsE8, leverage);

    public Int128 ExposureE8(bool isHedge) => MarginRules.ExposureE8(isHedge, Notional0E8, Notional1E8, BuysE8, SellsE8);

    private void Compute(Instrument instrument, long markTicks, bool isHedge)
    {
        Notional0E8 = Leg0.Lots == 0 ? 0 : instrument.NotionalE8(markTicks, Leg0.Lots);
        Notional1E8 = Leg1.Lots == 0 ? 0 : instrument.NotionalE8(markTicks, Leg1.Lots);
        Int128 unrealised = 0;
        if (markTicks != 0)
        {
            if (Leg0.Lots != 0)
                unrealised += Leg0.UnrealisedE8(Notional0E8);
            if (Leg1.Lots != 0)
                unrealised += Leg1.UnrealisedE8(Notional1E8);
        }

        UnrealisedE8 = unrealised;
        PositionMarginE8 = HasPosition ? MarginRules.PositionE8(Notional0E8, Notional1E8, Leverage) : 0;
        _figuresMarkTicks = markTicks;
        ComputeTotals(isHedge);
    }

    private void ComputeTotals(bool isHedge)
    {
        bool hasOrders = BuysE8 != 0 || SellsE8 != 0;
        TotalE8 = hasOrders ? TotalAtE8(isHedge, Leverage) : PositionMarginE8;
        RequiredE8 = IsIsolated ? TotalE8 - PositionMarginE8 : TotalE8;
        _areTotalsDirty = false;
    }
}
