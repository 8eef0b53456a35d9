using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Engines;

/// <summary>What isolated orders reserve is not lost twice: once to the cross pool, once into a position of its own (docs/rules/margin.md 5.7).</summary>
public sealed class PoolSeparationTests
{
    private const uint Honest = 1;
    private const uint Schemer = 2;
    private const uint Friend = 3;
    private readonly SmallVenue _venue = new(makerRateE8: 0, takerRateE8: 0, symbols: 2);

    /// <summary>Of 1000 a cross long of 1 at 50000, and 490 reserved for an isolated buy of 0.1 at 49000 in the other symbol.</summary>
    public PoolSeparationTests()
    {
        _venue.Enter(Honest, 20_000);
        _venue.Enter(Schemer, 1_000);
        _venue.Set(Schemer, symbol: 1, leverage: 10, MarginMode.Isolated);
        _venue.Enter(Friend, 20_000);
        Assert.Equal(RejectReason.None, _venue.Sell(Honest, 1_000, 50_000));
        Assert.Equal(RejectReason.None, _venue.Buy(Schemer, 1_000, 50_000));
        Assert.Equal(RejectReason.None, _venue.Buy(Schemer, 100, 49_000, symbol: 1));
    }

    [Fact]
    public void While_the_cross_pool_holds_what_isolated_orders_need_they_stay()
    {
        _venue.Mark(49_850, 49_700, 49_550, 49_490);

        Assert.Equal(1, _venue.Account(Schemer).OpenOrderCount(1));
    }

    [Fact]
    public void Isolated_orders_that_the_cross_pool_no_longer_holds_are_canceled()
    {
        _venue.Mark(49_850, 49_700, 49_550, 49_489);

        Assert.Equal(0, _venue.Account(Schemer).OpenOrderCount(1));
        Assert.Equal(EndReason.Risk, Assert.Single(_venue.Told.ToArray(), e => e.Book.Kind == BookEventKind.Canceled).Book.Reason);
    }

    [Fact]
    public void Nobody_is_closed_out_at_a_loss_because_a_friend_filled_the_isolated_order()
    {
        _venue.Mark(49_850, 49_700, 49_550, 49_400, 49_300);

        // With the order there 490 would go from a pool of 300, and ADL would close the honest short at 49490 instead of 49300.
        Assert.Equal(RejectReason.None, _venue.Sell(Friend, 100, 49_000, symbol: 1));
        for (decimal mark = 49_300; _venue.Lots(Schemer) != 0; mark -= 50)
            _venue.Mark(mark);

        Assert.Equal(0, _venue.Lots(Honest));
        Assert.Equal(21_000, _venue.Wallet(Honest));
    }
}
