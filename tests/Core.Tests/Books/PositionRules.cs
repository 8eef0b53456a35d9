namespace Exchange.Core.Tests.Books;

public abstract class PositionRules(BookKind kind) : BookRules(kind)
{
    private static void Trade(BookFixture book, string buyer, string seller, long lots, long price) =>
        book.Place($"{seller} sell {lots} @ {price}", $"{buyer} buy {lots} @ {price}");

    private static (long Lots, long CostE8) Held(BookFixture book, string account, int leg = 0) =>
        (book.Book.PositionLots(BookLanguage.Account(account), leg), book.Book.CostE8(BookLanguage.Account(account), leg));

    [Fact]
    public void Cost_is_what_was_paid_for_what_is_open()
    {
        BookFixture book = NewBook();

        Trade(book, "alice", "bob", 100, 5000);
        Trade(book, "alice", "bob", 70, 5007);

        Assert.Equal((170, 850_490), Held(book, "alice"));
        Assert.Equal((-170, 850_490), Held(book, "bob"));
    }

    [Fact]
    public void A_part_closed_takes_its_share_of_the_cost_rounded_down()
    {
        BookFixture book = NewBook();
        Trade(book, "alice", "bob", 100, 5000);
        Trade(book, "alice", "bob", 70, 5007);

        Trade(book, "carol", "alice", 60, 5014);

        // 850490 * 60 / 170 = 300172.94
        Assert.Equal((110, 850_490 - 300_172), Held(book, "alice"));

        Trade(book, "carol", "alice", 110, 4989);
        Assert.Equal((0, 0), Held(book, "alice"));
    }

    [Fact]
    public void Past_zero_the_rest_opens_at_the_price_of_the_fill()
    {
        BookFixture book = NewBook();
        Trade(book, "alice", "bob", 10, 100);

        Trade(book, "carol", "alice", 15, 103);

        Assert.Equal((-5, 515), Held(book, "alice"));
    }

    [Fact]
    public void Hedge_legs_are_two_positions()
    {
        BookFixture book = NewBook();
        book.Place("bob sell 10 @ 100", "alice buy 10 @ 100 leg=LONG", "carol buy 4 @ 99", "alice sell 4 @ 99 leg=SHORT");
        Assert.Equal((10, 1000), Held(book, "alice", leg: 0));
        Assert.Equal((-4, 396), Held(book, "alice", leg: 1));

        book.Place("bob sell 3 @ 98", "alice buy 3 @ 98 leg=SHORT");

        Assert.Equal((10, 1000), Held(book, "alice", leg: 0));
        Assert.Equal((-1, 99), Held(book, "alice", leg: 1));
    }
}
