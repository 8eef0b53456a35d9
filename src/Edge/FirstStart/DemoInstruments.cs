using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Edge.FirstStart;

/// <summary>What a first start in Development lists: two symbols that trade from the first second.</summary>
public static class DemoInstruments
{
    private static (string CapUsdt, int MaxLeverage, string Rate)[] BtcBrackets =>
    [
        ("50000", 125, "0.004"), ("600000", 100, "0.005"), ("3000000", 75, "0.0065"), ("12000000", 50, "0.01"),
        ("70000000", 25, "0.02"), ("100000000", 20, "0.025"), ("1000000000", 5, "0.1"),
    ];

    private static (string CapUsdt, int MaxLeverage, string Rate)[] EthBrackets =>
    [
        ("50000", 100, "0.005"), ("400000", 75, "0.0065"), ("2000000", 50, "0.01"), ("10000000", 25, "0.02"),
        ("40000000", 10, "0.05"), ("200000000", 5, "0.1"),
    ];

    public static IEnumerable<Instrument> All() =>
    [
        Create(0, "BTCUSDT", tick: "0.1", fixedIndex: "50000", maxPrice: "1000000", maxLots: "1000", BtcBrackets),
        Create(1, "ETHUSDT", tick: "0.01", fixedIndex: "3000", maxPrice: "100000", maxLots: "10000", EthBrackets),
    ];

    private static Instrument Create(
        int symbolId, string symbol, string tick, string fixedIndex, string maxPrice, string maxLots,
        (string CapUsdt, int MaxLeverage, string Rate)[] brackets)
    {
        long tickE8 = E8(tick);
        long lotE8 = E8("0.001");
        InstrumentError error = Instrument.Create(
            symbolId,
            new InstrumentSettings
            {
                Symbol = symbol,
                TickE8 = tickE8,
                LotE8 = lotE8,
                MakerRateE8 = E8("0.0002"),
                TakerRateE8 = E8("0.0005"),
                LiquidationFeeRateE8 = E8("0.0125"),
                BandUpE8 = E8("1.05"),
                BandDownE8 = E8("0.95"),
                MarketBoundE8 = E8("0.02"),
                MinLots = 1,
                MaxLots = E8(maxLots) / lotE8,
                MinNotionalE8 = E8("5"),
                MaxPriceTicks = E8(maxPrice) / tickE8,
                TriggerProtectE8 = E8("0.05"),
                FixedIndexTicks = E8(fixedIndex) / tickE8,
                Brackets = [.. brackets.Select(bracket => new BracketSettings(E8(bracket.CapUsdt), bracket.MaxLeverage, E8(bracket.Rate)))],
            },
            out Instrument? instrument);
        Invariant.Holds(error == InstrumentError.None);
        return instrument!;
    }

    private static long E8(string text)
    {
        Invariant.Holds(DecimalText.ParseSignedE8(text, out long valueE8) == DecimalTextResult.Ok);
        return valueE8;
    }
}
