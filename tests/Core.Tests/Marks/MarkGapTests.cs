using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Marks;

/// <summary>The lowest maintenance rate is 0.4 %: of 500,000 ticks 2,000 are no gap.</summary>
public sealed class MarkGapTests
{
    private readonly Instrument _instrument = TestInstruments.Btc();

    [Theory]
    [InlineData(498_000, 0)]
    [InlineData(497_999, -1)]
    [InlineData(502_000, 0)]
    [InlineData(502_003, 3)]
    [InlineData(490_000, -8_000)]
    public void What_exceeds_the_lowest_maintenance_rate_is_a_gap(long toTicks, long gapTicks) =>
        Assert.Equal(new MarkGap(gapTicks, 0), default(MarkGap).Move(_instrument, 500_000, toTicks));

    [Fact]
    public void What_may_move_without_a_gap_is_rounded_down()
    {
        Assert.Equal(new MarkGap(0, 0), default(MarkGap).Move(_instrument, 500_249, 498_249)); // 2,000.996
        Assert.Equal(new MarkGap(-1, 0), default(MarkGap).Move(_instrument, 500_249, 498_248));
    }

    [Fact]
    public void The_first_mark_is_no_gap() => Assert.Equal(default, default(MarkGap).Move(_instrument, 0, 500_000));

    [Fact]
    public void A_gap_counts_for_two_updates_and_against_the_side_it_hurts()
    {
        MarkGap gap = default(MarkGap).Move(_instrument, 500_000, 490_000);
        gap = gap.Move(_instrument, 490_000, 495_000);
        Assert.Equal(new MarkGap(3_040, -8_000), gap);
        Assert.Equal((8_000, 3_040), (gap.AgainstTicks(isLong: true), gap.AgainstTicks(isLong: false)));

        gap = gap.Move(_instrument, 495_000, 495_000);
        Assert.Equal((0, 3_040), (gap.AgainstTicks(isLong: true), gap.AgainstTicks(isLong: false)));
        Assert.Equal(default, gap.Move(_instrument, 495_000, 495_000));
    }

    [Fact]
    public void Two_gaps_one_after_the_other_add_up()
    {
        MarkGap gap = default(MarkGap).Move(_instrument, 500_000, 490_000).Move(_instrument, 490_000, 488_000);
        Assert.Equal(8_040, gap.AgainstTicks(isLong: true));
    }
}
