namespace Exchange.Core.Tests.Books;

public abstract class AmendRules(BookKind kind) : BookRules(kind)
{
    private BookFixture WithTwoAsks()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 10 @ 100", "bob sell 10 @ 100");
        return book;
    }

    [Fact]
    public void Less_at_the_same_price_keeps_the_place()
    {
        BookFixture book = WithTwoAsks();

        book.Amend("alice 1 qty=4");
        book.Expect("1 amended 4 @ 100 kept");

        book.Place("carol buy 5 @ 100");
        book.Expect("3 takes 4 @ 100 from 1", "3 takes 1 @ 100 from 2");
    }

    [Theory]
    [InlineData("qty=12")]
    [InlineData("qty=12 price=100")]
    public void More_goes_to_the_back(string change)
    {
        BookFixture book = WithTwoAsks();

        book.Amend($"alice 1 {change}");
        book.Expect("1 amended 12 @ 100");

        book.Place("carol buy 11 @ 100");
        book.Expect("3 takes 10 @ 100 from 2", "3 takes 1 @ 100 from 1");
    }

    [Fact]
    public void Another_price_goes_to_the_back_of_that_price()
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol sell 1 @ 101");

        book.Amend("alice 1 price=101 qty=3");
        book.Expect("1 amended 3 @ 101");

        book.ExpectAsks("10 @ 100", "4 @ 101");
        book.Place("dave buy 12 @ 101");
        book.Expect("4 takes 10 @ 100 from 2", "4 takes 1 @ 101 from 3", "4 takes 1 @ 101 from 1");
    }

    [Fact]
    public void Across_the_spread_it_takes()
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol buy 12 @ 98");

        book.Amend("carol 3 price=100");

        book.Expect("3 amended 12 @ 100", "3 takes 10 @ 100 from 1", "3 takes 2 @ 100 from 2");
    }

    [Fact]
    public void A_post_only_order_amended_across_the_spread_expires()
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol buy 12 @ 98 tif=GTX");

        book.Amend("carol 3 price=100");

        book.Expect("3 amended 12 @ 100", "3 expired POST_ONLY 12 left");
    }

    [Fact]
    public void For_benchmarks_a_post_only_order_may_trade_then()
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol buy 21 @ 98 tif=GTX");

        book.Amend("carol 3 price=100 bench");

        book.Expect("3 amended 21 @ 100", "3 takes 10 @ 100 from 1", "3 takes 10 @ 100 from 2");
        book.ExpectBids("1 @ 100");
    }

    [Fact]
    public void The_new_total_includes_what_is_filled()
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol buy 4 @ 100");

        book.Amend("alice 1 qty=7");

        book.Expect("1 amended 7 @ 100 kept");
        book.ExpectAsks("13 @ 100");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void To_no_more_than_is_filled_is_a_cancel(long total)
    {
        BookFixture book = WithTwoAsks();
        book.Place("carol buy 4 @ 100");

        book.Amend($"alice 1 qty={total}");

        book.Expect("1 canceled AMEND 6 left");
        book.ExpectAsks("10 @ 100");
    }

    [Fact]
    public void Without_a_change_it_is_refused()
    {
        BookFixture book = WithTwoAsks();

        book.RefusesAmend(RejectReason.NoChange, "alice 1 qty=10");
        book.RefusesAmend(RejectReason.NoChange, "alice 1 price=100");
        book.RefusesAmend(RejectReason.NoChange, "alice 1 price=100 qty=10");
    }

    [Fact]
    public void Anothers_a_final_and_an_unknown_order_are_one_answer()
    {
        BookFixture book = WithTwoAsks();
        book.Cancel("bob 2");

        book.RefusesAmend(RejectReason.UnknownOrder, "bob 1 qty=3");
        book.RefusesAmend(RejectReason.UnknownOrder, "bob 2 qty=3");
        book.RefusesAmend(RejectReason.UnknownOrder, "bob 3 qty=3");
    }

    [Fact]
    public void Only_limit_orders_can_be_amended()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 110 type=STOP_LIMIT stop=105 work=MARK", "alice buy 1 type=STOP_MARKET stop=110 work=MARK");

        book.RefusesAmend(RejectReason.NotAmendable, "alice 1 price=111");
        book.RefusesAmend(RejectReason.NotAmendable, "alice 2 qty=2");
        book.Mark(105);
        book.RefusesAmend(RejectReason.NotAmendable, "alice 1 price=111");
    }

    [Fact]
    public void A_reducing_order_is_trimmed_to_the_position()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("alice sell 3 @ 105 reduceOnly");

        book.Amend("alice 3 qty=8");

        book.Expect("3 amended 8 @ 105", "3 trimmed to 5");
        book.ExpectAsks("5 @ 105");
    }

    [Fact]
    public void Amended_into_an_own_order_its_own_mode_counts()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 3 @ 101", "alice buy 3 @ 99 stp=EXPIRE_TAKER");

        book.Amend("alice 2 price=101");

        book.Expect("2 amended 3 @ 101", "2 expired STP 3 left");
        book.ExpectAsks("3 @ 101");
    }

    [Fact]
    public void Reserve_and_worst_price_are_told_by_the_event()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 3 @ 99 reserve=99 worst=99");

        book.Amend("alice 1 price=98 reserve=98 worst=97");

        Assert.Equal(98, book.LastResult.Events[0].Amount);
        Assert.Equal(97, book.LastResult.Events[0].MarkTicks);
    }
}
