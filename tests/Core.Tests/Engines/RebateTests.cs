using Exchange.Core.Books;

namespace Exchange.Core.Tests.Engines;

/// <summary>A rebate is given only where the fill pays for it (docs/rules/fees.md 4, docs/rules/matching.md 3.9). Maker -0.02 %, taker 0.02 %.</summary>
public sealed class RebateTests
{
    private const uint Short = 1;
    private const uint Long = 2;
    private const uint Friend = 3;
    private const long RateE8 = 20_000;

    /// <summary>Long 0.1 at 50000, a fee of 1 paid; 100 left.</summary>
    private static SmallVenue WithLong(long makerRateE8)
    {
        var venue = new SmallVenue(makerRateE8, RateE8);
        venue.Enter(Short, 20_000);
        venue.Enter(Long, 101);
        venue.Enter(Friend, 20_000);
        Assert.Equal(RejectReason.None, venue.Sell(Short, 100, 50_000));
        Assert.Equal(RejectReason.None, venue.Buy(Long, 100, 50_000));
        Assert.Equal(100, venue.Wallet(Long));
        return venue;
    }

    [Fact]
    public void Where_makers_get_rebates_a_closing_order_leaves_what_its_fee_costs()
    {
        SmallVenue venue = WithLong(-RateE8);
        venue.Mark(49_850, 49_700, 49_550, 49_500);

        // Equity 50. At 49000 nothing is left; at p, 50 - (49500 - p) * 0.1 must pay p * 0.1 * 0.02 %: p >= 49009.80196.
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, 49_009.8m));
        Assert.Equal(RejectReason.PriceBand, venue.Sell(Long, 100, 49_009.8m));
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, 49_009.9m));
        Assert.Equal(RejectReason.None, venue.Sell(Long, 100, 49_009.9m));

        Assert.Equal(0, venue.Lots(Long));
        Assert.Equal(0.009802m, venue.Wallet(Long)); // 100 - 99.01 - 0.980198
    }

    [Fact]
    public void Where_they_get_none_it_may_go_down_to_the_bankruptcy_price()
    {
        SmallVenue venue = WithLong(0);
        venue.Mark(49_850, 49_700, 49_550, 49_500);
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, 49_000));

        Assert.Equal(RejectReason.None, venue.Sell(Long, 100, 49_000));

        Assert.Equal(-0.98m, venue.Wallet(Long));
    }

    [Fact]
    public void A_market_order_stops_where_its_fee_is_still_left()
    {
        SmallVenue venue = WithLong(-RateE8);
        venue.Mark(49_850, 49_700, 49_550, 49_500);

        Assert.Equal(SmallVenue.Ticks(49_009.9m), venue.Account(Long).ClosingTicks(0, 0, venue.Engine.Market));
    }

    [Fact]
    public void A_short_leaves_its_fee_too()
    {
        var venue = new SmallVenue(-RateE8, RateE8);
        venue.Enter(Short, 101);
        venue.Enter(Long, 20_000);
        Assert.Equal(RejectReason.None, venue.Buy(Long, 100, 50_000));
        Assert.Equal(RejectReason.None, venue.Sell(Short, 100, 50_000));
        venue.Mark(50_150, 50_300, 50_450, 50_500);

        // Equity 50: (p - 50500) * 0.1 + p * 0.1 * 0.02 % <= 50, so p <= 50989.80204.
        Assert.Equal(SmallVenue.Ticks(50_989.8m), venue.Account(Short).ClosingTicks(0, 0, venue.Engine.Market));
        Assert.Equal(RejectReason.PriceBand, venue.Buy(Short, 100, 50_989.9m));
        Assert.Equal(RejectReason.None, venue.Buy(Short, 100, 50_989.8m));
    }

    [Theory]
    [InlineData(49_000, 0)] // The bankruptcy price: no clearance fee, no rebate.
    [InlineData(49_009.7, 0)] // 0.97 is less than the rebate of 0.98019.
    [InlineData(49_009.9, 0.980198)] // 0.99 pays it.
    public void Against_a_liquidation_a_maker_gets_what_its_clearance_fee_pays(double bid, double rebate)
    {
        SmallVenue venue = WithLong(-RateE8);
        Assert.Equal(RejectReason.None, venue.Buy(Friend, 100, (decimal)bid));

        // 100 is gone at 49000; at 49190 the 19 that are left are below 19.676.
        venue.Mark(49_850, 49_700, 49_550, 49_400, 49_250, 49_190);

        Assert.Equal((0, 100), (venue.Lots(Long), venue.Lots(Friend)));
        Assert.Equal(20_000 + (decimal)rebate, venue.Wallet(Friend));
        Assert.Equal(rebate == 0, venue.Told.ToArray().Any(e => e.Book.Kind == BookEventKind.Fill && e.Book.Has(BookEventFlags.NoRebate)));
    }
}
