namespace Exchange.Core.Tests.Books;

public abstract class ReduceOnlyRules(BookKind kind) : BookRules(kind)
{
    [Fact]
    public void With_nothing_to_reduce_it_is_refused()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);

        book.Refuses(RejectReason.ReduceOnlyReject, "carol sell 1 @ 100 reduceOnly");
        book.Refuses(RejectReason.ReduceOnlyReject, "alice buy 1 @ 99 reduceOnly");
        book.Refuses(RejectReason.ReduceOnlyReject, "bob sell 1 reduceOnly");
    }

    [Fact]
    public void Entering_it_is_trimmed_to_the_position()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("carol buy 9 @ 99");

        book.Place("alice sell 7 @ 99 reduceOnly");

        book.Expect("4 trimmed to 5", "4 takes 5 @ 99 from 3");
        book.ExpectPosition("alice", 0);
    }

    [Fact]
    public void Resting_orders_shrink_with_the_position_and_expire_at_zero()
    {
        BookFixture book = NewBook();
        book.Position("bob", "alice", 20);
        book.Place("bob sell 20 @ 105 reduceOnly", "bob sell 10 @ 110 reduceOnly", "carol buy 20 @ 99");

        book.Place("bob sell 15 @ 99");
        book.Expect("6 takes 15 @ 99 from 5", "3 trimmed to 5", "4 trimmed to 5");

        book.Place("bob sell 5 @ 99");
        book.Expect("7 takes 5 @ 99 from 5", "3 expired REDUCE_ONLY 5 left", "4 expired REDUCE_ONLY 5 left");
    }

    [Fact]
    public void Inside_one_match_the_makers_next_order_is_trimmed_before_it_is_met()
    {
        BookFixture book = NewBook();
        book.Position("bob", "alice", 20);
        book.Place("bob sell 20 @ 101", "bob sell 20 @ 102 reduceOnly", "carol sell 10 @ 103");

        book.Place("alice buy 30 @ 103");

        book.Expect("6 takes 20 @ 101 from 3", "4 expired REDUCE_ONLY 20 left", "6 takes 10 @ 103 from 5");
        book.ExpectPosition("alice", 10);
    }

    [Fact]
    public void Each_order_is_compared_with_the_whole_position()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 10);

        book.Place("alice sell 10 @ 101 reduceOnly", "alice sell 8 @ 102 reduceOnly");
        book.ExpectAsks("10 @ 101", "8 @ 102");

        // The partly filled one had 10 of 10: its remainder and the position stay equal; the other is cut.
        book.Place("carol buy 4 @ 101");
        book.Expect("5 takes 4 @ 101 from 3", "4 trimmed to 6");
        book.ExpectAsks("6 @ 101", "6 @ 102");
    }

    [Fact]
    public void After_a_flip_the_orders_of_the_old_side_expire()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("alice sell 5 @ 105 reduceOnly", "carol buy 9 @ 99");

        book.Place("alice sell 9 @ 99");

        book.Expect("5 takes 9 @ 99 from 4", "3 expired REDUCE_ONLY 5 left");
        book.ExpectPosition("alice", -4);
    }

    [Fact]
    public void The_two_accounts_of_a_fill_are_trimmed_by_account_then_order()
    {
        BookFixture book = NewBook();
        book.Position("bob", "alice", 6);
        book.Place("bob sell 6 @ 110 reduceOnly", "alice buy 6 @ 90 reduceOnly", "bob sell 5 @ 109 reduceOnly");
        book.Place("bob sell 4 @ 100");

        book.Place("alice buy 4 @ 100");

        book.Expect("7 takes 4 @ 100 from 6", "4 trimmed to 2", "3 trimmed to 2", "5 trimmed to 2");
    }

    [Fact]
    public void In_hedge_mode_the_closing_side_of_a_leg_reduces()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 5 @ 100", "alice buy 5 @ 100 leg=LONG");

        book.Refuses(RejectReason.ReduceOnlyReject, "alice buy 1 @ 99 leg=SHORT");
        book.Place("alice sell 9 @ 102 leg=LONG");
        book.Expect("3 trimmed to 5");

        // Opening the other leg leaves it alone.
        book.Place("carol buy 3 @ 100", "alice sell 3 @ 100 leg=SHORT");
        book.ExpectPosition("alice", 5, leg: 0);
        book.ExpectPosition("alice", -3, leg: 1);
        book.ExpectAsks("5 @ 102");
    }

    [Fact]
    public void Untriggered_orders_are_not_touched()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("alice sell 5 @ 89 type=STOP_LIMIT stop=90 reduceOnly", "carol buy 5 @ 99");

        book.Place("alice sell 5 @ 99 reduceOnly");

        book.Expect("5 takes 5 @ 99 from 4");
        book.ExpectOpen("alice", "3?");
    }
}
