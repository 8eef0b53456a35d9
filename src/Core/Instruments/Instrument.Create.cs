using Exchange.Core.Units;

namespace Exchange.Core.Instruments;

public sealed partial class Instrument
{
    /// <summary>Judges settings and makes the instrument, or says by name what is wrong with them.</summary>
    public static InstrumentError Create(int symbolId, InstrumentSettings settings, out Instrument? instrument)
    {
        instrument = null;
        InstrumentError error = CheckUnits(symbolId, settings, out long unitE8);
        if (error == InstrumentError.None)
            error = CheckTrading(settings);
        if (error != InstrumentError.None)
            return error;

        error = CheckListing(settings, unitE8, out long maxPositionLots);
        if (error == InstrumentError.None)
            error = CheckFunding(settings);
        if (error != InstrumentError.None)
            return error;

        error = MakeBrackets(settings.Brackets, out LeverageBracket[] brackets);
        if (error == InstrumentError.None)
            instrument = new Instrument(symbolId, settings, unitE8, maxPositionLots, brackets);
        return error;
    }

    private static InstrumentError CheckUnits(int symbolId, InstrumentSettings settings, out long unitE8)
    {
        unitE8 = 0;
        if (!IsSymbolText(settings.Symbol))
            return InstrumentError.SymbolText;
        if (symbolId < 0)
            return InstrumentError.SymbolId;
        if (settings.TickE8 is < 1 or > InstrumentLimits.MaxMoneyE8 || settings.LotE8 is < 1 or > InstrumentLimits.MaxMoneyE8)
            return InstrumentError.TickOrLot;

        Int128 product = (Int128)settings.TickE8 * settings.LotE8;
        Int128 unit = Rounding.FloorDiv128(product, Rounding.OneE8);
        if (unit < 1 || unit > InstrumentLimits.MaxMoneyE8 || unit * Rounding.OneE8 != product)
            return InstrumentError.UnitNotWhole;
        unitE8 = (long)unit;
        return InstrumentError.None;
    }

    private static InstrumentError CheckTrading(InstrumentSettings settings)
    {
        if (!IsRate(settings.MakerRateE8) || !IsRate(settings.TakerRateE8)
            || settings.LiquidationFeeRateE8 is < 0 or > InstrumentLimits.MaxRateE8
            || settings.MakerRateE8 + settings.TakerRateE8 < 0)
            return InstrumentError.FeeRate;
        if (settings.BandUpE8 is < Rounding.OneE8 or > InstrumentLimits.MaxBandE8 || settings.BandDownE8 is < 0 or > Rounding.OneE8)
            return InstrumentError.Band;
        if (settings.MarketBoundE8 is < 0 or > InstrumentLimits.MaxRateE8)
            return InstrumentError.MarketBound;
        if (settings.MinLots < 1 || settings.MaxLots < settings.MinLots || settings.MaxLots > InstrumentLimits.MaxLots)
            return InstrumentError.QuantityRange;
        if (settings.MinNotionalE8 is < 0 or > InstrumentLimits.MaxMoneyE8)
            return InstrumentError.MinNotional;
        if (settings.MaxOrders is < 1 or > InstrumentLimits.MaxOrders)
            return InstrumentError.MaxOrders;
        return settings.TriggerProtectE8 is < 0 or > InstrumentLimits.MaxRateE8 ? InstrumentError.TriggerProtect : InstrumentError.None;
    }

    private static InstrumentError CheckListing(InstrumentSettings settings, long unitE8, out long maxPositionLots)
    {
        maxPositionLots = 0;
        if (settings.MaxPriceTicks is < 1 or > InstrumentLimits.MaxPriceTicks)
            return InstrumentError.MaxPrice;

        long allowedLots = LargestPositionLots(settings.MaxPriceTicks, unitE8);
        if (allowedLots < 1 || settings.MaxPositionLots < 0 || settings.MaxPositionLots > allowedLots)
            return InstrumentError.ListingRule;
        maxPositionLots = settings.MaxPositionLots == 0 ? allowedLots : settings.MaxPositionLots;
        return InstrumentError.None;
    }

