using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Units;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Marks;

public sealed class MarkTests
{
    private const long Day = 86_400_000;
    private const long Hours8 = 8 * InstrumentLimits.HourMs;

    private readonly MarkOutput _output = new();
    private Mark _mark = new(TestInstruments.Btc());
    private ulong _sample;

    [Fact]
    public void There_is_no_mark_before_there_is_an_index_and_one_as_soon_as_there_is()
    {
        Time(Day);
        Assert.Equal(0, _mark.MarkTicks);
        Assert.True(_mark.IsStale);

        Index(Day + 1_500, 50_001.37m);
        Assert.Equal(new MarkUpdate(1, 500_014, Day + 1_500), _output.Mark);
        Assert.False(_mark.IsStale);
    }

    [Fact]
    public void Every_second_gives_one_numbered_mark_even_if_the_price_stands()
    {
        Index(Day, 50_000);
        Index(Day + 100, 50_010);
        Assert.False(_output.HasMark);

        Time(Day + 1_000);
        Assert.Equal(new MarkUpdate(2, 500_100, Day + 1_000), _output.Mark);
        Sample(Day + 1_900, bid: 1, ask: 2, last: 3);
        Assert.False(_output.HasMark);
        Time(Day + 2_000);
        Assert.Equal(3ul, _output.Mark.Number);
    }

    [Fact]
    public void Mark_is_the_median_of_funded_index_basis_and_last()
    {
        Index(Day, 50_001.37m);
        Sample(Day + 1_000, bid: 500_110, ask: 500_121, last: 500_051);
        Assert.Equal(500_051, _output.Mark.Ticks);   // P1 500014, P2 500116

        Sample(Day + 2_000, bid: 500_110, ask: 500_121, last: 400_000);
        Assert.Equal(500_014, _output.Mark.Ticks);
        Sample(Day + 3_000, bid: 500_110, ask: 500_121, last: 900_000);
        Assert.Equal(500_116, _output.Mark.Ticks);
    }

    [Fact]
    public void A_sample_is_used_once_and_one_without_both_sides_not_for_the_basis()
    {
        Index(Day, 50_000);
        Sample(Day + 1_000, bid: 500_010, ask: 500_020, last: 600_000);
        Assert.Equal(500_015, _output.Mark.Ticks);
        _sample--;
        Sample(Day + 2_000, bid: 500_310, ask: 500_320, last: 1);
        Assert.Equal(500_015, _output.Mark.Ticks);
        Sample(Day + 3_000, bid: 0, ask: 500_320, last: 0);
        Assert.Equal(500_015, _output.Mark.Ticks);
    }

    [Fact]
    public void A_stale_index_holds_the_mark_until_it_is_back()
    {
        Index(Day, 50_000);
        Time(Day + 10_000);
        Assert.True(_output.HasMark);
        Assert.False(_mark.IsStale);
        Sample(Day + 11_000, bid: 1, ask: 2, last: 3);
        Assert.False(_output.HasMark);
        Assert.True(_mark.IsStale);
        Assert.Equal(500_000, _mark.MarkTicks);

        Index(Day + 11_500, 51_000);
        Assert.False(_mark.IsStale);
        Assert.False(_output.HasMark);
        Time(Day + 12_000);
        Assert.Equal(510_000, _output.Mark.Ticks);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(499_999)]
    [InlineData(long.MaxValue)]
    public void A_broken_index_is_refused_and_the_old_one_ages_on(long indexE8)
    {
        Index(Day, 50_000);
        Apply(new MarkInput { Kind = MarkInputKind.Index, TimeMs = Day + 5_000, IndexE8 = indexE8 });

        Assert.Equal(RejectReason.PriceRange, _output.Outcome);
        Assert.Equal(50_000 * Rounding.OneE8, _mark.IndexE8);
        Time(Day + 10_001);
        Assert.True(_mark.IsStale);
    }

    [Theory]
    [InlineData(39_999)]
    [InlineData(60_001)]
    public void An_index_more_than_a_fifth_from_the_one_before_is_refused_and_the_old_one_ages_on(long price)
    {
        Index(Day, 50_000);
        Index(Day + 5_000, price);
        Assert.Equal(RejectReason.PriceBandOfIndex, _output.Outcome);
        Assert.Equal(50_000 * Rounding.OneE8, _mark.IndexE8);

        Time(Day + 10_001);
        Assert.True(_mark.IsStale);
        Index(Day + 11_000, price);
        Assert.Equal(RejectReason.PriceBandOfIndex, _output.Outcome);
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(60_000)]
    public void A_fifth_is_taken(long price)
    {
        Index(Day, 50_000);
        Index(Day + 1_000, price);
        Assert.Equal(RejectReason.None, _output.Outcome);
    }

