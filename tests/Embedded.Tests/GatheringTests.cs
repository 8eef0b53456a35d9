namespace Exchange.Embedded.Tests;

public sealed class GatheringTests
{
    private readonly MicrosecondClock _clock = new();

    [Fact]
    public void Without_requests_the_engine_parks()
    {
        var gathering = new Gathering(_clock);

        Assert.Equal(0, gathering.Next());
    }

    [Theory]
    [InlineData(1, 1_000, 0)]
    [InlineData(1, 101, 0)]
    [InlineData(1, 100, 200)]
    [InlineData(10, 220, 200)]
    [InlineData(20, 100, 80)]
    public void It_sleeps_until_a_group_has_gathered_where_requests_come_often(int requests, int inUs, int sleepsUs)
    {
        var gathering = new Gathering(_clock);
        gathering.NoteTaken(requests);
        _clock.NowUs += inUs;

        Assert.Equal(sleepsUs, gathering.Next());
    }

    [Fact]
    public void It_parks_once_a_sleep_has_brought_nothing()
    {
        var gathering = new Gathering(_clock);
        gathering.NoteTaken(5);
        _clock.NowUs += 50;
        Assert.NotEqual(0, gathering.Next());
        _clock.NowUs += 200;

        Assert.Equal(0, gathering.Next());
    }

    private sealed class MicrosecondClock : TimeProvider
    {
        public long NowUs { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => NowUs;
    }
}
