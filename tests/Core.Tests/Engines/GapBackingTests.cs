namespace Exchange.Core.Tests.Engines;

/// <summary>
/// The fund pays for closes only after a gap of the mark, and no more than the gap can have taken (docs/rules/liquidation.md 7.5). The
/// lowest maintenance rate is 0.4 %: at 50000 an update of more than 200 is a gap.
/// </summary>
public sealed class GapBackingTests
{
    private const uint Short = 1;
    private const uint Long = 2;
    private const uint Friend = 3;
    private readonly SmallVenue _venue = new(makerRateE8: 0, takerRateE8: 0);

    /// <summary>0.2 at 50000, liquidated when the mark has come down; the friend bids 0.2 below the bankruptcy price.</summary>
    private void Open(decimal deposit, decimal bid)
    {
        _venue.Enter(Short, 20_000);
        _venue.Enter(Long, deposit);
        _venue.Enter(Friend, 20_000);
        Assert.Equal(RejectReason.None, _venue.Sell(Short, 200, 50_000));
        Assert.Equal(RejectReason.None, _venue.Buy(Long, 200, 50_000));
        Assert.Equal(RejectReason.None, _venue.Buy(Friend, 200, bid));
    }

    [Fact]
    public void While_the_mark_moves_in_small_steps_a_friends_low_bid_is_not_paid_by_the_fund()
    {
        Open(deposit: 215, bid: 48_700);

        // At 49100: equity 35, maintenance margin 39.28. The bankruptcy price is 49100 - 35 / 0.2 = 48925, above the bid.
        _venue.Mark(49_850, 49_700, 49_550, 49_400, 49_250, 49_130, 49_100);

        Assert.Equal(0, _venue.Shortfall());
        Assert.Equal(100_000, _venue.Fund);
        Assert.Equal((0, 0, 0), (_venue.Lots(Long), _venue.Lots(Short), _venue.Lots(Friend)));
        Assert.Equal((0m, 20_215m, 20_000m), (_venue.Wallet(Long), _venue.Wallet(Short), _venue.Wallet(Friend)));
    }

    [Fact]
    public void After_a_gap_it_is()
    {
        Open(deposit: 215, bid: 48_700);

        // Equity 15; the bankruptcy price is 48925 again. The bid is 225 worse: 45 of the (1000 - 200) * 0.2 = 160 that the gap can have taken.
        _venue.Mark(49_000);

        Assert.Equal(45, _venue.Shortfall());
        Assert.Equal(99_955, _venue.Fund);
        Assert.Equal(200, _venue.Lots(Friend));
    }

    [Fact]
    public void The_fund_pays_no_more_than_the_gap_can_have_taken()
    {
        Open(deposit: 100, bid: 49_280);

        // A gap of 310, 110 of it beyond 0.4 %: 22 for 0.2. The bankruptcy price is 49690 - 38 / 0.2 = 49500, the bid 220 worse: 0.1 is paid for.
        _venue.Mark(49_690);

        Assert.Equal(22, _venue.Shortfall());
        Assert.Equal(100, _venue.Lots(Friend));
        Assert.Equal((0, -100), (_venue.Lots(Long), _venue.Lots(Short)));
        Assert.Equal(0, _venue.Wallet(Long));
    }

    [Fact]
    public void The_update_after_a_gap_still_counts_and_the_next_no_more()
    {
        Open(deposit: 290, bid: 48_400);
        _venue.Mark(49_000); // A gap of 1000 leaves 90, above 39.2.
        _venue.Mark(48_810); // 52, above 39.05.
        Assert.Equal(200, _venue.Lots(Long));

        _venue.Mark(48_700); // 30, below 38.96.

        Assert.Equal(0, _venue.Lots(Long));
        Assert.Equal(0, _venue.Shortfall());

        var other = new GapBackingTests();
        other.Open(deposit: 250, bid: 48_400);
        other._venue.Mark(49_000); // Leaves 50.
        other._venue.Mark(48_850); // Leaves 20: bankrupt at 48750, the bid is 350 worse.
        Assert.Equal(70, other._venue.Shortfall());
    }
}
