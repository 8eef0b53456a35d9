using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Instruments;

/// <summary>Instruments that tests trade: tick 0.1, lot 0.001, as in the worked examples.</summary>
internal static class TestInstruments
{
    public static InstrumentSettings BtcSettings() => new()
    {
        Symbol = "BTCUSDT",
        TickE8 = 10_000_000,
        LotE8 = 100_000,
        MakerRateE8 = 20_000,
        TakerRateE8 = 50_000,
        LiquidationFeeRateE8 = 1_250_000,
        BandUpE8 = 105_000_000,
        BandDownE8 = 95_000_000,
        MarketBoundE8 = 2_000_000,
        MinLots = 1,
        MaxLots = 1_000_000,
        MinNotionalE8 = 5 * Rounding.OneE8,
        MaxPriceTicks = 100_000_000,
        Brackets =
        [
            new(50_000 * Rounding.OneE8, 125, 400_000),
            new(600_000 * Rounding.OneE8, 100, 500_000),
            new(3_000_000 * Rounding.OneE8, 75, 650_000),
            new(12_000_000 * Rounding.OneE8, 50, 1_000_000),
            new(70_000_000 * Rounding.OneE8, 25, 2_000_000),
            new(100_000_000 * Rounding.OneE8, 20, 2_500_000),
            new(1_000_000_000 * Rounding.OneE8, 5, 10_000_000),
        ],
    };

    public static Instrument Btc() => Create(BtcSettings());

    public static Instrument Create(InstrumentSettings settings, int symbolId = 0)
    {
        InstrumentError error = Instrument.Create(symbolId, settings, out Instrument? instrument);
        Assert.Equal(InstrumentError.None, error);
        return instrument!;
    }
}
