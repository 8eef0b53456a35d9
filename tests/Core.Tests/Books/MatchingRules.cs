using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

public abstract class MatchingRules(BookKind kind) : BookRules(kind)
{
    [Fact]
    public void Best_price_first_then_arrival_at_the_makers_price()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 10 @ 105", "bob sell 10 @ 100", "carol sell 10 @ 100");

        book.Place("dave buy 25 @ 105");

        book.Expect("4 takes 10 @ 100 from 2", "4 takes 10 @ 100 from 3", "4 takes 5 @ 105 from 1");
        book.ExpectAsks("5 @ 105");
        Assert.Equal(105, book.Book.LastTicks);
    }

    [Fact]
    public void What_is_left_of_a_taker_rests_at_its_price()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 3 @ 99");

        book.Place("bob sell 5 @ 99");

        book.Expect("2 takes 3 @ 99 from 1");
        book.ExpectBids();
        book.ExpectAsks("2 @ 99");
    }

    [Fact]
    public void Levels_add_up_what_rests_at_a_price()
    {
        BookFixture book = NewBook();

        book.Place("alice buy 3 @ 98", "bob buy 4 @ 98", "carol buy 5 @ 99");

        book.ExpectBids("5 @ 99", "7 @ 98");
    }

    [Fact]
    public void A_market_order_fills_up_to_its_protection_price_and_the_rest_expires()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 1 @ 105", "alice sell 1 @ 106");

        book.Place("bob buy 2");

        book.Expect("3 takes 1 @ 105 from 1", "3 expired MARKET 1 left");
    }

    [Fact]
    public void The_protection_price_is_rounded_inward()
    {
        BookFixture book = NewBook();
        book.Mark(101); // 5 %: 95.95 below, 106.05 above.
        book.Place("alice sell 1 @ 106", "alice sell 1 @ 107", "alice buy 1 @ 96", "alice buy 1 @ 95");

        book.Place("bob buy 2");
        book.Expect("5 takes 1 @ 106 from 1", "5 expired MARKET 1 left");

        book.Place("bob sell 2");
        book.Expect("6 takes 1 @ 96 from 3", "6 expired MARKET 1 left");
    }

    [Fact]
    public void A_market_order_never_trades_beyond_the_worst_price_it_was_checked_with()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 1 @ 101", "alice sell 1 @ 103");

        book.Place("bob buy 2 worst=102");

        book.Expect("3 takes 1 @ 101 from 1", "3 expired MARKET 1 left");
    }

    [Fact]
    public void A_worst_price_beyond_the_protection_price_does_not_widen_it()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 @ 94");

        book.Place("bob sell 1 worst=90");

        book.Expect("2 expired MARKET 1 left");
    }

    [Fact]
    public void A_market_order_on_an_empty_book_is_accepted_and_expires()
    {
        BookFixture book = NewBook();

        book.Place("bob sell 4");

        book.Expect("1 expired MARKET 4 left");
        book.ExpectOpen("bob", "");
    }

    [Fact]
    public void Trades_are_numbered_from_one()
    {
        BookFixture book = NewBook();
        book.Place("alice sell 2 @ 100", "bob buy 1 @ 100");
        Assert.Equal(1, book.LastResult.Events[1].Amount);

        book.Place("bob buy 1 @ 100");

        Assert.Equal(2, book.LastResult.Events[1].Amount);
    }

    [Fact]
    public void Without_a_mark_nothing_trades()
    {
        BookFixture book = NewBook();
        book.Mark(0);

        book.Refuses(RejectReason.SymbolNotTrading, "alice buy 1 @ 100");
    }

    [Fact]
    public void A_reduce_only_symbol_takes_reducing_orders_and_cancels()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("carol buy 5 @ 99", "alice sell 1 @ 102 reduceOnly");
        book.State(TradingState.ReduceOnly);

        book.Refuses(RejectReason.SymbolNotTrading, "alice sell 2 @ 99");
        book.RefusesAmend(RejectReason.SymbolNotTrading, "carol 3 qty=4");
        book.Amend("alice 4 price=103");
        book.Place("alice sell 2 @ 99 reduceOnly");
        book.Expect("5 takes 2 @ 99 from 3");
        book.Cancel("carol 3");
    }

    [Fact]
    public void A_halted_symbol_takes_cancels_only()
    {
        BookFixture book = NewBook();
        book.Position("alice", "bob", 5);
        book.Place("carol buy 5 @ 99", "alice sell 1 @ 102 reduceOnly");
        book.State(TradingState.Halted);

        book.Refuses(RejectReason.SymbolNotTrading, "alice sell 2 @ 99 reduceOnly");
        book.RefusesAmend(RejectReason.SymbolNotTrading, "alice 4 price=103");
        book.Cancel("carol 3");
        book.Expect("3 canceled USER 5 left");
    }
}
