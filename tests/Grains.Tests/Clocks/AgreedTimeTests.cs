using Exchange.Grains.Clocks;

namespace Exchange.Grains.Tests.Clocks;

public sealed class AgreedTimeTests
{
    private const long Noon = 1_000_000_000_000;
    private const long HourMs = 3_600_000;
    private readonly AgreedTime _time = new(uptimeMs: 0, clockMs: Noon);

    [Theory]
    [InlineData(HourMs, 0)]
    [InlineData(-HourMs, 0)]
    [InlineData(0, HourMs)]
    [InlineData(0, 24 * HourMs)]
    [InlineData(HourMs, -HourMs)]
    [InlineData(HourMs, 24 * HourMs)]
    public void It_follows_no_clock_that_leaps_alone(long machineAheadMs, long databaseAheadMs)
    {
        for (long uptime = 1_000; uptime <= 60_000; uptime += 1_000)
            _time.Correct(uptime, Noon + uptime + machineAheadMs, Noon + uptime + databaseAheadMs);

        Assert.Equal(Noon + 60_000, _time.At(60_000));
        Assert.Equal((machineAheadMs, databaseAheadMs), (_time.MachineAheadMs, _time.DatabaseAheadMs));
    }

    [Fact]
    public void Without_a_database_that_answers_it_waits_for_a_clock_that_leapt()
    {
        _time.Correct(1_000, Noon + 1_000 + HourMs, databaseMs: null);
        Assert.Equal(Noon + 1_000, _time.At(1_000));

        _time.Correct(2_000, Noon + 2_005, databaseMs: null);
        Assert.Equal(Noon + 2_005, _time.At(2_000));
    }

    [Theory]
    [InlineData(HourMs)]
    [InlineData(-HourMs)]
    public void It_follows_both_when_they_agree_on_a_leap_as_after_a_machine_slept(long leapMs)
    {
        _time.Correct(1_000, Noon + 1_000 + leapMs, Noon + 1_400 + leapMs);

        Assert.InRange(_time.At(1_000), Noon + 1_000 + leapMs, Noon + 1_400 + leapMs);
    }

    [Fact]
    public void Small_differences_are_made_good_little_by_little()
    {
        for (long uptime = 1_000; uptime <= 30_000; uptime += 1_000)
        {
            long before = _time.At(uptime);
            _time.Correct(uptime, Noon + uptime + 400, Noon + uptime + 300);
            Assert.InRange(_time.At(uptime) - before, 0, AgreedTime.SlewMs);
        }

        Assert.Equal(Noon + 30_000 + 300, _time.At(30_000));
    }
}
