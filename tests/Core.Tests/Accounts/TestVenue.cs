using Exchange.Core.Instruments;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Instruments of the worked examples.</summary>
internal static class TestVenue
{
    /// <summary>Tick 0.1, lot 0.001: one lot at one tick is 10,000 units of 1e-8 USDT.</summary>
    public static Instrument Bitcoin(
        int symbolId = 0, long maker = 20_000, long taker = 50_000, long maxPositionLots = 0, long maxPriceTicks = 10_000_000) =>
        Make(new InstrumentSettings
        {
            Symbol = "BTCUSDT",
            TickE8 = 10_000_000,
            LotE8 = 100_000,
            MakerRateE8 = maker,
            TakerRateE8 = taker,
            LiquidationFeeRateE8 = 1_250_000,
            BandUpE8 = 105_000_000,
            BandDownE8 = 95_000_000,
            MarketBoundE8 = 2_000_000,
            MinLots = 1,
            MaxLots = 1_000_000,
            MinNotionalE8 = 500_000_000,
            MaxPriceTicks = maxPriceTicks,
            MaxPositionLots = maxPositionLots,
            Brackets =
            [
                Row(50_000, 125, 400_000), Row(600_000, 100, 500_000), Row(3_000_000, 75, 650_000), Row(12_000_000, 50, 1_000_000),
                Row(70_000_000, 25, 2_000_000), Row(100_000_000, 20, 2_500_000), Row(1_000_000_000, 5, 10_000_000),
            ],
        }, symbolId);

    public static Instrument Make(InstrumentSettings settings, int symbolId)
    {
        Assert.Equal(InstrumentError.None, Instrument.Create(symbolId, settings, out Instrument? instrument));
        return instrument!;
    }

    private static BracketSettings Row(long capUsdt, int leverage, long rateE8) => new(capUsdt * 100_000_000, leverage, rateE8);
}
