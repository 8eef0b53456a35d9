namespace Exchange.Core.Tests.Books;

/// <summary>Long 10 at a mark of 100: with an equity of 25 the bankruptcy price is 100 - 2.5, rounded up: 98.</summary>
public abstract class BankruptcyPriceRules(BookKind kind) : BookRules(kind)
{
    private BookFixture WithLongOf(long equityE8)
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 10);
        book.Equity("alice", equityE8);
        return book;
    }

    [Fact]
    public void A_triggered_limit_worse_than_the_bankruptcy_price_expires()
    {
        BookFixture book = WithLongOf(25);
        book.Place(
            "carol buy 9 @ 90",
            "alice sell 1 @ 98 type=TAKE_PROFIT stop=101 work=MARK",
            "alice sell 1 @ 99 type=TAKE_PROFIT stop=101 work=MARK tif=IOC");

        book.Mark(101); // 101 - 2.5, rounded up: 99.

        book.Expect("4 triggered", "4 expired BANKRUPTCY 1 left", "5 triggered", "5 expired IOC 1 left");
    }

    [Fact]
    public void It_is_judged_at_the_mark_of_the_moment()
    {
        BookFixture book = WithLongOf(25);
        book.Place(
            "alice sell 1 @ 95 type=STOP_LIMIT stop=99 work=MARK",
            "alice sell 1 @ 96 type=STOP_LIMIT stop=99 work=MARK");

        // 98 - 2.5, rounded up: 96.
        book.Mark(98);

        book.Expect("3 triggered", "3 expired BANKRUPTCY 1 left", "4 triggered");
        book.ExpectAsks("1 @ 96");
    }

    [Fact]
    public void A_triggered_market_order_stops_at_it()
    {
        BookFixture book = WithLongOf(25);
        book.Place("carol buy 1 @ 96", "carol buy 1 @ 95", "alice sell 10 type=STOP_MARKET stop=98 work=MARK reduceOnly");

        book.Mark(98);

        book.Expect("5 triggered", "5 takes 1 @ 96 from 3", "5 expired MARKET 9 left");
    }

    [Fact]
    public void For_a_short_it_lies_above_and_is_rounded_down()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 10);
        book.Equity("bob", 25);
        book.Place("carol sell 1 @ 102", "carol sell 1 @ 103", "bob buy 10 type=TAKE_PROFIT_MARKET stop=99 work=MARK");

        book.Mark(99); // 99 + 2.5: 101.
        book.Expect("5 triggered", "5 expired MARKET 10 left");
        book.Place("bob buy 10 type=STOP_MARKET stop=100 work=MARK");

        book.Mark(100); // 102

        book.Expect("6 triggered", "6 takes 1 @ 102 from 3", "6 expired MARKET 9 left");
    }

    [Fact]
    public void With_negative_equity_it_is_better_than_the_mark()
    {
        BookFixture book = WithLongOf(-15);
        book.Place("carol buy 1 @ 100", "carol buy 1 @ 99", "alice sell 2 type=STOP_MARKET stop=98 work=MARK");

        book.Mark(98); // 98 + 1.5: 100.

        book.Expect("5 triggered", "5 takes 1 @ 100 from 3", "5 expired MARKET 1 left");
    }

    [Fact]
    public void What_opens_is_not_bound_by_it()
    {
        BookFixture book = WithLongOf(25);
        book.Equity("dave", 0);
        book.Place("carol buy 2 @ 94", "dave sell 1 type=STOP_MARKET stop=98 work=MARK");

        book.Mark(98);

        book.Expect("4 triggered", "4 takes 1 @ 94 from 3");
    }

    [Fact]
    public void The_checks_after_a_trigger_come_in_order()
    {
        BookFixture book = WithLongOf(25);
        book.Place("carol buy 9 @ 97", "alice sell 20 @ 95 type=STOP_LIMIT stop=99 work=MARK reduceOnly tif=GTX");

        book.Mark(98);

        book.Expect("4 triggered", "4 trimmed to 10", "4 expired BANKRUPTCY 10 left");
    }

    [Fact]
    public void Each_leg_of_a_hedge_account_has_a_pool_of_its_own_report()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100 leg=LONG", "bob buy 10 @ 100", "alice sell 10 @ 100 leg=SHORT");
        book.Equity("alice", 1_000_000, 25);
        book.Place("carol sell 1 @ 104", "alice buy 1 type=STOP_MARKET stop=101 work=MARK leg=SHORT");

        book.Mark(101); // 101 + 2.5: 103.

        book.Expect("6 triggered", "6 expired MARKET 1 left");
    }
}
