using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.Instruments;

public sealed class InstrumentTests
{
    [Fact]
    public void Unit_is_tick_times_lot_so_notionals_are_exact()
    {
        Instrument btc = TestInstruments.Btc();

        Assert.Equal(10_000, btc.UnitE8);
        Assert.Equal(4_700_000_000, btc.NotionalE8(470_000, 1));
        Assert.Equal(25_000 * Rounding.OneE8, btc.ImpactNotionalE8);
        Assert.Equal("50000.1", btc.PriceText(500_001));
        Assert.Equal("0.001", btc.QuantityText(1));
    }

    [Fact]
    public void Deductions_make_brackets_meet_at_their_borders()
    {
        Instrument btc = TestInstruments.Btc();
        Assert.Equal([0, 50, 950], btc.Brackets[..3].ToArray().Select(bracket => bracket.DeductionE8 / Rounding.OneE8));

        foreach (LeverageBracket lower in btc.Brackets[..^1])
        {
            int index = btc.BracketOf(lower.CapE8);
            Assert.Equal(lower, btc.Brackets[index]);
            Assert.Equal(index + 1, btc.BracketOf((Int128)lower.CapE8 + 1));
            Assert.Equal(lower.MaintenanceMarginE8(lower.CapE8), btc.Brackets[index + 1].MaintenanceMarginE8(lower.CapE8));
        }

        Assert.Equal(btc.Brackets.Length, btc.BracketOf((Int128)btc.Brackets[^1].CapE8 + 1));
    }

    [Theory]
    [InlineData("600000", "2950")]
    [InlineData("1000077.12345678", "5550.50130247")]
    [InlineData("0", "0")]
    public void Maintenance_margin_is_rounded_up(string notional, string expected)
    {
        DecimalText.ParseE8(notional, out long notionalE8);
        Assert.Equal(expected, DecimalText.ToText(TestInstruments.Btc().MaintenanceMarginE8(notionalE8)));
    }

    [Fact]
    public void Bands_and_protection_prices_round_to_the_inside()
    {
        Instrument btc = TestInstruments.Btc();

        Assert.Equal(525_001, btc.HighestBuyTicks(500_001));
        Assert.Equal(475_001, btc.LowestSellTicks(500_001));
        Assert.Equal(510_001, btc.ProtectionTicks(Side.Buy, 500_001));
        Assert.Equal(490_001, btc.ProtectionTicks(Side.Sell, 500_001));
        Assert.Equal(1, (TestInstruments.Create(TestInstruments.BtcSettings() with { MarketBoundE8 = 100_000_000 })).ProtectionTicks(Side.Sell, 5));
    }

    [Fact]
    public void Fees_round_up_and_rebates_toward_zero()
    {
        Assert.Equal(232_505, Instrument.FeeE8(628_390_000, 37_000));
        Assert.Equal(-31_419, Instrument.FeeE8(628_390_000, -5_000));
    }

    [Fact]
    public void Largest_position_follows_from_the_highest_price()
    {
        Instrument open = TestInstruments.Create(TestInstruments.BtcSettings() with { MaxPriceTicks = 100_000_000, MaxPositionLots = 0 });

        Assert.Equal(9_000_000, open.MaxPositionLots);
        Assert.Equal(InstrumentLimits.MaxMoneyE8, open.NotionalE8(open.MaxPriceTicks, open.MaxPositionLots));
    }

