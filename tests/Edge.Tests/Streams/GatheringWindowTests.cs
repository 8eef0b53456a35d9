using Exchange.Edge.Native.Streams;

namespace Exchange.Edge.Tests.Streams;

public sealed class GatheringWindowTests
{
    [Fact]
    public void An_event_after_a_pause_waits_for_a_whole_window() => Assert.Equal(110, DueOf(at: 100, ended: 90));

    [Theory]
    [InlineData(91, 100)]
    [InlineData(99, 100)]
    public void An_event_soon_after_a_message_goes_a_window_after_it(long at, long dueMs) => Assert.Equal(dueMs, DueOf(at, ended: 90));

    [Fact]
    public void An_event_that_came_while_the_message_before_was_sent_waits_no_longer_than_a_window() =>
        Assert.Equal(99, DueOf(at: 89, ended: 90));

    [Fact]
    public void The_first_event_waits_for_a_whole_window()
    {
        var window = new GatheringWindow(10);
        window.Begin(3);

        Assert.Equal(13, window.DueMs);
    }

    private static long DueOf(long at, long ended)
    {
        var window = new GatheringWindow(10);
        window.End(ended);
        window.Begin(at);
        return window.DueMs;
    }
}
