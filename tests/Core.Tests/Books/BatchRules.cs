using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>Commands are carried out once each, in the order they were numbered (docs/protocol.md 1).</summary>
public abstract class BatchRules(BookKind kind) : BookRules(kind)
{
    private static BookInput Command(BookFixture book, string order, uint batch, ushort index = 0, ushort count = 1, uint epoch = 1) =>
        book.Order(order) with { Batch = batch, Index = index, Count = count, Epoch = epoch };

    private static RejectReason Send(BookFixture book, BookInput input) => book.Send(input).Outcome.Reason;

    [Fact]
    public void A_repeated_command_gets_the_first_outcome_and_does_nothing()
    {
        BookFixture book = NewBook();
        BookInput accepted = Command(book, "alice buy 1 @ 99", batch: 1, index: 0, count: 2);
        BookInput refused = Command(book, "alice buy 1 @ 99 reduceOnly", batch: 1, index: 1, count: 2) with { OrderId = 2 };
        book.Send(accepted);
        book.Send(refused);

        book.Send(accepted);
        Assert.True(book.LastResult.IsRepeat);
        Assert.Equal(new CommandOutcome(RejectReason.None, 1), book.LastResult.Outcome);
        Assert.Empty(book.LastResult.Events);

        book.Send(refused);
        Assert.True(book.LastResult.IsRepeat);
        Assert.Equal(new CommandOutcome(RejectReason.ReduceOnlyReject, 0), book.LastResult.Outcome);
        book.ExpectBids("1 @ 99");
    }

