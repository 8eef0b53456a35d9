using Exchange.Core.Port;
using Exchange.Edge.Native.Streams;

namespace Exchange.Edge.Tests.Streams;

public sealed class FeedBacklogTests
{
    [Fact]
    public void What_waits_is_taken_once_in_order_with_the_time_at_which_it_came()
    {
        var backlog = new FeedBacklog(8);
        Assert.True(backlog.TryAdd([Of(FeedKind.Trade, 1), Of(FeedKind.OrderUpdated, 2), Of(FeedKind.Level, 3)], 5, out bool isAny));
        Assert.True(isAny);
        Assert.True(backlog.TryAdd([Of(FeedKind.Mark, 4)], 6, out _));

        Assert.False(backlog.IsEmpty);
        Assert.Equal([(1UL, 5L), (3, 5), (4, 6)], backlog.Take().ToArray().Select(waiting => (waiting.Happened.Id, waiting.AtMs)));
        Assert.True(backlog.IsEmpty);
        Assert.True(backlog.Take().IsEmpty);
    }

    [Fact]
    public void What_no_public_channel_tells_does_not_wait()
    {
        var backlog = new FeedBacklog(8);

        Assert.True(backlog.TryAdd([Of(FeedKind.Fill, 1), Of(FeedKind.Balance, 2)], 5, out bool isAny));

        Assert.False(isAny);
        Assert.True(backlog.IsEmpty);
    }

    [Fact]
    public void It_tells_when_it_is_full()
    {
        var backlog = new FeedBacklog(2);

        Assert.False(backlog.TryAdd([Of(FeedKind.Level, 1), Of(FeedKind.Level, 2), Of(FeedKind.Level, 3)], 5, out _));

        Assert.Equal(2, backlog.Take().Length);
        Assert.True(backlog.TryAdd([Of(FeedKind.Level, 4)], 6, out _));
    }

    private static FeedEvent Of(FeedKind kind, ulong id) => new() { Kind = kind, Id = id };
}
