using Exchange.Core.Instruments;

namespace Exchange.Edge.Tests.Support;

/// <summary>Two instruments: BTCUSDT with tick 0.1 and lot 0.001, ALTUSDT with tick 0.0001 and lot 1.</summary>
internal static class TestInstruments
{
    public static Instrument Btc(int symbolId) => Create(symbolId, "BTCUSDT", tickE8: 10_000_000, lotE8: 100_000);

    public static Instrument Alt(int symbolId) => Create(symbolId, "ALTUSDT", tickE8: 10_000, lotE8: 100_000_000);

    private static Instrument Create(int symbolId, string symbol, long tickE8, long lotE8)
    {
        InstrumentError error = Instrument.Create(symbolId, new InstrumentSettings
        {
            Symbol = symbol,
            TickE8 = tickE8,
            LotE8 = lotE8,
            MakerRateE8 = 20_000,
            TakerRateE8 = 50_000,
            LiquidationFeeRateE8 = 1_250_000,
            BandUpE8 = 105_000_000,
            BandDownE8 = 95_000_000,
            MarketBoundE8 = 2_000_000,
            MinLots = 1,
            MaxLots = 1_000_000,
            MinNotionalE8 = 500_000_000,
            MaxPriceTicks = 10_000_000,
            Brackets = [new BracketSettings(5_000_000_000_000, 125, 400_000), new BracketSettings(60_000_000_000_000, 100, 500_000)],
        }, out Instrument? instrument);
        return instrument ?? throw new InvalidOperationException($"The test's instrument is refused: {error}.");
    }
}
