namespace Exchange.Core.Tests.Books;

public abstract class TimeInForceRules(BookKind kind) : BookRules(kind)
{
    [Fact]
    public void What_is_left_of_an_ioc_order_expires()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 100");

        book.Place("bob buy 5 @ 101 tif=IOC");

        book.Expect("2 takes 2 @ 100 from 1", "2 expired IOC 3 left");
        book.ExpectBids();
    }

    [Fact]
    public void A_fok_order_fills_over_levels_or_not_at_all()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 100", "alice sell 2 @ 101");

        book.Refuses(RejectReason.FokWouldNotFill, "bob buy 5 @ 101 tif=FOK");
        book.Refuses(RejectReason.FokWouldNotFill, "bob buy 3 @ 100 tif=FOK");
        book.Place("bob buy 4 @ 101 tif=FOK");

        book.Expect("3 takes 2 @ 100 from 1", "3 takes 2 @ 101 from 2");
    }

    [Fact]
    public void A_fok_order_skips_own_makers_and_expires_them_when_it_fills()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 1 @ 100", "alice sell 2 @ 101");

        book.Refuses(RejectReason.FokWouldNotFill, "bob buy 3 @ 101 tif=FOK");
        book.ExpectAsks("1 @ 100", "2 @ 101");
        book.Place("bob buy 2 @ 101 tif=FOK");

        book.Expect("1 expired STP 1 left", "3 takes 2 @ 101 from 2");
    }

    [Theory]
    [InlineData("EXPIRE_TAKER")]
    [InlineData("EXPIRE_BOTH")]
    public void A_fok_order_that_would_meet_an_own_maker_before_its_end_is_refused(string mode)
    {
        BookFixture book = NewBook();
        book.Place("bob sell 1 @ 100", "alice sell 2 @ 101");

        book.Refuses(RejectReason.FokWouldNotFill, $"bob buy 2 @ 101 tif=FOK stp={mode}");

        book.ExpectAsks("1 @ 100", "2 @ 101");
    }

    [Fact]
    public void A_fok_order_does_not_mind_an_own_maker_behind_its_end()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 100", "bob sell 1 @ 101");

        book.Place("bob buy 2 @ 101 tif=FOK stp=EXPIRE_BOTH");

        book.Expect("3 takes 2 @ 100 from 1");
        book.ExpectAsks("1 @ 101");
    }

    [Fact]
    public void A_fok_order_counts_reducing_makers_only_as_far_as_their_position_will_last()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("alice sell 4 @ 101", "alice sell 5 @ 102 reduceOnly", "carol sell 1 @ 103");

        // Alice's first four leave one to reduce: 4 + 1 + 1.
        book.Refuses(RejectReason.FokWouldNotFill, "dave buy 7 @ 103 tif=FOK");
        book.Place("dave buy 6 @ 103 tif=FOK");

        book.Expect(
            "6 takes 4 @ 101 from 3", "4 trimmed to 1", "6 takes 1 @ 102 from 4", "6 takes 1 @ 103 from 5");
    }

    [Fact]
    public void A_reducing_fok_order_larger_than_the_position_is_refused()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("carol buy 9 @ 99");

        book.Refuses(RejectReason.FokWouldNotFill, "alice sell 6 @ 99 reduceOnly tif=FOK");
        book.Place("alice sell 5 @ 99 reduceOnly tif=FOK");

        book.Expect("4 takes 5 @ 99 from 3");
    }

    [Fact]
    public void A_post_only_order_that_reaches_the_other_side_is_refused()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 1 @ 100");

        book.Refuses(RejectReason.PostOnlyWouldCross, "bob buy 1 @ 100 tif=GTX");
        book.Place("bob buy 1 @ 99 tif=GTX");

        book.ExpectBids("1 @ 99");
    }

    [Fact]
    public void A_post_only_order_is_refused_by_an_own_order_too()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 1 @ 100");

        book.Refuses(RejectReason.PostOnlyWouldCross, "alice buy 1 @ 100 tif=GTX");
    }

    [Fact]
    public void A_gtd_order_expires_before_the_first_input_at_its_time_acts()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 3 @ 100 gtd=5000");
        book.Time(4999);
        book.Expect();

        book.At(5000);
        book.Place("bob buy 1 @ 100");

        book.Expect("1 expired GTD 3 left");
        book.ExpectBids("1 @ 100");
    }

    [Fact]
    public void Gtd_orders_due_together_expire_by_time_then_id_and_before_countdowns()
    {
        BookFixture book = NewBook();
        book.Place("carol buy 1 @ 90", "alice buy 1 @ 91 gtd=300", "bob buy 1 @ 92 gtd=200", "alice buy 1 @ 93 gtd=200");
        book.Countdown("carol", 100);

        book.Time(1000);

        book.Expect("3 expired GTD 1 left", "4 expired GTD 1 left", "2 expired GTD 1 left", "1 canceled COUNTDOWN 1 left");
    }

    [Fact]
    public void A_waiting_gtd_order_expires_too()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 111 type=STOP_LIMIT stop=110 gtd=700");

        book.Time(700);

        book.Expect("1 expired GTD 1 left");
    }
}
