using Exchange.Core;
using Exchange.Core.Instruments;

namespace Exchange.Cli.Benchmarks;

/// <summary>The instrument of the workloads: no bands, no fees, limits beyond reach.</summary>
public static class BenchmarkInstrument
{
    /// <summary>A price that no order of a workload reaches.</summary>
    public const long MaxPriceTicks = 4_000_000;

    public static Instrument Create(int symbolId = 0)
    {
        InstrumentError error = Instrument.Create(
            symbolId,
            new InstrumentSettings
            {
                Symbol = $"BENCH{symbolId}",
                TickE8 = 10_000,
                LotE8 = 10_000,
                MakerRateE8 = 0,
                TakerRateE8 = 0,
                LiquidationFeeRateE8 = 0,
                BandUpE8 = 200_000_000,
                BandDownE8 = 50_000_000,
                MarketBoundE8 = 50_000_000,
                MinLots = 1,
                MaxLots = InstrumentLimits.MaxLots,
                MinNotionalE8 = 0,
                MaxPriceTicks = MaxPriceTicks,
                MaxOrders = InstrumentLimits.MaxOrders,
                Brackets = [new BracketSettings(InstrumentLimits.MaxMoneyE8, 20, 1_000_000)],
            },
            out Instrument? instrument);
        Invariant.Holds(error == InstrumentError.None);
        return instrument!;
    }
}
