using System.Diagnostics;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Nodes;

namespace Exchange.Grains.Tests.Links;

public sealed class NodeInboxTests
{
    private int _wakes;

    [Fact]
    public void Whoever_is_woken_once_takes_all_that_came_in_its_order()
    {
        NodeInbox inbox = Inbox(most: 8);
        for (ulong number = 1; number <= 5; number++)
            Assert.True(inbox.TryAdd(Said(number), default));

        Assert.Equal(1, _wakes);
        Assert.Equal([1, 2, 3, 4, 5], Numbers(inbox.Take(out _)));

        inbox.TryAdd(Said(6), default);
        Assert.Equal(2, _wakes);
        Assert.Equal([6], Numbers(inbox.Take(out _)));
    }

    [Fact]
    public void What_is_read_and_put_back_is_not_seen_again()
    {
        NodeInbox inbox = Inbox(most: 8);
        for (ulong number = 1; number <= 4; number++)
        {
            inbox.TryAdd(Said(number), default);
            List<Mail> taken = inbox.Take(out _);
            Assert.Equal([number], Numbers(taken));
            inbox.PutBack(taken);
        }
    }

    [Fact]
    public void A_full_inbox_loses_what_comes_and_keeps_what_is_there()
    {
        NodeInbox inbox = Inbox(most: 2);
        for (ulong number = 1; number <= 3; number++)
            Assert.True(inbox.TryAdd(Said(number), default));

        Assert.Equal([1, 2], Numbers(inbox.Take(out _)));
    }

    [Fact]
    public void A_node_that_takes_nothing_now_is_woken_again_for_what_it_left()
    {
        NodeInbox inbox = Inbox(most: 8);
        inbox.TryAdd(Said(1), default);
        inbox.Leave();
        Assert.Equal(1, _wakes);

        inbox.WakeAgain();
        inbox.WakeAgain();

        Assert.Equal(2, _wakes);
        Assert.Equal([1], Numbers(inbox.Take(out _)));
        inbox.WakeAgain();
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public void A_closed_inbox_hands_out_what_waits_and_takes_nothing_more()
    {
        NodeInbox inbox = Inbox(most: 8);
        inbox.TryAdd(Said(1), default);

        Assert.Equal([1], Numbers(inbox.Close()));
        Assert.False(inbox.TryAdd(Said(2), default));
        Assert.Empty(inbox.Take(out _));
    }

    [Fact]
    public void The_first_recorded_span_goes_with_what_is_taken_once()
    {
        NodeInbox inbox = Inbox(most: 8);
        var first = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        inbox.TryAdd(Said(1), default);
        inbox.TryAdd(Said(2), first);
        inbox.TryAdd(Said(3), new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded));

        inbox.Take(out ActivityContext trace);
        Assert.Equal(first, trace);
        inbox.TryAdd(Said(4), default);
        inbox.Take(out trace);
        Assert.Equal(default, trace);
    }

    private NodeInbox Inbox(int most) => new(most, () => _wakes++);

    private static Mail Said(ulong number) => new(new NodeEnvelope(NodeId.Clearing, NodeId.Account(1), new ReportTakenMessage(number)), null);

    private static IEnumerable<ulong> Numbers(List<Mail> mail) => mail.Select(one => ((ReportTakenMessage)one.Envelope.Message).Number);
}
