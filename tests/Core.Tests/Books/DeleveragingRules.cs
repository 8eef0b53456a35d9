namespace Exchange.Core.Tests.Books;

/// <summary>Who gives way when neither book nor fund can close a position (semantics 7.4).</summary>
public abstract class DeleveragingRules(BookKind kind) : BookRules(kind)
{
    /// <summary>Alice is long 20; bob (short 10 from 100) and carol (short 10 from 110) are the other side; the mark is 90.</summary>
    private BookFixture WithTwoWinners()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100", "carol sell 10 @ 110", "alice buy 10 @ 110");
        book.Mark(90);
        return book;
    }

    [Fact]
    public void The_larger_gain_goes_first_where_leverage_is_equal()
    {
        BookFixture book = WithTwoWinners();
        book.Equity("bob", 900);
        book.Equity("carol", 900);

        book.Close("alice all bp=89");

        // bob +10 %, carol +18.18 %, both at leverage 1.
        book.Expect(
            "alice sells 20 @ 89 in liquidation, all",
            "alice sells 10 @ 89 by ADL with carol", "alice sells 10 @ 89 by ADL with bob",
            "alice closed, spent 0, earned 0");
    }

    [Fact]
    public void Leverage_multiplies_the_gain()
    {
        BookFixture book = WithTwoWinners();
        book.Equity("bob", 300); // 10 % times 3
        book.Equity("carol", 900); // 18.18 % times 1

        book.Close("alice all bp=89");

        Assert.Equal("alice sells 10 @ 89 by ADL with bob", BookLanguage.Describe(book.LastResult.Events)[1]);
    }

    [Fact]
    public void Losers_come_after_winners_the_smaller_loss_at_higher_leverage_first()
    {
        BookFixture book = WithTwoWinners();
        book.Mark(105); // bob loses 5 %, carol gains 4.5 %.
        book.Place("dave sell 10 @ 100", "alice buy 10 @ 100"); // dave loses 5 % as well
        book.Equity("carol", 1_000_000);
        book.Equity("bob", 1050); // leverage 1
        book.Equity("dave", 105); // leverage 10

        book.Close("alice all bp=104");

        book.Expect(
            "alice sells 30 @ 104 in liquidation, all",
            "alice sells 10 @ 104 by ADL with carol", "alice sells 10 @ 104 by ADL with dave",
            "alice sells 10 @ 104 by ADL with bob",
            "alice closed, spent 0, earned 0");
    }

    [Fact]
    public void Ties_go_by_account()
    {
        BookFixture book = NewBook();
        book.Place("carol sell 10 @ 100", "alice buy 10 @ 100", "bob sell 10 @ 100", "alice buy 10 @ 100");

        book.Close("alice all bp=99");

        book.Expect(
            "alice sells 20 @ 99 in liquidation, all",
            "alice sells 10 @ 99 by ADL with bob", "alice sells 10 @ 99 by ADL with carol",
            "alice closed, spent 0, earned 0");
    }

    [Fact]
    public void The_counterpartys_orders_are_canceled_first_and_only_the_rest_is_taken()
    {
        BookFixture book = NewBook();
        book.Position("bob", "alice", 10);
        book.Place("bob sell 3 @ 120", "bob buy 1 type=STOP_MARKET stop=130 work=MARK", "carol sell 4 @ 101", "carol sell 1 @ 130");

        book.Close("alice all bp=101");

        book.Expect(
            "alice buys 10 @ 101 in liquidation, all",
            "alice buys 4 @ 101 to close, with 5",
            "3 canceled ADL 3 left", "4 canceled ADL 1 left",
            "alice buys 6 @ 101 by ADL with bob",
            "alice closed, spent 0, earned 0");
        book.ExpectPosition("bob", 4);
    }

    [Fact]
    public void The_last_price_stays_and_no_stop_is_met()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 10);
        book.Place("carol sell 1 type=STOP_MARKET stop=99");

        book.Close("alice all bp=98");

        Assert.Equal(100, book.Book.LastTicks);
        book.ExpectOpen("carol", "3?");
    }

    [Fact]
    public void The_accounts_own_other_leg_is_a_candidate()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100 leg=LONG", "bob buy 4 @ 110", "alice sell 4 @ 110 leg=SHORT");
        book.Equity("alice", 100, 100);

        book.Close("alice all bp=99 leg=LONG");

        book.Expect(
            "alice sells 10 @ 99 in liquidation, all",
            "alice sells 4 @ 99 by ADL with alice", "alice sells 6 @ 99 by ADL with bob",
            "alice closed, spent 0, earned 0");
        book.ExpectPosition("alice", 0, leg: 0);
        book.ExpectPosition("alice", 0, leg: 1);
        book.ExpectPosition("bob", 0);
    }
}