    [Fact]
    public void A_halted_symbol_takes_any_index_so_that_an_operator_can_bring_it_to_the_market()
    {
        Index(Day, 50_000);
        State(Day + 100, TradingState.Halted);
        Index(Day + 200, 100_000);
        Assert.Equal(RejectReason.None, _output.Outcome);

        State(Day + 300, TradingState.Trading);
        Index(Day + 400, 101_000);
        Assert.Equal(RejectReason.None, _output.Outcome);
    }

    [Fact]
    public void The_first_index_posted_may_be_far_from_the_fixed_one()
    {
        _mark = new Mark(TestInstruments.Create(TestInstruments.BtcSettings() with { FixedIndexTicks = 500_000 }));
        Index(Day, 95_000);
        Assert.Equal(RejectReason.None, _output.Outcome);
    }

    [Fact]
    public void A_fixed_index_never_ages_until_a_real_one_is_posted()
    {
        _mark = new Mark(TestInstruments.Create(TestInstruments.BtcSettings() with { FixedIndexTicks = 500_000 }));
        Time(Day);
        Assert.Equal(500_000, _output.Mark.Ticks);
        Time(Day + 3_600_000);
        Assert.False(_mark.IsStale);

        Index(Day + 3_601_000, 50_100);
        Time(Day + 3_612_000);
        Assert.True(_mark.IsStale);
    }

    [Fact]
    public void Mark_stays_within_the_prices_that_may_be_traded()
    {
        _mark = new Mark(TestInstruments.Create(TestInstruments.BtcSettings() with { MaxPriceTicks = 500_010 }));
        Index(Day, 50_000);
        Sample(Day + 1_000, bid: 500_100, ask: 500_200, last: 500_300);
        Assert.Equal(500_010, _output.Mark.Ticks);
    }

    [Fact]
    public void Funding_is_settled_once_at_whole_multiples_of_the_interval()
    {
        Index(Day + Hours8 - 9_000, 50_000);
        Assert.Equal(Day + Hours8, _mark.NextFundingMs);
        Impact(Day + Hours8 - 8_000, 50_100);
        Impact(Day + Hours8 - 3_000, 50_200);
        Assert.Equal(283_333, _mark.PredictedFundingRateE8);   // (200000 + 2 * 400000) / 3 - 50000

        Time(Day + Hours8 - 1);
        Assert.False(_output.HasFunding);
        Time(Day + Hours8);
        Assert.Equal(new FundingRound(Day + Hours8, 283_333, 500_000), _output.Funding);
        Assert.Equal(_mark.MarkTicks, _output.Funding.MarkTicks);
        Time(Day + Hours8 + 1_000);
        Assert.False(_output.HasFunding);
        Assert.Equal(10_000, _mark.PredictedFundingRateE8);
        Assert.Equal(283_333, _mark.LastFundingRateE8);
        Assert.Equal(Day + 2 * Hours8, _mark.NextFundingMs);
    }

    [Fact]
    public void A_round_waits_while_the_symbol_is_halted_and_keeps_its_id()
    {
        Index(Day + Hours8 - 5_000, 50_000);
        State(Day + Hours8 - 4_000, TradingState.Halted);
        Index(Day + Hours8 + 1_000, 50_000);
        Time(Day + Hours8 + 2_000);
        Assert.False(_output.HasFunding);
        Assert.Equal(Day + Hours8, _mark.WaitingRoundId);

        State(Day + Hours8 + 3_000, TradingState.Trading);
        Assert.False(_output.HasFunding);
        Time(Day + Hours8 + 4_000);
        Assert.Equal(Day + Hours8, _output.Funding.Id);
        Assert.Equal(0, _mark.WaitingRoundId);
    }

    [Fact]
    public void A_round_waits_for_a_fresh_index()
    {
        Index(Day, 50_000);
        Time(Day + Hours8);
        Assert.False(_output.HasFunding);

        Index(Day + Hours8 + 500, 52_000);
        Time(Day + Hours8 + 1_000);
        Assert.Equal(Day + Hours8, _output.Funding.Id);
        Assert.Equal(_output.Mark.Ticks, _output.Funding.MarkTicks);
    }

    [Fact]
    public void Time_that_jumps_days_ahead_charges_one_round_not_many()
    {
        _mark = new Mark(TestInstruments.Create(TestInstruments.BtcSettings() with { FixedIndexTicks = 500_000 }));
        Time(Day);
        Time(Day * 3 + 1_000);
        Assert.Equal(Day * 3, _output.Funding.Id);
        Time(Day * 3 + 2_000);
        Assert.False(_output.HasFunding);
    }

