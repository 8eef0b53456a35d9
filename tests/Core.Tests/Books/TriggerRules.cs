namespace Exchange.Core.Tests.Books;

public abstract class TriggerRules(BookKind kind) : BookRules(kind)
{
    [Theory]
    [InlineData("buy 1 @ 120 type=STOP_LIMIT stop=103", 103)]
    [InlineData("sell 1 @ 80 type=STOP_LIMIT stop=97", 97)]
    [InlineData("buy 1 type=STOP_MARKET stop=103", 104)]
    [InlineData("sell 1 type=STOP_MARKET stop=97", 96)]
    [InlineData("buy 1 @ 120 type=TAKE_PROFIT stop=97", 97)]
    [InlineData("sell 1 @ 80 type=TAKE_PROFIT stop=103", 103)]
    [InlineData("buy 1 type=TAKE_PROFIT_MARKET stop=97", 96)]
    [InlineData("sell 1 type=TAKE_PROFIT_MARKET stop=103", 104)]
    public void Stops_fire_with_the_market_take_profits_against_it(string order, long mark)
    {
        BookFixture book = NewBook();
        book.Place($"alice {order} work=MARK");
        book.Mark(mark > 100 ? mark - 2 : mark + 2);
        book.ExpectOpen("alice", "1?");

        book.Mark(mark);

        Assert.Equal("1 triggered", BookLanguage.Describe(book.LastResult.Events)[0]);
    }

    [Fact]
    public void A_stop_already_met_is_refused()
    {
        BookFixture book = NewBook();

        book.Refuses(RejectReason.WouldTrigger, "alice buy 1 type=STOP_MARKET stop=100 work=MARK");
        book.Refuses(RejectReason.WouldTrigger, "alice sell 1 type=TAKE_PROFIT_MARKET stop=100 work=MARK");
        book.Place("alice buy 1 type=STOP_MARKET stop=101 work=MARK");
    }

    [Fact]
    public void On_the_last_price_it_cannot_be_met_before_there_is_one()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 type=STOP_MARKET stop=90");

        book.Position("bob", "carol", 1);

