namespace Exchange.Core.Tests.Books;

public abstract class TrailingStopRules(BookKind kind) : BookRules(kind)
{
    private const string Type = "type=TRAILING_STOP_MARKET work=MARK";

    private static void Marks(BookFixture book, params long[] prices)
    {
        foreach (long price in prices)
        {
            book.Mark(price);
            book.Expect();
        }
    }

    [Fact]
    public void It_follows_the_best_price_once_activated_and_fires_on_the_callback()
    {
        BookFixture book = NewBook();
        book.Mark(50_000);
        book.Place($"alice sell 1 {Type} activation=50500 callback=0.01");

        Marks(book, 50_250, 49_650, 50_600, 51_000, 50_505);
        book.Mark(50_475);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void Without_an_activation_price_it_is_active_from_the_mark_of_its_placing()
    {
        BookFixture book = NewBook();
        book.Mark(10_000);
        book.Place($"alice sell 1 {Type} callback=0.01");

        Marks(book, 9_901);
        book.Mark(9_900);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void A_buy_follows_the_lowest_price_and_its_level_is_rounded_up()
    {
        BookFixture book = NewBook();
        book.Mark(10_000);
        book.Place($"alice buy 1 {Type} activation=9900 callback=0.02");

        // Lowest 9701: fires at 9701 * 1.02 = 9895.02, so at 9896.
        Marks(book, 9_901, 9_701, 9_895);
        book.Mark(9_896);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void A_sells_level_is_rounded_down()
    {
        BookFixture book = NewBook();
        book.Mark(10_000);
        book.Place($"alice sell 1 {Type} callback=0.01");

        // Highest 10099: fires at 10099 * 0.99 = 9998.01, so at 9998.
        Marks(book, 10_099, 9_999);
        book.Mark(9_998);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void On_the_last_price_it_is_active_from_the_mark_if_there_was_no_trade()
    {
        BookFixture book = NewBook();
        book.Mark(1_000);
        book.Place("alice sell 1 type=TRAILING_STOP_MARKET callback=0.01");
        Marks(book, 900, 1_100);
        book.Place("bob sell 1 @ 991", "carol buy 1 @ 991", "bob buy 1 @ 990");
        book.ExpectOpen("alice", "1?");

        book.Place("carol sell 1 @ 990");

        book.Expect("5 takes 1 @ 990 from 4", "1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void A_buy_without_a_trade_before_does_not_fire_at_the_first_one()
    {
        BookFixture book = NewBook();
        book.Place("alice buy 1 type=TRAILING_STOP_MARKET callback=0.1");

        book.Position("bob", "carol", 1);

        book.ExpectOpen("alice", "1?");
    }

    [Fact]
    public void An_activation_price_already_reached_activates_at_once()
    {
        BookFixture book = NewBook();
        book.Mark(10_000);
        book.Place($"alice sell 1 {Type} activation=9500 callback=0.01");

        book.Mark(9_900);

        book.Expect("1 triggered", "1 expired MARKET 1 left");
    }

    [Fact]
    public void Protected_it_waits_and_its_best_price_moves_on_meanwhile()
    {
        BookFixture book = NewBook();
        book.Mark(10_000);
        book.Place("bob sell 1 @ 10000", "carol buy 1 @ 10000"); // Last 10000.
        book.Place($"alice sell 1 {Type} callback=0.01 priceProtect");

        Marks(book, 10_500, 10_395); // Level 10395 is reached, but 395 from the last price is too far.
        Marks(book, 10_600, 10_495); // The best price moved on: the level is 10494 now.
        book.Mark(10_190);

        book.Expect("3 triggered", "3 expired MARKET 1 left");
    }
}
