using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Clocks;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Grains.Tests.Clocks;

/// <summary>F25: clocks that leap.</summary>
public sealed class LeapingClockTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task A_silo_whose_clock_leaps_goes_on_with_the_time_of_before_and_expires_nothing()
    {
        var clock = new LeapingTime();
        var store = new InMemoryStreamStore();
        var silo = new SiloClock(clock, store, NullLogger<SiloClock>.Instance);
        await using TestVenue venue = await TestVenue.Open([store], symbols: 1, accounts: 2, services: added => added.AddSingleton(silo));
        Command order = venue.Limit(1, 0, Side.Buy, lots: 10, Price - 100);
        order.Terms.TimeInForce = TimeInForce.Gtd;
        order.Terms.Fields |= OrderFields.Gtd;
        order.Terms.GtdMs = DateTimeOffset.UtcNow.AddMinutes(30).ToUnixTimeMilliseconds();
        Assert.Equal(RejectReason.None, await venue.Do(order));

        clock.Ahead = TimeSpan.FromHours(1);
        await Condition.Holds(() => silo.MachineAheadMs > AgreedTime.LeapMs);
        ulong sample = venue.BookOf(0).Sequence;
        await Condition.Holds(() => venue.BookOf(0).Sequence > sample + 2); // Marks go on.

        Assert.Equal(1, venue.BookOf(0).Book!.OpenOrderCount);
        Assert.InRange(venue.BookOf(0).TimeMs, 0, DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds());
        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(2, 0, Side.Sell, lots: 4, Price - 100)));

        clock.Ahead = TimeSpan.Zero;
        await Condition.Holds(() => silo.MachineAheadMs < AgreedTime.LeapMs);
    }

    [Fact]
    public async Task A_silo_whose_clock_is_not_the_databases_does_not_start()
    {
        var store = new InMemoryStreamStore { Clock = new LeapingTime { Ahead = TimeSpan.FromHours(-1) } };

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => TestSilos.Start([SiloRole.All], [store]));

        Assert.Contains("clock and the database's differ by", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_follows_the_machine_and_the_database_where_both_have_leapt()
    {
        var clock = new LeapingTime();
        var store = new InMemoryStreamStore { Clock = clock };
        var silo = new SiloClock(clock, store, NullLogger<SiloClock>.Instance);
        await using TestSilos silos = await TestSilos.Start([SiloRole.All], [store], added => added.AddSingleton(silo));

        clock.Ahead = TimeSpan.FromHours(1);

        await Condition.Holds(() => silo.GetUtcNow() > DateTimeOffset.UtcNow.AddMinutes(59));
    }

    /// <summary>A machine's clock that somebody sets.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
