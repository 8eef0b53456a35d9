using Exchange.Core.Instruments;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>Three symbols that differ in all that can differ, with brackets so low that positions climb them.</summary>
internal static class EngineInstruments
{
    /// <summary>By symbol id, in ticks.</summary>
    public static readonly long[] FirstMarks = [10_000, 300, 2_000];

    public static Instrument[] Create() =>
    [
        TestInstruments.Create(Fine(), 0), TestInstruments.Create(Coarse(), 1), TestInstruments.Create(Indexed(), 2),
    ];

    /// <summary>One lot at the first mark is 1 USDT.</summary>
    public static InstrumentSettings Fine() => new()
    {
        Symbol = "FINE",
        TickE8 = 10_000_000,
        LotE8 = 100_000,
        MakerRateE8 = 20_000,
        TakerRateE8 = 50_000,
        LiquidationFeeRateE8 = 1_250_000,
        BandUpE8 = 110_000_000,
        BandDownE8 = 90_000_000,
        MarketBoundE8 = 2_000_000,
        MinLots = 1,
        MaxLots = 20_000,
        MinNotionalE8 = Rounding.OneE8,
        MaxPriceTicks = 1_000_000,
        MaxPositionLots = 30_000,
        MaxOrders = 5,
        TriggerProtectE8 = 1_000_000,
        Brackets =
        [
            new(20 * Rounding.OneE8, 125, 400_000),
            new(200 * Rounding.OneE8, 50, 1_000_000),
            new(5_000 * Rounding.OneE8, 20, 2_500_000),
            new(1_000_000 * Rounding.OneE8, 5, 10_000_000),
        ],
    };

    /// <summary>A tick is a third of a percent and one lot at one tick is worth 7: a unit or a rounding forgotten shows. Makers get a rebate.</summary>
    private static InstrumentSettings Coarse() => new()
    {
        Symbol = "COARSE",
        TickE8 = Rounding.OneE8,
        LotE8 = 7,
        MakerRateE8 = -10_000,
        TakerRateE8 = 40_000,
        LiquidationFeeRateE8 = 500_000,
        BandUpE8 = 120_000_000,
        BandDownE8 = 80_000_000,
        MarketBoundE8 = 5_000_000,
        MinLots = 10,
        MaxLots = 1_000_000_000,
        MinNotionalE8 = 0,
        MaxPriceTicks = 100_000,
        MaxOrders = 8,
        Brackets = [new(15 * Rounding.OneE8, 75, 500_000), new(5_000 * Rounding.OneE8, 25, 2_000_000)],
    };

    /// <summary>Has an index now and then; no fee for makers.</summary>
    private static InstrumentSettings Indexed() => new()
    {
        Symbol = "INDEXED",
        TickE8 = 1_000_000,
        LotE8 = 10_000_000,
        MakerRateE8 = 0,
        TakerRateE8 = 100_000,
        LiquidationFeeRateE8 = 2_000_000,
        BandUpE8 = 105_000_000,
        BandDownE8 = 95_000_000,
        MarketBoundE8 = 3_000_000,
        MinLots = 1,
        MaxLots = 10_000,
        MinNotionalE8 = 0,
        MaxPriceTicks = 200_000,
        MaxOrders = 3,
        FundingIntervalMs = InstrumentLimits.HourMs,
        Brackets = [new(30 * Rounding.OneE8, 100, 500_000), new(20_000 * Rounding.OneE8, 20, 3_000_000)],
    };
}
