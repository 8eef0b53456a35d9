using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Simulation.Worlds;

/// <summary>Two perpetual futures whose brackets are so low that small accounts meet them.</summary>
internal static class Venue
{
    public static Instrument[] Instruments() =>
    [
        Create(0, "BTCUSDT", tickE8: 10_000_000, lotE8: 100_000, fundingInterestE8: 200_000),
        Create(1, "ETHUSDT", tickE8: 1_000_000, lotE8: 1_000_000, fundingInterestE8: -200_000),
    ];

    /// <summary>Where the indices begin, in ticks.</summary>
    public static long FirstIndexTicks(int symbol) => symbol == 0 ? 500_000 : 300_000;

    private static Instrument Create(int symbolId, string symbol, long tickE8, long lotE8, long fundingInterestE8)
    {
        var settings = new InstrumentSettings
        {
            Symbol = symbol,
            TickE8 = tickE8,
            LotE8 = lotE8,
            MakerRateE8 = symbolId == 0 ? 20_000 : -5_000,
            TakerRateE8 = 50_000,
            LiquidationFeeRateE8 = 1_250_000,
            BandUpE8 = 105_000_000,
            BandDownE8 = 95_000_000,
            MarketBoundE8 = 2_000_000,
            MinLots = 1,
            MaxLots = 1_000_000,
            MinNotionalE8 = 5 * Rounding.OneE8,
            MaxPriceTicks = 100_000_000,
            FundingInterestE8 = fundingInterestE8,
            FundingIntervalMs = InstrumentLimits.HourMs,
            Brackets =
            [
                new(2_000 * Rounding.OneE8, 110, 400_000),
                new(12_000 * Rounding.OneE8, 80, 1_000_000),
                new(1_000_000_000 * Rounding.OneE8, 20, 2_500_000),
            ],
        };
        InstrumentError error = Instrument.Create(symbolId, settings, out Instrument? instrument);
        return error == InstrumentError.None ? instrument! : throw new InvalidOperationException($"{symbol}: {error}");
    }
}
