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

    [Fact]
    public void It_sleeps_on_while_more_and_more_are_waiting_but_for_a_millisecond_or_so_at_most()
    {
        Gathering gathering = SleepingAt(gapUs: 20);

        int sleeps = 0;
        while (gathering.More(waiting: 5 * (sleeps + 1), capacity: 8_192) == 50)
            sleeps++;

        Assert.Equal(8, sleeps);
    }

    [Fact]
    public void It_does_not_sleep_on_once_a_sleep_has_brought_hardly_anybody()
    {
        Gathering gathering = SleepingAt(gapUs: 20);

        Assert.Equal(50, gathering.More(waiting: 5, capacity: 8_192));
        Assert.Equal(0, gathering.More(waiting: 7, capacity: 8_192));
        Assert.Equal(0, SleepingAt(gapUs: 20).More(waiting: 2, capacity: 8_192));
    }

    [Theory]
    [InlineData(128, 8_192)]
    [InlineData(8, 32)]
    public void It_does_not_sleep_on_once_there_are_many_or_a_quarter_of_the_queue_is_full(int waiting, int capacity) =>
        Assert.Equal(0, SleepingAt(gapUs: 20).More(waiting, capacity));

    [Fact]
    public void It_sleeps_once_where_a_group_gathers_in_less_than_the_longest_first_sleep() =>
        Assert.Equal(0, SleepingAt(gapUs: 5).More(waiting: 16, capacity: 8_192));

    [Fact]
    public void After_sleeping_for_nobody_it_sleeps_once_for_a_while_and_twice_as_long_each_time_in_a_row()
    {
        Gathering gathering = SleepingAt(gapUs: 50);
        SleepForNobody(ref gathering);
        Assert.Equal(2, GroupsOfOneSleep(ref gathering));
        SleepForNobody(ref gathering);
        Assert.Equal(4, GroupsOfOneSleep(ref gathering));

        Assert.Equal(50, gathering.More(waiting: 8, capacity: 8_192));
        Assert.Equal(50, gathering.More(waiting: 16, capacity: 8_192));
        Assert.Equal(0, gathering.More(waiting: 128, capacity: 8_192));
        Assert.Equal(0, GroupsOfOneSleep(ref gathering));
        SleepForNobody(ref gathering);
        Assert.Equal(2, GroupsOfOneSleep(ref gathering));
    }

    private static void SleepForNobody(ref Gathering gathering)
    {
        Assert.Equal(50, gathering.More(waiting: 8, capacity: 8_192));
        Assert.Equal(0, gathering.More(waiting: 8, capacity: 8_192));
    }

    private int GroupsOfOneSleep(ref Gathering gathering)
    {
        for (int groups = 0; ; groups++)
        {
            Sleep(ref gathering, gapUs: 50);
            Gathering asked = gathering;
            if (asked.More(waiting: 8, capacity: 8_192) > 0)
                return groups;
        }
    }

    private Gathering SleepingAt(int gapUs)
    {
        var gathering = new Gathering(_clock);
        Sleep(ref gathering, gapUs);
        return gathering;
    }

    private void Sleep(ref Gathering gathering, int gapUs)
    {
        gathering.NoteTaken(100);
        _clock.NowUs += 100 * gapUs;
        Assert.NotEqual(0, gathering.Next());
    }

    private sealed class MicrosecondClock : TimeProvider
    {
        public long NowUs { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => NowUs;
    }
}
