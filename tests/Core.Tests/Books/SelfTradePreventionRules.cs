namespace Exchange.Core.Tests.Books;

public abstract class SelfTradePreventionRules(BookKind kind) : BookRules(kind)
{
    private BookFixture WithOwnAskBetweenTwo()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 1 @ 100", "alice sell 1 @ 101", "bob sell 1 @ 102");
        return book;
    }

    [Fact]
    public void Expire_maker_ends_the_own_maker_and_matching_goes_on()
    {
        BookFixture book = WithOwnAskBetweenTwo();

        book.Place("alice buy 3 @ 102");

        book.Expect("4 takes 1 @ 100 from 1", "2 expired STP 1 left", "4 takes 1 @ 102 from 3");
        book.ExpectBids("1 @ 102");
    }

    [Fact]
    public void Expire_taker_leaves_the_own_maker_resting_and_keeps_the_fills()
    {
        BookFixture book = WithOwnAskBetweenTwo();

        book.Place("alice buy 3 @ 102 stp=EXPIRE_TAKER");

        book.Expect("4 takes 1 @ 100 from 1", "4 expired STP 2 left");
        book.ExpectAsks("1 @ 101", "1 @ 102");
        book.ExpectBids();
    }

    [Fact]
    public void Expire_both_ends_the_maker_then_the_taker()
    {
        BookFixture book = WithOwnAskBetweenTwo();

        book.Place("alice buy 3 @ 102 stp=EXPIRE_BOTH");

        book.Expect("4 takes 1 @ 100 from 1", "2 expired STP 1 left", "4 expired STP 2 left");
        book.ExpectAsks("1 @ 102");
    }

    [Fact]
    public void The_makers_mode_is_ignored()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 3 @ 101 stp=EXPIRE_TAKER");

        book.Place("alice buy 5 @ 101");

        book.Expect("1 expired STP 3 left");
        book.ExpectBids("5 @ 101");
    }

    [Fact]
    public void A_filled_taker_never_meets_the_own_order_behind()
    {
        BookFixture book = WithOwnAskBetweenTwo();

        book.Place("alice buy 1 @ 102 stp=EXPIRE_BOTH");

        book.Expect("4 takes 1 @ 100 from 1");
        book.ExpectAsks("1 @ 101", "1 @ 102");
    }

    [Fact]
    public void Both_legs_of_a_hedge_account_are_one_account()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 101 leg=SHORT");

        book.Place("alice buy 2 @ 101 leg=LONG");

        book.Expect("1 expired STP 2 left");
    }

    [Fact]
    public void A_market_order_stopped_by_an_own_order_expires_for_that()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 101");

        book.Place("alice buy 2 stp=EXPIRE_TAKER");

        book.Expect("2 expired STP 2 left");
    }
}