    [Fact]
    public void A_mark_wakes_those_whose_range_it_has_left()
    {
        Index(Day, 50_000);
        Apply(new MarkInput { Kind = MarkInputKind.Range, TimeMs = Day, Range = new PriceRange(7, 1, 1, 499_000, 501_000) });
        Assert.True(_output.IsRangeTaken);
        Assert.True(_mark.Alarms.Woken.IsEmpty);

        Index(Day + 900, 50_200);
        Time(Day + 1_000);
        Assert.Equal([7u], _mark.Alarms.Woken.ToArray());
    }

    [Fact]
    public void Changed_funding_terms_keep_the_premiums_and_move_the_next_settlement()
    {
        Index(Day + 1, 50_000);
        Impact(Day + 1_000, 50_100);
        _mark.Change(TestInstruments.Create(TestInstruments.BtcSettings() with { FundingIntervalMs = InstrumentLimits.HourMs }));

        Assert.Equal(Day + InstrumentLimits.HourMs, _mark.NextFundingMs);
        Assert.Equal((200_000 - 50_000) / 8, _mark.PredictedFundingRateE8);
    }

    [Fact]
    public void A_restored_machine_goes_on_as_the_first_would_have()
    {
        var random = new Random(20260104);
        var other = new Mark(TestInstruments.Btc());
        long time = Day;
        for (int step = 0; step < 3_000; step++)
        {
            time += random.Next(0, 4_000);
            MarkInput input = Draw(random, time);
            _mark.Apply(input, _output);
            var otherOutput = new MarkOutput();
            if (step % 100 == 99)
            {
                other = Restored(_mark);
                continue;
            }

            other.Apply(input, otherOutput);
            Assert.Equal(_mark.StateHash(), other.StateHash());
            Assert.Equal((_output.HasMark, _output.Mark.Ticks, _output.HasFunding), (otherOutput.HasMark, otherOutput.HasMark ? otherOutput.Mark.Ticks : _output.Mark.Ticks, otherOutput.HasFunding));
        }

        Assert.True(_mark.MarkNumber > 100);
    }

    private MarkInput Draw(Random random, long time) => random.Next(4) switch
    {
        0 => new MarkInput { Kind = MarkInputKind.Index, TimeMs = time, IndexE8 = random.NextInt64(4_000_000_000_000, 6_000_000_000_000) },
        1 => new MarkInput { Kind = MarkInputKind.Time, TimeMs = time },
        2 => new MarkInput
        {
            Kind = MarkInputKind.Range,
            TimeMs = time,
            Range = new PriceRange((uint)random.Next(20), 1, (ulong)time, random.Next(400_000, 500_000), random.Next(500_000, 600_000)),
        },
        _ => new MarkInput
        {
            Kind = MarkInputKind.Sample,
            TimeMs = time,
            SampleNumber = ++_sample,
            BidTicks = random.Next(400_000, 500_000),
            AskTicks = random.Next(500_000, 600_000),
            LastTicks = random.Next(450_000, 550_000),
            HasImpact = true,
            ImpactBid = new ImpactDepth(0, random.Next(400_000, 500_000), 2_500_000_000_000),
            ImpactAsk = new ImpactDepth(0, random.Next(500_000, 600_000), 2_500_000_000_000),
        },
    };

    private static Mark Restored(Mark mark)
    {
        var writer = new SnapshotWriter();
        mark.Write(writer);
        var restored = new Mark(mark.Instrument);
        restored.Read(new SnapshotReader(writer.Written));
        Assert.Equal(mark.StateHash(), restored.StateHash());
        return restored;
    }

    private void Apply(in MarkInput input) => _mark.Apply(input, _output);

    private void Index(long timeMs, decimal price) =>
        Apply(new MarkInput { Kind = MarkInputKind.Index, TimeMs = timeMs, IndexE8 = (long)(price * Rounding.OneE8) });

    private void Time(long timeMs) => Apply(new MarkInput { Kind = MarkInputKind.Time, TimeMs = timeMs });

    private void State(long timeMs, TradingState state) => Apply(new MarkInput { Kind = MarkInputKind.State, TimeMs = timeMs, State = state });

    private void Sample(long timeMs, long bid, long ask, long last) => Apply(new MarkInput
    {
        Kind = MarkInputKind.Sample, TimeMs = timeMs, SampleNumber = ++_sample, BidTicks = bid, AskTicks = ask, LastTicks = last,
    });

    /// <summary>A sample whose impact prices both are this price.</summary>
    private void Impact(long timeMs, long price) => Apply(new MarkInput
    {
        Kind = MarkInputKind.Sample,
        TimeMs = timeMs,
        SampleNumber = ++_sample,
        HasImpact = true,
        ImpactBid = new ImpactDepth(0, price * 10, 2_500_000_000_000),
        ImpactAsk = new ImpactDepth(0, price * 10, 2_500_000_000_000),
    });
}