    [Fact]
    public void A_number_too_high_is_a_gap_and_so_is_one_long_past()
    {
        BookFixture book = NewBook();
        Assert.Equal(RejectReason.Gap, Send(book, Command(book, "alice buy 1 @ 99", batch: 2)));
        Assert.Equal(RejectReason.Gap, Send(book, Command(book, "alice buy 1 @ 99", batch: 1, index: 1, count: 2)));
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 1)));
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 2) with { OrderId = 2 }));

        Assert.Equal(RejectReason.Gap, Send(book, Command(book, "alice buy 1 @ 99", batch: 1) with { OrderId = 3 }));
        Assert.False(book.LastResult.IsRepeat);
    }

    [Fact]
    public void A_dead_activation_is_shut_out()
    {
        BookFixture book = NewBook();
        Assert.Equal(RejectReason.NotRegistered, Send(book, Command(book, "alice buy 1 @ 99", batch: 1, epoch: 2)));

        book.Send(new BookInput { Kind = BookInputKind.Register, Account = 1, Epoch = 2 });
        Assert.Equal(RejectReason.StaleEpoch, Send(book, Command(book, "alice buy 1 @ 99", batch: 1, epoch: 1)));
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 1, epoch: 2)));
        book.Send(new BookInput { Kind = BookInputKind.Register, Account = 1, Epoch = 1 });
        Assert.Equal(RejectReason.StaleEpoch, book.LastResult.Outcome.Reason);
    }

    [Fact]
    public void A_higher_epoch_begins_at_batch_one_and_the_same_one_goes_on()
    {
        BookFixture book = NewBook();
        Send(book, Command(book, "alice buy 1 @ 99", batch: 1));

        book.Send(new BookInput { Kind = BookInputKind.Register, Account = 1, Epoch = 1 });
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 2) with { OrderId = 2 }));
        book.Send(new BookInput { Kind = BookInputKind.Register, Account = 1, Epoch = 7 });
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 1, epoch: 7) with { OrderId = 3 }));
    }

    [Fact]
    public void An_account_nobody_registered_is_not_known()
    {
        BookFixture book = NewBook();
        BookInput input = Command(book, "alice buy 1 @ 99", batch: 1) with { Account = 77 };

        Assert.Equal(RejectReason.NotRegistered, Send(book, input));
    }

    [Fact]
    public void An_account_leaves_only_when_nothing_of_it_is_here()
    {
        BookFixture book = NewBook();
        var leave = new BookInput { Kind = BookInputKind.Leave, Account = 1, Epoch = 1 };
        book.Place("alice buy 1 @ 99");
        Assert.Equal(RejectReason.OpenOrders, Send(book, leave));

        book.Place("bob sell 1 @ 99");
        Assert.Equal(RejectReason.OpenPosition, Send(book, leave));

        book.Place("bob buy 1 @ 99", "alice sell 1 @ 99");
        Assert.Equal(RejectReason.Moved, Send(book, leave)); // Events nobody has acknowledged.

        book.Send(new BookInput { Kind = BookInputKind.Acknowledge, Account = 1, Epoch = 1, Number = book.Book.LastNumber(1) });
        Assert.Equal(RejectReason.None, Send(book, leave));
        Assert.Equal(RejectReason.NotRegistered, Send(book, Command(book, "alice buy 1 @ 99", batch: 3)));
    }

    [Fact]
    public void Coming_back_under_the_same_epoch_the_numbers_go_on()
    {
        BookFixture book = NewBook();
        Send(book, book.Command(BookInputKind.CancelAll, "alice"));
        book.Send(new BookInput { Kind = BookInputKind.Leave, Account = 1, Epoch = 1 });
        book.Send(new BookInput { Kind = BookInputKind.Register, Account = 1, Epoch = 1 });

        Assert.Equal(RejectReason.Gap, Send(book, Command(book, "alice buy 1 @ 99", batch: 3)));
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", batch: 2)));
    }

    [Fact]
    public void Acceptance_names_the_command_it_answers()
    {
        BookFixture book = NewBook();
        Send(book, Command(book, "alice buy 1 @ 99", batch: 1));

        book.Send(Command(book, "alice buy 2 @ 98 reserve=98 worst=97", batch: 2, index: 0, count: 2) with { OrderId = 2 });

        BookEvent accepted = Assert.Single(book.LastResult.Events);
        Assert.Equal((BookEventKind.Accepted, (1ul << 48) | (2ul << 16), 98L, 97L), (accepted.Kind, accepted.OtherId, accepted.Amount, accepted.MarkTicks));
    }

    [Fact]
    public void Events_of_an_account_are_numbered_without_gaps()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 2 @ 99", "bob sell 1 @ 99", "bob sell 1 @ 99");

        Assert.Equal(3ul, book.Book.LastNumber(1)); // Accepted, two fills.
        Assert.Equal(4ul, book.Book.LastNumber(2));
    }

    [Fact]
    public void An_earlier_time_counts_as_the_latest()
    {
        BookFixture book = NewBook();
        book.Time(5000);
        book.At(3000);

        book.Place("alice buy 1 @ 99");

        Assert.Equal(5000, book.LastResult.Events[0].TimeMs);
    }

    [Fact]
    public void An_account_that_acknowledges_nothing_loses_its_orders_and_gets_no_more()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 50");
        uint batch = 1;
        ulong number = book.Book.LastNumber(1);
        for (ulong id = 2; number < 65_534; id++)
        {
            // Accepted and canceled: two events each.
            book.Send(Command(book, "alice buy 1 @ 99", ++batch) with { OrderId = id });
            book.Send(new BookInput
            {
                Kind = BookInputKind.Cancel, Account = 1, Epoch = 1, Batch = ++batch, Count = 1, OrderId = id, Reason = EndReason.User,
            });
            number = book.Book.LastNumber(1);
        }

        book.Send(Command(book, "alice buy 1 @ 99", ++batch) with { OrderId = 90_000 });
        book.Expect("1 canceled OUTBOX 1 left", "90000 canceled OUTBOX 1 left");
        Assert.Equal(RejectReason.OutboxFull, Send(book, Command(book, "alice buy 1 @ 99", ++batch) with { OrderId = 90_001 }));

        book.Send(new BookInput { Kind = BookInputKind.Acknowledge, Account = 1, Epoch = 1, Number = 10 });
        Assert.Equal(RejectReason.None, Send(book, Command(book, "alice buy 1 @ 99", ++batch) with { OrderId = 90_001 }));
    }
}
