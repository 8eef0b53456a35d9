using Exchange.Core.Books;

namespace Exchange.Core.Tests.Books;

/// <summary>Rates are in 1e-8: 1,000,000 is 1 %. Payers round up, receivers down; the book keeps the odd units for the fund.</summary>
public abstract class FundingRules(BookKind kind) : BookRules(kind)
{
    private BookFixture WithThree()
    {
        BookFixture book = NewBook();
        book.Place("carol sell 10 @ 100", "alice buy 3 @ 100", "bob buy 7 @ 100");
        return book;
    }

    [Fact]
    public void Longs_pay_shorts_at_a_positive_rate_and_the_odd_units_are_the_funds()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, rateE8: 1_500_000, markTicks: 99);
        book.Expect();

        book.FundingSlice(8, 10);

        // 4.455 and 10.395 round up, 14.85 down.
        book.Expect("alice gets funding -5", "bob gets funding -11", "carol gets funding 14");
        Assert.True(book.LastResult.RoundIsDone);
        Assert.Equal(2, book.LastResult.FundingRemainderE8);
    }

    [Fact]
    public void Shorts_pay_at_a_negative_rate()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, rateE8: -1_500_000, markTicks: 99);

        book.FundingSlice(8, 10);

        book.Expect("alice gets funding 4", "bob gets funding 10", "carol gets funding -15");
        Assert.Equal(1, book.LastResult.FundingRemainderE8);
    }

    [Fact]
    public void A_slice_pays_so_many_accounts_by_id()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, 1_000_000, 100);

        book.FundingSlice(8, 2);
        book.Expect("alice gets funding -3", "bob gets funding -7");
        Assert.False(book.LastResult.RoundIsDone);

        book.FundingSlice(8, 2);
        book.Expect("carol gets funding 10");
        Assert.True(book.LastResult.RoundIsDone);
    }

    [Fact]
    public void The_long_leg_is_paid_before_the_short_leg()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100 leg=LONG", "bob buy 4 @ 100", "alice sell 4 @ 100 leg=SHORT");
        book.FundingRound(8, 1_000_000, 100);

        book.FundingSlice(8, 10);

        book.Expect("alice gets funding -10", "alice gets funding 4", "bob gets funding 6");
    }

    [Fact]
    public void Who_trades_during_a_round_settles_first_and_is_not_paid_again()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, 1_000_000, 100);

        book.Place("dave sell 1 @ 100", "bob buy 1 @ 100");
        book.Expect("bob gets funding -7", "5 takes 1 @ 100 from 4");

        book.FundingSlice(8, 10);
        book.Expect("alice gets funding -3", "carol gets funding 10");
    }

    [Fact]
    public void What_is_owed_is_for_the_position_at_the_start_of_the_round()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, 1_000_000, 100);
        book.Place("carol buy 9 @ 100", "bob sell 7 @ 100");
        book.Expect("bob gets funding -7", "carol gets funding 10", "5 takes 7 @ 100 from 4");

        book.FundingSlice(8, 10);

        book.Expect("alice gets funding -3");
    }

    [Fact]
    public void A_round_is_paid_once_however_often_it_is_told()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, 1_000_000, 100);
        book.FundingSlice(8, 10);

        book.FundingRound(8, 1_000_000, 100);
        book.FundingSlice(8, 10);

        book.Expect();
    }

    [Fact]
    public void A_payment_of_nothing_is_no_event()
    {
        BookFixture book = WithThree();
        book.FundingRound(8, 0, 100);

        book.FundingSlice(8, 10);

        book.Expect();
        Assert.True(book.LastResult.RoundIsDone);
        Assert.DoesNotContain(book.LastResult.Events, e => e.Kind == BookEventKind.Funding);
    }
}
