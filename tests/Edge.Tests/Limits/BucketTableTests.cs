using System.Net;
using Exchange.Edge.Limits;

namespace Exchange.Edge.Tests.Limits;

public sealed class BucketTableTests
{
    [Fact]
    public void However_many_clients_come_only_so_many_buckets_are_kept_and_the_rest_share_one()
    {
        using var table = new BucketTable<int>("test", perSecond: 1, burst: 100, most: 1_000, TimeProvider.System);

        int refused = 0;
        for (int client = 0; client < 100_000; client++)
            refused += table.Take(client, 10).IsTaken ? 0 : 1;

        Assert.Equal(1_000, table.Count);
        Assert.InRange(refused, 98_000, 99_000);
        Assert.True(table.Take(5, 10).IsTaken);
    }

    [Fact]
    public void Buckets_that_are_full_again_make_room()
    {
        using var table = new BucketTable<int>("test", perSecond: 1_000_000, burst: 100, most: 100, TimeProvider.System);
        for (int client = 0; client < 100; client++)
            table.Take(client, 1);

        // Looked for at most once a second.
        long start = TimeProvider.System.GetTimestamp();
        for (int client = 100; table.Count == 100; client++)
        {
            table.Take(client, 1);
            Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < 60);
        }

        Assert.InRange(table.Count, 0, 50);
    }

    [Fact]
    public void A_refused_client_loses_nothing_and_is_told_when_enough_will_be_there()
    {
        using var table = new BucketTable<int>("test", perSecond: 1, burst: 100, most: 10, TimeProvider.System);
        Assert.Equal(20, table.Take(1, 80).Remaining);

        RateStanding refused = table.Take(1, 50);

        Assert.Equal((false, 20L), (refused.IsTaken, refused.Remaining));
        Assert.InRange(refused.RetryAfterSeconds, 28, 30);
        Assert.True(table.Take(1, 20).IsTaken);
    }

    [Fact]
    public void Taking_without_a_look_at_the_standing_takes_no_more_than_there_is()
    {
        using var table = new BucketTable<int>("test", perSecond: 1, burst: 100, most: 10, TimeProvider.System);

        Assert.True(table.TryTake(1, 60));
        Assert.False(table.TryTake(1, 60));
        Assert.InRange(table.Take(1, 1).Remaining, 39, 45);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void An_IPv6_client_is_its_64_bits(string one, string other, bool isSame) =>
        Assert.Equal(isSame, AddressBlock.Of(IPAddress.Parse(one)) == AddressBlock.Of(IPAddress.Parse(other)));
}
