using Exchange.Cli.Index;

namespace Exchange.Cli.Tests.Index;

public sealed class IndexPriceTests
{
    private const long Now = 1_000_000;
    private const long OneE8 = 100_000_000;

    [Theory]
    [InlineData(new long[] { 100 }, 100)]
    [InlineData(new long[] { 100, 101 }, 100.5)]
    [InlineData(new long[] { 101, 99, 100 }, 100)]
    [InlineData(new long[] { 101, 99, 100, 100 }, 100)]
    public void The_index_is_the_median_of_the_sources(long[] prices, double expected)
    {
        IndexPrice index = Judge(1, [.. prices.Select(price => Said(price))]);
        Assert.Equal((long)(expected * OneE8), index.PriceE8);
        Assert.Equal(prices.Length, index.Used);
    }

    [Fact]
    public void A_mean_of_two_is_rounded_down()
    {
        IndexPrice index = Judge(1, [new SourceReading(7, Now, ""), new SourceReading(8, Now, "")], deviationE8: OneE8);
        Assert.Equal(7, index.PriceE8);
    }

    [Fact]
    public void A_source_too_far_from_the_median_is_dropped_and_the_median_is_that_of_the_rest()
    {
        IndexPrice index = Judge(2, [Said(100), Said(102), Said(150)], deviationE8: 5 * OneE8 / 100);
        Assert.Equal([SourceState.Used, SourceState.Used, SourceState.FarFromMedian], index.States);
        Assert.Equal(101 * OneE8, index.PriceE8);
    }

    [Fact]
    public void A_source_just_as_far_as_may_be_counts() =>
        Assert.Equal(3, Judge(1, [Said(99), Said(100), Said(101)], deviationE8: OneE8 / 100).Used);

    [Fact]
    public void Two_that_disagree_are_both_dropped_since_nobody_can_tell_which_is_right()
    {
        IndexPrice index = Judge(1, [Said(100), Said(200)]);
        Assert.Equal([SourceState.FarFromMedian, SourceState.FarFromMedian], index.States);
        Assert.Equal(0, index.PriceE8);
    }

    [Fact]
    public void Old_silent_and_broken_sources_do_not_count()
    {
        IndexPrice index = Judge(1, [Said(100), Said(50, age: 5_001), Said(100, age: 5_000), null, Said(0)]);
        Assert.Equal([SourceState.Used, SourceState.Stale, SourceState.Used, SourceState.Silent, SourceState.NotAPrice], index.States);
        Assert.Equal(100 * OneE8, index.PriceE8);
    }

    [Fact]
    public void With_fewer_than_must_agree_there_is_no_price()
    {
        Assert.Equal(0, Judge(3, [Said(100), Said(100), Said(100, age: 9_000)]).PriceE8);
        Assert.Equal(0, Judge(0, []).PriceE8);
        Assert.NotEqual(0, Judge(2, [Said(100), Said(100), Said(100, age: 9_000)]).PriceE8);
    }

    [Fact]
    public void Prices_as_large_as_there_are_do_not_overflow()
    {
        SourceReading most = new(long.MaxValue, Now, "");
        Assert.Equal(long.MaxValue, Judge(1, [most, most]).PriceE8);
    }

    private static SourceReading Said(long price, long age = 0) => new(price * OneE8, Now - age, $"{price}");

    private static IndexPrice Judge(int minSources, SourceReading?[] readings, long deviationE8 = 2_000_000) =>
        IndexPrice.Of(readings, Now, staleMs: 5_000, deviationE8, minSources);
}