    public static TheoryData<InstrumentError, InstrumentSettings> Refused()
    {
        InstrumentSettings good = TestInstruments.BtcSettings();
        BracketSettings[] rows = [.. good.Brackets];
        return new()
        {
            { InstrumentError.SymbolText, good with { Symbol = "btcusdt" } },
            { InstrumentError.SymbolText, good with { Symbol = "" } },
            { InstrumentError.TickOrLot, good with { TickE8 = 0 } },
            { InstrumentError.UnitNotWhole, good with { TickE8 = 1, LotE8 = 1 } },
            { InstrumentError.UnitNotWhole, good with { TickE8 = 150_000_000, LotE8 = 1 } },
            { InstrumentError.FeeRate, good with { TakerRateE8 = 100_000_001 } },
            { InstrumentError.FeeRate, good with { MakerRateE8 = -50_001 } },
            { InstrumentError.Band, good with { BandUpE8 = 99_999_999 } },
            { InstrumentError.Band, good with { BandDownE8 = 100_000_001 } },
            { InstrumentError.MarketBound, good with { MarketBoundE8 = -1 } },
            { InstrumentError.QuantityRange, good with { MinLots = 0 } },
            { InstrumentError.QuantityRange, good with { MaxLots = 1_000_000_000_001 } },
            { InstrumentError.MinNotional, good with { MinNotionalE8 = -1 } },
            { InstrumentError.MaxPrice, good with { MaxPriceTicks = 0 } },
            { InstrumentError.ListingRule, good with { MaxPriceTicks = 100_000_000, MaxPositionLots = 9_000_001 } },
            { InstrumentError.MaxOrders, good with { MaxOrders = 0 } },
            { InstrumentError.TriggerProtect, good with { TriggerProtectE8 = -1 } },
            { InstrumentError.FundingRate, good with { FundingCapE8 = -1 } },
            { InstrumentError.FundingInterval, good with { FundingIntervalMs = 3 * InstrumentLimits.HourMs } },
            { InstrumentError.FixedIndex, good with { FixedIndexTicks = -1 } },
            { InstrumentError.BracketCount, good with { Brackets = [] } },
            { InstrumentError.BracketCaps, good with { Brackets = [rows[1], rows[0]] } },
            { InstrumentError.BracketLeverage, good with { Brackets = [rows[0] with { MaxLeverage = 126 }] } },
            { InstrumentError.BracketLeverage, good with { Brackets = [rows[0], rows[1] with { MaxLeverage = 126 }] } },
            { InstrumentError.BracketRate, good with { Brackets = [rows[0] with { MaintenanceRateE8 = 800_000 }] } },
            { InstrumentError.BracketRate, good with { Brackets = [rows[0], rows[1] with { MaintenanceRateE8 = 399_999 }] } },
            { InstrumentError.BracketDeduction, good with { Brackets = [rows[0] with { CapE8 = 1 }, rows[1]] } },
        };
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Settings_that_could_break_the_arithmetic_are_refused_by_name(InstrumentError expected, InstrumentSettings settings)
    {
        Assert.Equal(expected, Instrument.Create(3, settings, out Instrument? instrument));
        Assert.Null(instrument);
    }

    [Fact]
    public void Encoding_reads_back_to_the_same_instrument_and_refuses_every_cut()
    {
        Instrument btc = TestInstruments.Btc();
        byte[] bytes = new byte[Instrument.MaxEncodedBytes];
        int length = btc.Encode(bytes);

        Assert.Equal(InstrumentError.None, Instrument.Decode(bytes, out Instrument? read, out int used));
        Assert.Equal(length, used);
        Assert.Equal(Hash(btc), Hash(read!));
        Assert.Equal(btc.Brackets.ToArray(), read!.Brackets.ToArray());
        for (int cut = 0; cut < length; cut++)
            Assert.Equal(InstrumentError.Encoding, Instrument.Decode(bytes.AsSpan(0, cut), out _, out _));
    }

    [Fact]
    public void Hash_tells_instruments_apart()
    {
        InstrumentSettings good = TestInstruments.BtcSettings();
        ulong[] hashes =
        [
            Hash(TestInstruments.Create(good)),
            Hash(TestInstruments.Create(good with { Symbol = "BTCUSDU" })),
            Hash(TestInstruments.Create(good with { MakerRateE8 = good.MakerRateE8 + 1 })),
            Hash(TestInstruments.Create(good with { Brackets = [.. good.Brackets.Take(3)] })),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [SkippableFact]
    public void Recorded_bracket_tables_are_accepted_with_the_deductions_their_venue_published()
    {
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllBytes(SharedData.File("binance-usdm", "leverageBracket_2024-10.json")));
        foreach (JsonElement symbol in recorded.RootElement.EnumerateArray())
        {
            JsonElement[] rows = [.. symbol.GetProperty("brackets").EnumerateArray()];
            Instrument instrument = TestInstruments.Create(TestInstruments.BtcSettings() with
            {
                Brackets = [.. rows.Select(row => new BracketSettings(
                    E8(row, "notionalCap"), row.GetProperty("initialLeverage").GetInt32(), E8(row, "maintMarginRatio")))],
            });

            Assert.Equal(rows.Select(row => E8(row, "cum")), instrument.Brackets.ToArray().Select(bracket => bracket.DeductionE8));
        }
    }

    private static long E8(JsonElement row, string name)
    {
        Assert.Equal(DecimalTextResult.Ok, DecimalText.ParseE8(row.GetProperty(name).GetString(), out long value));
        return value;
    }

    private static ulong Hash(Instrument instrument)
    {
        StateHasher hasher = StateHasher.Create();
        instrument.AddTo(ref hasher);
        return hasher.Value;
    }
}
