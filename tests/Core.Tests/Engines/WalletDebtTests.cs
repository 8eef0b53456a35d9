using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Engines;

/// <summary>A wallet in debt is made good out of isolated margins, and no margin leaves while it is (docs/rules/margin.md 5.8).</summary>
public sealed class WalletDebtTests
{
    private const uint Friend = 1;
    private const uint Seller = 2;

    /// <summary>All of 500 is reserved for a sell of 0.1 at 50000 (leverage 10), which fills at 52000: 520 move.</summary>
    private static SmallVenue WithDebt()
    {
        var venue = new SmallVenue(makerRateE8: 0, takerRateE8: 0);
        venue.Enter(Friend, 20_000);
        venue.Enter(Seller, 500, leverage: 10, MarginMode.Isolated);
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, 52_000));
        Assert.Equal(RejectReason.None, venue.Sell(Seller, 100, 50_000));
        Assert.Equal((-20m, 520m), (venue.Wallet(Seller), venue.Isolated(Seller)));
        return venue;
    }

    [Fact]
    public void The_next_liquidation_instant_takes_it_from_the_isolated_margin()
    {
        SmallVenue venue = WithDebt();

        venue.Mark(50_000);

        Assert.Equal((0m, 500m), (venue.Wallet(Seller), venue.Isolated(Seller)));
        EngineEvent moved = Assert.Single(venue.Told.ToArray(), e => e.Kind == EngineEventKind.MarginMoved);
        Assert.Equal((Seller, 20m, -100L), (moved.Book.Account, SmallVenue.ToUsdt(moved.Book.Amount), moved.Change.PositionLots));
    }

    [Fact]
    public void Until_then_a_close_must_leave_what_pays_it()
    {
        SmallVenue venue = WithDebt();

        // 520 and the 200 that the fill was better than the mark, less the debt of 20: 700 of 0.1 are 7000.
        Assert.Equal(SmallVenue.Ticks(57_000), venue.Account(Seller).ClosingTicks(0, 0, venue.Engine.Market));
    }

    [Fact]
    public void However_the_position_ends_no_debt_stays_behind()
    {
        SmallVenue venue = WithDebt();

        for (decimal mark = 50_000; venue.Lots(Seller) != 0; mark += 100)
            venue.Mark(mark);

        Assert.Equal(0, venue.Wallet(Seller));
        Assert.Equal(20_500, venue.Wallet(Friend));
        Assert.Equal(100_000, venue.Fund);
    }

    [Fact]
    public void A_wallet_without_debt_takes_nothing()
    {
        var venue = new SmallVenue(makerRateE8: 0, takerRateE8: 0);
        venue.Enter(Friend, 20_000);
        venue.Enter(Seller, 520, leverage: 10, MarginMode.Isolated);
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, 52_000));
        Assert.Equal(RejectReason.None, venue.Sell(Seller, 100, 50_000));

        venue.Mark(50_000, 50_100);

        Assert.Equal((0m, 520m), (venue.Wallet(Seller), venue.Isolated(Seller)));
    }
}
