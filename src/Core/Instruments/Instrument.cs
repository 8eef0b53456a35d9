using System.Runtime.CompilerServices;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Instruments;

/// <summary>A listed symbol: its units, fees, bands, limits, funding terms and risk table. Never changes; a change is a new one.</summary>
/// <remarks>
/// Notional = price in ticks * quantity in lots * <see cref="UnitE8"/>, exact, in 1e-8 USDT; of any position at a price up to
/// <see cref="MaxPriceTicks"/> it fits 64 bits. Made by <see cref="Create"/> only, so an instrument in hand is a valid one.
/// </remarks>
public sealed partial class Instrument
{
    private readonly LeverageBracket[] _brackets;

    private Instrument(int symbolId, InstrumentSettings settings, long unitE8, long maxPositionLots, LeverageBracket[] brackets)
    {
        Settings = settings;
        SymbolId = symbolId;
        UnitE8 = unitE8;
        MaxPositionLots = maxPositionLots;
        _brackets = brackets;
        ImpactNotionalE8 = InstrumentLimits.ImpactMarginE8 * brackets[0].MaxLeverage;
        TickE8 = settings.TickE8;
        LotE8 = settings.LotE8;
        MakerRateE8 = settings.MakerRateE8;
        TakerRateE8 = settings.TakerRateE8;
        LiquidationFeeRateE8 = settings.LiquidationFeeRateE8;
        BandUpE8 = settings.BandUpE8;
        BandDownE8 = settings.BandDownE8;
        MarketBoundE8 = settings.MarketBoundE8;
        MinLots = settings.MinLots;
        MaxLots = settings.MaxLots;
        MinNotionalE8 = settings.MinNotionalE8;
        MaxPriceTicks = settings.MaxPriceTicks;
        MaxOrders = settings.MaxOrders;
        TriggerProtectE8 = settings.TriggerProtectE8;
    }

    /// <summary>What it was made from; <see cref="InstrumentSettings.MaxPositionLots"/> may be 0 there.</summary>
    public InstrumentSettings Settings { get; }

    public string Symbol => Settings.Symbol;

    /// <summary>By order of listing, from 0.</summary>
    public int SymbolId { get; }

    /// <summary>Value of one lot at one tick: tick * lot, in 1e-8 USDT.</summary>
    public long UnitE8 { get; }

    public long TickE8 { get; }

    public long LotE8 { get; }

    public long MakerRateE8 { get; }

    public long TakerRateE8 { get; }

    /// <summary>What a closing order must leave for its fee (3.9): where makers get rebates a fee may not stay behind as a debt.</summary>
    public long ClosingFeeRateE8 => MakerRateE8 < 0 ? TakerRateE8 : 0;

    public long LiquidationFeeRateE8 { get; }

    public long BandUpE8 { get; }

    public long BandDownE8 { get; }

    public long MarketBoundE8 { get; }

    public long MinLots { get; }

    public long MaxLots { get; }

    public long MinNotionalE8 { get; }

    public long MaxPositionLots { get; }

    public long MaxPriceTicks { get; }

    public int MaxOrders { get; }

    /// <summary>0: protected stops fire as others do.</summary>
    public long TriggerProtectE8 { get; }

    public long FundingInterestE8 => Settings.FundingInterestE8;

    public long FundingClampE8 => Settings.FundingClampE8;

    public long FundingCapE8 => Settings.FundingCapE8;

    public long FundingIntervalMs => Settings.FundingIntervalMs;

    /// <summary>0: none.</summary>
    public long FixedIndexTicks => Settings.FixedIndexTicks;

    /// <summary>Size of the market order whose average price is the impact price: 200 USDT at the highest leverage.</summary>
    public long ImpactNotionalE8 { get; }

    public int MaxLeverage => _brackets[0].MaxLeverage;

    public ReadOnlySpan<LeverageBracket> Brackets => _brackets;

    /// <summary>Name and units are for life: prices and quantities of all that ever happened are counted in them.</summary>
    public bool HasNameAndUnitsOf(Instrument other) =>
        string.Equals(Symbol, other.Symbol, StringComparison.Ordinal) && TickE8 == other.TickE8 && LotE8 == other.LotE8;

    /// <summary>Notional of a price and a quantity within the listing rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long NotionalE8(long priceTicks, long lots) => checked(priceTicks * lots * UnitE8);

    /// <summary>Notional of any price and quantity of section 0's limits, and beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Int128 WideNotionalE8(long priceTicks, long lots) => checked((Int128)priceTicks * lots * UnitE8);

    /// <summary>Fee of one side of a fill: rounded up for a fee, toward zero for a rebate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FeeE8(long notionalE8, long rateE8) => Rounding.CeilMulDiv(notionalE8, rateE8, Rounding.OneE8);

    /// <summary>Highest price a buy may name: floor(reference * up).</summary>
    public long HighestBuyTicks(long referenceTicks) => Rounding.FloorMulDiv(referenceTicks, BandUpE8, Rounding.OneE8);

    /// <summary>Lowest price a sell may name: ceil(reference * down).</summary>
    public long LowestSellTicks(long referenceTicks) => Rounding.CeilMulDiv(referenceTicks, BandDownE8, Rounding.OneE8);

    /// <summary>Worst price a market order that starts at this mark trades at.</summary>
    public long ProtectionTicks(Side side, long markTicks) => side == Side.Buy
        ? Rounding.FloorMulDiv(markTicks, Rounding.OneE8 + MarketBoundE8, Rounding.OneE8)
        : Math.Max(1, Rounding.CeilMulDiv(markTicks, Rounding.OneE8 - MarketBoundE8, Rounding.OneE8));

    /// <summary>Index from 0 of the bracket that holds a notional; one equal to a cap is inside; their count if it is beyond the last.</summary>
    public int BracketOf(Int128 notionalE8)
    {
        Invariant.Holds(notionalE8 >= 0);
        int index = 0;
        while (index < _brackets.Length && notionalE8 > _brackets[index].CapE8)
            index++;
        return index;
    }

    /// <summary>The least equity a position must keep; beyond the last bracket the last one's terms go on.</summary>
    public long MaintenanceMarginE8(Int128 notionalE8) =>
        _brackets[Math.Min(BracketOf(notionalE8), _brackets.Length - 1)].MaintenanceMarginE8(notionalE8);

    /// <summary>Writes a price as text without trailing zeros; returns the characters written.</summary>
    public int FormatPrice(long priceTicks, Span<byte> utf8) => DecimalText.FormatSteps(priceTicks, TickE8, utf8);

    /// <summary>Writes a quantity as text without trailing zeros; returns the characters written.</summary>
    public int FormatQuantity(long lots, Span<byte> utf8) => DecimalText.FormatSteps(lots, LotE8, utf8);

    public string PriceText(long priceTicks) => DecimalText.ToText((Int128)priceTicks * TickE8);

    public string QuantityText(long lots) => DecimalText.ToText((Int128)lots * LotE8);

    public override string ToString() => $"{Symbol} #{SymbolId}";
}
