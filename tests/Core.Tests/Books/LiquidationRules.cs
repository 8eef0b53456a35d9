using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>Alice's long of 10 (cost 1000) is closed at a bankruptcy price of 96; a clearance fee is 1 %.</summary>
public abstract class LiquidationRules(BookKind kind) : BookRules(kind)
{
    private BookFixture WithLong()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 10);
        return book;
    }

    [Fact]
    public void A_partial_step_takes_what_the_book_gives_down_to_the_bankruptcy_price()
    {
        BookFixture book = WithLong();
        book.Place("carol buy 2 @ 99", "carol buy 2 @ 96", "carol buy 2 @ 95");

        book.Close("alice 6 bp=96");

        // Fees: min(ceil(1.98), 6) = 2; at the bankruptcy price there is nothing to take.
        book.Expect(
            "alice sells 6 @ 96 in liquidation",
            "alice sells 2 @ 99 to close, with 3", "alice gets -2 of the fund",
            "alice sells 2 @ 96 to close, with 4",
            "alice closed, spent 0, earned 2");
        book.ExpectPosition("alice", 6);
        Assert.Equal((0, 2), (book.LastResult.SpentE8, book.LastResult.EarnedE8));
    }

    [Fact]
    public void The_clearance_fee_is_at_most_what_the_fill_was_better_than_the_bankruptcy_price()
    {
        BookFixture book = WithLong();
        book.Mark(1000);
        book.Place("carol buy 10 @ 970");

        book.Close("alice 10 bp=967"); // 97 of 1 %, but only 3 a lot better: 30.
        book.Expect(
            "alice sells 10 @ 967 in liquidation", "alice sells 10 @ 970 to close, with 3", "alice gets -30 of the fund",
            "alice closed, spent 0, earned 30");
    }

    [Fact]
    public void The_fund_pays_for_worse_prices_within_the_bound_until_it_is_spent()
    {
        BookFixture book = WithLong();
        book.Place("carol buy 1 @ 99", "carol buy 9 @ 95", "dave buy 9 @ 94");

        // Earned ceil(0.99) = 1, granted 3: 4 pay for 4 lots that are 1 worse. The rest goes to bob, the only short.
        book.Close("alice all bp=96 grant=3");

        book.Expect(
            "alice sells 10 @ 96 in liquidation, all",
            "alice sells 1 @ 99 to close, with 3", "alice gets -1 of the fund",
            "alice sells 4 @ 95 to close, with 4", "alice gets 4 of the fund",
            "alice sells 5 @ 96 by ADL with bob",
            "alice closed, spent 4, earned 1");
        book.ExpectBids("5 @ 95", "9 @ 94");
        book.ExpectPosition("alice", 0);
        book.ExpectPosition("bob", -5);
        Assert.Equal(95, book.Book.LastTicks);
    }

    [Fact]
    public void The_fund_does_not_buy_beyond_the_market_bound()
    {
        BookFixture book = WithLong();
        book.Place("carol buy 1 @ 95", "carol buy 1 @ 94");

        book.Close("alice all bp=96 grant=1000");

        book.Expect(
            "alice sells 10 @ 96 in liquidation, all",
            "alice sells 1 @ 95 to close, with 3", "alice gets 1 of the fund",
            "alice sells 9 @ 96 by ADL with bob",
            "alice closed, spent 1, earned 0");
    }

    [Fact]
    public void A_short_is_bought_back()
    {
        BookFixture book = WithLong();
        book.Place("carol sell 4 @ 102", "carol sell 4 @ 104");

        book.Close("bob all bp=103 grant=2");

        // ceil(4.08) = 5, 4 better: fee 4. Then 1 worse a lot with 2 + 4.
        book.Expect(
            "bob buys 10 @ 103 in liquidation, all",
            "bob buys 4 @ 102 to close, with 3", "bob gets -4 of the fund",
            "bob buys 4 @ 104 to close, with 4", "bob gets 4 of the fund",
            "bob buys 2 @ 103 by ADL with alice",
            "bob closed, spent 4, earned 4");
    }

    [Fact]
    public void Sides_of_a_closing_fill_are_flagged()
    {
        BookFixture book = WithLong();
        book.Place("carol buy 1 @ 99");

        book.Close("alice 1 bp=96");

        BookEvent closing = book.LastResult.Events[1];
        BookEvent maker = book.LastResult.Events[2];
        Assert.Equal(BookEventFlags.Sell | BookEventFlags.Liquidation, closing.Flags);
        Assert.Equal(BookEventFlags.Maker | BookEventFlags.AgainstLiquidation, maker.Flags);
        Assert.Equal((0ul, 3ul), (maker.OtherId, maker.OrderId));
    }

    [Fact]
    public void Per_fill_the_makers_trims_come_before_the_fee()
    {
        BookFixture book = WithLong();
        book.Place("bob buy 4 @ 99", "bob buy 10 @ 90 reduceOnly");

        book.Close("alice 4 bp=96");

        book.Expect(
            "alice sells 4 @ 96 in liquidation",
            "alice sells 4 @ 99 to close, with 3", "4 trimmed to 6", "alice gets -4 of the fund",
            "alice closed, spent 0, earned 4");
    }

    [Fact]
    public void Own_orders_in_the_way_expire()
    {
        BookFixture book = WithLong();
        book.Place("alice buy 1 @ 99", "carol buy 1 @ 98");

        book.Close("alice 1 bp=96");

        book.Expect(
            "alice sells 1 @ 96 in liquidation", "3 expired STP 1 left",
            "alice sells 1 @ 98 to close, with 4", "alice gets -1 of the fund",
            "alice closed, spent 0, earned 1");
    }

    [Fact]
    public void Computed_before_the_latest_event_it_is_refused()
    {
        BookFixture book = WithLong();
        ulong before = book.Book.LastNumber(BookLanguage.Account("alice"));
        book.Place("alice buy 1 @ 90");

        BookInput close = book.Command(BookInputKind.Close, "alice") with { Lots = 1, BankruptcyTicks = 96, Number = before };
        book.Send(close);

        Assert.Equal(RejectReason.Moved, book.LastResult.Outcome.Reason);
        Assert.Empty(book.LastResult.Events);
    }

    [Fact]
    public void Stops_that_a_close_meets_wait_for_the_end_of_the_pass()
    {
        BookFixture book = WithLong();
        book.Place("carol buy 1 @ 97", "dave sell 1 type=STOP_MARKET stop=97", "carol buy 1 @ 96");

        book.Close("alice 1 bp=96");
        book.ExpectOpen("dave", "4?");
        book.WorkTriggers();

        book.Expect("4 triggered", "4 takes 1 @ 96 from 5");
    }

    [Fact]
    public void One_leg_is_closed_the_other_stays()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100 leg=LONG", "carol buy 4 @ 100", "alice sell 4 @ 100 leg=SHORT");
        book.Place("dave buy 10 @ 97");

        book.Close("alice 10 bp=96 leg=LONG");

        book.ExpectPosition("alice", 0, leg: 0);
        book.ExpectPosition("alice", -4, leg: 1);
        Assert.All(book.LastResult.Events.Where(e => e.Account == 1), e => Assert.Equal(PositionSide.Long, e.PositionSide));
    }
}
