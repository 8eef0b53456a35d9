using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Silo.Bench;

/// <summary>Symbols with a fixed index, so that they have a mark from the first second.</summary>
internal static class BenchInstruments
{
    public const long MarkTicks = 500_000;

    public static Instrument Create(int symbol)
    {
        var settings = new InstrumentSettings
        {
            Symbol = $"B{symbol}USDT",
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
            FixedIndexTicks = MarkTicks,
            Brackets = [new(1_000_000_000 * Rounding.OneE8, 20, 2_500_000)],
        };
        InstrumentError error = Instrument.Create(symbol, settings, out Instrument? instrument);
        return error == InstrumentError.None ? instrument! : throw new InvalidOperationException($"{settings.Symbol}: {error}");
    }
}
