using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class ReplyBuilderTests
{
    private const uint Alice = 1;

    private readonly ViewsFixture _venue = new();

    [Fact]
    public void A_reply_has_the_order_as_it_stands_and_its_own_fills()
    {
        ulong id = _venue.Place(Alice, "mine");
        _venue.Fill(Alice, id, lots: 4, filled: 4);
        FeedEvent[] events =
        [
            new() { Kind = FeedKind.Fill, Account = Alice, Id = id, Lots = 4, PriceTicks = 100, Other = 9, Amount = 2, Money = 3 },
            new() { Kind = FeedKind.Fill, Account = 2, Id = 55, Lots = 4 },
            new() { Kind = FeedKind.Fill, Account = Alice, Id = 56, Lots = 4 },
        ];

        CommandReply reply = Build(CommandKind.Place, new ReplyRecord { Sequence = 8, TimeMs = 9, OrderId = id }, events);

        Assert.Equal((RejectReason.None, 8ul, 9L, false, 0), (reply.Reason, reply.Sequence, reply.TimeMs, reply.IsRepeat, reply.CanceledCount));
        Assert.Equal(("mine", 4L, OrderStatus.PartiallyFilled), (reply.Order!.ClientOrderId, reply.Order.FilledLots, reply.Order.Status));
        FillView fill = Assert.Single(reply.Fills);
        Assert.Equal((9ul, id, 4L, 2L, 3L), (fill.TradeId, fill.OrderId, fill.Lots, fill.FeeE8, fill.RealisedE8));
    }

    [Fact]
    public void A_refusal_has_its_reason_and_no_order()
    {
        CommandReply reply = Build(CommandKind.Place, new ReplyRecord { Reason = RejectReason.PriceBand });

        Assert.Equal(RejectReason.PriceBand, reply.Reason);
        Assert.Null(reply.Order);
        Assert.Empty(reply.Fills);
    }

    [Fact]
    public void Cancel_all_counts_what_it_canceled_and_not_what_a_timer_did()
    {
        FeedEvent[] events =
        [
            Ended(Alice, EndReason.Countdown), Ended(Alice, EndReason.User), Ended(Alice, EndReason.User), Ended(2, EndReason.User),
        ];

        Assert.Equal(2, Build(CommandKind.CancelAll, default, events).CanceledCount);
        Assert.Equal(0, Build(CommandKind.Cancel, default, events).CanceledCount);
    }

    [Fact]
    public void A_repeat_of_an_order_that_the_views_have_dropped_is_made_of_what_the_book_remembers()
    {
        var record = new ReplyRecord
        {
            OrderId = 77,
            IsRepeat = true,
            Outcome = new OrderOutcome { Order = new OpenOrder { FilledLots = 3 }, Status = OrderStatus.Expired, Reason = EndReason.Ioc },
        };

        CommandReply reply = Build(CommandKind.Place, record);

        Assert.True(reply.IsRepeat);
        Assert.Equal(
            (77ul, "mine", 10L, 3L, OrderStatus.Expired, EndReason.Ioc),
            (reply.Order!.OrderId, reply.Order.ClientOrderId, reply.Order.TotalLots, reply.Order.FilledLots, reply.Order.Status, reply.Order.Reason));
    }

    [Fact]
    public void The_record_of_an_input_keeps_nothing_of_the_output()
    {
        var output = new EngineOutput { Reason = RejectReason.NoChange, OrderId = 4, IsRepeat = true };
        var record = new ReplyRecord();
        record.Set(5, 6, output);
        output.Clear();

        Assert.Equal((5ul, 6L, RejectReason.NoChange, 4ul, true), (record.Sequence, record.TimeMs, record.Reason, record.OrderId, record.IsRepeat));
    }

    private static FeedEvent Ended(uint account, EndReason reason) =>
        new() { Kind = FeedKind.OrderUpdated, Account = account, Status = OrderStatus.Canceled, Reason = (byte)reason };

    private CommandReply Build(CommandKind kind, ReplyRecord record, params FeedEvent[] events)
    {
        var command = new Command
        {
            Kind = kind, Account = Alice, ClientId = ClientOrderId.From("mine"u8), Terms = new OrderTerms { Lots = 10, PriceTicks = 100 },
        };
        return new ReplyBuilder(_venue.Views).Build(in command, in record, events);
    }
}
