using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Simulation.Worlds;

/// <summary>Perpetual futures whose brackets are so low that small accounts meet them.</summary>
internal static class Venue
{
    public static Instrument[] Instruments(int count) => [.. Enumerable.Range(0, count).Select(Create)];

    /// <summary>Where the indices begin, in ticks.</summary>
    public static long FirstIndexTicks(int symbol) => symbol % 2 == 0 ? 500_000 : 300_000;

    private static Instrument Create(int symbolId)
    {
        bool isFirstKind = symbolId % 2 == 0;
        var settings = new InstrumentSettings
        {
            Symbol = $"C{symbolId}USDT",
            TickE8 = isFirstKind ? 10_000_000 : 1_000_000,
            LotE8 = isFirstKind ? 100_000 : 1_000_000,
            MakerRateE8 = isFirstKind ? 20_000 : -5_000,
            TakerRateE8 = 50_000,
            LiquidationFeeRateE8 = 1_250_000,
            BandUpE8 = 105_000_000,
            BandDownE8 = 95_000_000,
            MarketBoundE8 = 2_000_000,
            MinLots = 1,
            MaxLots = 1_000_000,
            MinNotionalE8 = 5 * Rounding.OneE8,
            MaxPriceTicks = 100_000_000,
            FundingInterestE8 = isFirstKind ? 200_000 : -200_000,
            FundingIntervalMs = InstrumentLimits.HourMs,
            Brackets =
            [
                new(2_000 * Rounding.OneE8, 110, 400_000),
                new(12_000 * Rounding.OneE8, 80, 1_000_000),
                new(1_000_000_000 * Rounding.OneE8, 20, 2_500_000),
            ],
        };
        InstrumentError error = Instrument.Create(symbolId, settings, out Instrument? instrument);
        return error == InstrumentError.None ? instrument! : throw new InvalidOperationException($"{symbolId}: {error}");
    }
}
