namespace Exchange.Core.Tests.Books;

public abstract class CancelRules(BookKind kind) : BookRules(kind)
{
    [Fact]
    public void A_cancel_tells_what_was_left()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 10 @ 100", "bob buy 4 @ 100");

        book.Cancel("alice 1");

        book.Expect("1 canceled USER 6 left");
        book.ExpectAsks();
        book.RefusesCancel(RejectReason.UnknownOrder, "alice 1");
    }

    [Fact]
    public void Nobody_cancels_anothers_order()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 10 @ 100");

        book.RefusesCancel(RejectReason.UnknownOrder, "bob 1");

        book.ExpectAsks("10 @ 100");
    }

    [Fact]
    public void A_waiting_order_can_be_canceled_and_never_fires()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 type=STOP_MARKET stop=105 work=MARK");

        book.Cancel("alice 1");
        book.Expect("1 canceled USER 1 left");

        book.Mark(105);
        book.Expect();
    }

    [Fact]
    public void A_mass_cancel_ends_all_of_the_account_by_id_waiting_ones_too()
    {
        BookFixture book = NewBook();
        book.Place(
            "alice sell 1 @ 102", "alice buy 1 type=STOP_MARKET stop=105 work=MARK", "bob sell 1 @ 101", "alice buy 2 @ 90");

        book.CancelAll("alice");

        book.Expect("1 canceled USER 1 left", "2 canceled USER 1 left", "4 canceled USER 2 left");
        book.ExpectAsks("1 @ 101");
        book.CancelAll("alice");
        book.Expect();
    }

    [Fact]
    public void The_countdown_restarts_when_set_again_and_fires_once()
    {
        BookFixture book = NewBook();
        book.At(1000);
        book.Place("alice buy 1 @ 95", "alice buy 1 @ 90");
        book.At(2000);
        book.Countdown("alice", 5000);
        book.At(6999);
        book.Countdown("alice", 5000);
        book.Time(11_998);
        book.Expect();

        book.Time(11_999);
        book.Expect("1 canceled COUNTDOWN 1 left", "2 canceled COUNTDOWN 1 left");

        book.Place("alice buy 1 @ 95");
        book.Time(20_000);
        book.Expect();
    }

    [Fact]
    public void Zero_stops_the_countdown()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 95");
        book.Countdown("alice", 5000);
        book.Countdown("alice", 0);

        book.Time(6000);

        book.Expect();
    }

    [Fact]
    public void Countdowns_due_together_fire_by_deadline_then_account()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 95", "bob buy 1 @ 95", "carol buy 1 @ 95");
        book.Countdown("bob", 500);
        book.Countdown("alice", 500);
        book.Countdown("carol", 400);

        book.Time(1000);

        book.Expect("3 canceled COUNTDOWN 1 left", "1 canceled COUNTDOWN 1 left", "2 canceled COUNTDOWN 1 left");
    }

    [Fact]
    public void A_due_countdown_fires_before_the_account_can_restart_it()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 95");
        book.Countdown("alice", 500);

        book.At(500);
        book.Countdown("alice", 500);

        book.Expect("1 canceled COUNTDOWN 1 left");
    }
}
