using Exchange.Core.Instruments;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Accounts;

/// <summary>The instrument of the worked examples, with what a test wants otherwise.</summary>
internal static class TestVenue
{
    /// <summary>Tick 0.1, lot 0.001: one lot at one tick is 10,000 units of 1e-8 USDT.</summary>
    public static Instrument Bitcoin(
        int symbolId = 0, long maker = 20_000, long taker = 50_000, long maxPositionLots = 0, long maxPriceTicks = 10_000_000) =>
        TestInstruments.Create(TestInstruments.BtcSettings() with
        {
            Symbol = $"BTC{symbolId}USDT",
            MakerRateE8 = maker,
            TakerRateE8 = taker,
            MaxPositionLots = maxPositionLots,
            MaxPriceTicks = maxPriceTicks,
        }, symbolId);
}
