using Exchange.Core.Instruments;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Books;

/// <summary>Instruments whose numbers can be done in the head.</summary>
internal static class BookInstruments
{
    /// <summary>Market orders reach 5 % from the mark, protected stops fire within 2 %, a clearance fee is 1 %.</summary>
    /// <param name="unitE8">What one lot is worth at one tick: with 1, a notional is price times lots.</param>
    /// <param name="makerRateE8">Below 0: makers get a rebate.</param>
    public static Instrument Create(long unitE8 = 1, long makerRateE8 = 20_000) => TestInstruments.Create(new InstrumentSettings
    {
        Symbol = "RULES",
        TickE8 = Rounding.OneE8,
        LotE8 = unitE8,
        MakerRateE8 = makerRateE8,
        TakerRateE8 = 50_000,
        LiquidationFeeRateE8 = 1_000_000,
        BandUpE8 = 200_000_000,
        BandDownE8 = 0,
        MarketBoundE8 = 5_000_000,
        MinLots = 1,
        MaxLots = 1_000_000,
        MinNotionalE8 = 0,
        MaxPriceTicks = 1_000_000,
        TriggerProtectE8 = 2_000_000,
        Brackets = [new(1_000_000_000 * Rounding.OneE8, 20, 1_000_000)],
    });
}