    /// <summary>The largest position whose notional at the highest price is money.</summary>
    private static long LargestPositionLots(long maxPriceTicks, long unitE8) => Math.Min(
        InstrumentLimits.MaxLots, Rounding.FloorDiv((Int128)InstrumentLimits.MaxMoneyE8, (Int128)maxPriceTicks * unitE8));

    private static InstrumentError CheckFunding(InstrumentSettings settings)
    {
        if (!IsRate(settings.FundingInterestE8)
            || settings.FundingClampE8 is < 0 or > InstrumentLimits.MaxRateE8
            || settings.FundingCapE8 is < 0 or > InstrumentLimits.MaxRateE8)
            return InstrumentError.FundingRate;
        if (settings.FundingIntervalMs is not (InstrumentLimits.HourMs or 2 * InstrumentLimits.HourMs
            or 4 * InstrumentLimits.HourMs or 8 * InstrumentLimits.HourMs))
            return InstrumentError.FundingInterval;
        return settings.FixedIndexTicks < 0 || settings.FixedIndexTicks > settings.MaxPriceTicks
            ? InstrumentError.FixedIndex
            : InstrumentError.None;
    }

    private static InstrumentError MakeBrackets(IReadOnlyList<BracketSettings> rows, out LeverageBracket[] brackets)
    {
        brackets = [];
        if (rows.Count is < 1 or > InstrumentLimits.MaxBrackets)
            return InstrumentError.BracketCount;

        var made = new LeverageBracket[rows.Count];
        LeverageBracket below = new(0, 0, InstrumentLimits.MaxLeverage, 0, 0);
        for (int i = 0; i < made.Length; i++)
        {
            InstrumentError error = MakeBracket(rows[i], below, isFirst: i == 0, out made[i]);
            if (error != InstrumentError.None)
                return error;
            below = made[i];
        }

        brackets = made;
        return InstrumentError.None;
    }

    private static InstrumentError MakeBracket(
        in BracketSettings row, in LeverageBracket below, bool isFirst, out LeverageBracket bracket)
    {
        bracket = default;
        if (row.CapE8 <= below.CapE8 || row.CapE8 > InstrumentLimits.MaxMoneyE8)
            return InstrumentError.BracketCaps;
        if (row.MaxLeverage < 1 || row.MaxLeverage > below.MaxLeverage)
            return InstrumentError.BracketLeverage;

        // A maintenance margin not below the initial one would liquidate a position at its opening.
        if (row.MaintenanceRateE8 < 1 || row.MaintenanceRateE8 < below.MaintenanceRateE8
            || row.MaintenanceRateE8 > InstrumentLimits.MaxRateE8 || row.MaintenanceRateE8 * row.MaxLeverage >= Rounding.OneE8)
            return InstrumentError.BracketRate;

        Int128 product = (Int128)below.CapE8 * (row.MaintenanceRateE8 - below.MaintenanceRateE8);
        Int128 step = isFirst ? 0 : Rounding.FloorDiv128(product, Rounding.OneE8);
        if (step * Rounding.OneE8 != product)
            return InstrumentError.BracketDeduction;
        long deduction = checked((long)(step + below.DeductionE8));
        bracket = new LeverageBracket(row.CapE8, below.CapE8, row.MaxLeverage, row.MaintenanceRateE8, deduction);
        return InstrumentError.None;
    }

    private static bool IsRate(long rateE8) => rateE8 is >= -InstrumentLimits.MaxRateE8 and <= InstrumentLimits.MaxRateE8;

    private static bool IsSymbolText(string symbol)
    {
        if (symbol.Length is < 1 or > InstrumentLimits.MaxSymbolLength)
            return false;
        foreach (char c in symbol)
        {
            if (c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.'))
                return false;
        }

        return true;
    }
}