        book.Expect("3 takes 1 @ 100 from 2", "1 triggered", "1 expired MARKET 1 left");
        book.Refuses(RejectReason.WouldTrigger, "alice buy 1 type=STOP_MARKET stop=90");
    }

    [Fact]
    public void The_queue_is_worked_after_the_taker_and_orders_met_by_one_price_start_by_id()
    {
        BookFixture book = NewBook();
        book.Place(
            "bob sell 1 @ 101", "bob sell 1 @ 102", "bob sell 9 @ 105",
            "carol buy 1 type=STOP_MARKET stop=102", "dave buy 1 type=STOP_MARKET stop=101", "eve buy 1 type=STOP_MARKET stop=101");

        book.Place("alice buy 2 @ 102");

        // 101 met dave's and eve's; 102, the second trade, carol's.
        book.Expect(
            "7 takes 1 @ 101 from 1", "7 takes 1 @ 102 from 2",
            "5 triggered", "5 takes 1 @ 105 from 3",
            "6 triggered", "6 takes 1 @ 105 from 3",
            "4 triggered", "4 takes 1 @ 105 from 3");
    }

    [Fact]
    public void A_triggered_order_may_set_off_the_next()
    {
        BookFixture book = NewBook();
        book.Place(
            "bob buy 1 @ 99", "bob buy 1 @ 98", "bob buy 1 @ 97", "bob buy 1 @ 96",
            "carol sell 1 type=STOP_MARKET stop=99", "dave sell 2 type=STOP_MARKET stop=98");

        book.Place("alice sell 1 @ 99");

        book.Expect(
            "7 takes 1 @ 99 from 1", "5 triggered", "5 takes 1 @ 98 from 2",
            "6 triggered", "6 takes 1 @ 97 from 3", "6 takes 1 @ 96 from 4");
    }

    [Fact]
    public void Every_trade_price_counts_not_only_the_last()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 1 @ 103", "bob sell 1 @ 104", "carol buy 1 @ 90 type=TAKE_PROFIT stop=103");

        book.Place("alice buy 2 @ 104");

        book.Expect("4 takes 1 @ 103 from 1", "4 takes 1 @ 104 from 2", "3 triggered");
    }

    [Fact]
    public void A_triggered_limit_order_rests_behind_those_already_there()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 95 type=STOP_LIMIT stop=105 work=MARK", "bob buy 1 @ 95");
        book.Mark(105);
        book.Expect("1 triggered");

        book.Place("carol sell 1 @ 95");

        book.Expect("3 takes 1 @ 95 from 2");
    }

    [Fact]
    public void A_triggered_post_only_order_that_would_take_expires()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 105 type=STOP_LIMIT stop=105 work=MARK tif=GTX", "bob sell 1 @ 105");

        book.Mark(105);

        book.Expect("1 triggered", "1 expired POST_ONLY 1 left");
    }

    [Fact]
    public void A_triggered_ioc_order_expires_for_that()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 2 @ 105 type=STOP_LIMIT stop=105 work=MARK tif=IOC", "bob sell 1 @ 105");

        book.Mark(105);

        book.Expect("1 triggered", "1 takes 1 @ 105 from 2", "1 expired IOC 1 left");
    }

    [Fact]
    public void A_reducing_order_is_trimmed_or_expires_when_it_is_triggered()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place(
            "alice sell 9 @ 100 type=TAKE_PROFIT stop=105 work=MARK reduceOnly",
            "carol sell 9 @ 100 type=TAKE_PROFIT stop=105 work=MARK reduceOnly");

        book.Mark(105);

        book.Expect("3 triggered", "3 trimmed to 5", "4 triggered", "4 expired REDUCE_ONLY 9 left");
        book.ExpectAsks("5 @ 100");
    }

    [Fact]
    public void A_close_position_order_takes_the_whole_position_of_that_moment()
    {
        BookFixture book = NewBook();
        book.Place("alice sell type=STOP_MARKET stop=98 work=MARK closePosition");
        book.Position("alice", "bob", 7);
        book.Place("carol buy 9 @ 97");

        book.Mark(98);

        book.Expect("1 triggered", "1 takes 7 @ 97 from 4");
        book.ExpectPosition("alice", 0);
    }

    [Fact]
    public void A_close_position_order_without_a_position_expires()
    {
        BookFixture book = NewBook();
        book.Place("alice sell type=STOP_MARKET stop=98 work=MARK closePosition");

        book.Mark(97);

        book.Expect("1 triggered", "1 expired REDUCE_ONLY 0 left");
    }

    [Fact]
    public void A_protected_stop_waits_while_mark_and_last_are_far_apart()
    {
        BookFixture book = NewBook();
        book.Position("bob", "carol", 3); // Last 100; the protection is 2 % of the mark.
        book.Place("alice sell 1 type=STOP_MARKET stop=99 work=MARK priceProtect", "dave buy 1 @ 94");

        book.Mark(97); // 3 > 1.94
        book.Expect();
        book.Mark(100); // Near, but not met by this price.
        book.Expect();
        book.Mark(99); // 1 <= 1.98

        book.Expect("3 triggered", "3 expired MARKET 1 left");
    }

    [Fact]
    public void Just_at_the_limit_of_protection_it_fires()
    {
        BookFixture book = NewBook();
        book.Place("bob buy 1 @ 99", "carol sell 1 @ 99", "bob buy 3 @ 98", "alice sell 1 type=STOP_MARKET stop=98 priceProtect");
        book.Mark(101);
        book.Place("carol sell 1 @ 98"); // 3 > 2.02
        book.Expect("5 takes 1 @ 98 from 3");
        book.Mark(100);

        book.Place("carol sell 1 @ 98"); // 2 = 2 % of 100

        book.Expect("6 takes 1 @ 98 from 3", "4 triggered", "4 takes 1 @ 98 from 3");
    }

    [Fact]
    public void Without_a_last_price_protection_has_no_effect()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 1 type=STOP_MARKET stop=60 work=MARK priceProtect");

        book.Mark(50);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void A_protected_stop_that_waited_keeps_waiting_for_its_own_kind_of_price()
    {
        BookFixture book = NewBook();
        book.Position("bob", "carol", 3);
        book.Place("alice sell 1 type=STOP_MARKET stop=98 work=MARK priceProtect");
        book.Mark(97);
        book.Expect();

        // Now a trade brings last near the mark: that is no price of its working type.
        book.Place("bob sell 1 @ 97", "carol buy 1 @ 97");

        book.ExpectOpen("alice", "3?");
        book.Mark(97);
        book.ExpectOpen("alice", "");
    }

    [Fact]
    public void A_trade_meets_no_stop_that_watches_the_mark()
    {
        BookFixture book = NewBook();
        book.Place(
            "bob buy 1 @ 99",
            "alice sell 1 @ 98 type=STOP_LIMIT stop=99",
            "carol sell 1 @ 90 type=STOP_LIMIT stop=99 work=MARK");

        book.Place("dave sell 1 @ 99");

        book.Expect("4 takes 1 @ 99 from 1", "2 triggered");
        book.ExpectOpen("carol", "3?");
    }
}
