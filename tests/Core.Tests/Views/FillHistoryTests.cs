using Exchange.Core.Feed;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class FillHistoryTests
{
    private const uint Alice = 1;
    private const uint Bob = 2;

    [Fact]
    public void A_fill_is_shown_with_fee_and_profit()
    {
        var venue = new ViewsFixture { TimeMs = 9_000 };
        ulong id = venue.Place(Alice);
        venue.Fill(Alice, id, lots: 3, filled: 3, priceTicks: 99);

        FillView fill = Assert.Single(venue.Views.GetFills(Alice, -1, 0, 10).Items);

        Assert.Equal(
            new FillView(1, id, Alice, 0, Side.Buy, PositionSide.Both, 99, 3, 7, -3, IsMaker: true, IsLiquidation: false, IsAdl: false, 9_000, 2),
            fill);
    }

    [Fact]
    public void A_liquidations_fill_has_no_order()
    {
        var venue = new ViewsFixture();
        ref FeedEvent e = ref venue.Add(FeedKind.Fill, Alice);
        e.Other = 5;
        e.Lots = 1;
        e.PriceTicks = 50;
        e.Flags = FeedFlags.Liquidation | FeedFlags.Adl;
        venue.Apply(default);

        FillView fill = Assert.Single(venue.Views.GetFills(Alice, 0, 0, 10).Items);

        Assert.Equal((0ul, true, true, false), (fill.OrderId, fill.IsLiquidation, fill.IsAdl, fill.IsMaker));
    }

    [Fact]
    public void Pages_of_one_symbol_go_from_the_newest_to_the_oldest()
    {
        var venue = new ViewsFixture();
        ulong id = venue.Place(Alice);
        ulong other = venue.Place(Alice, symbol: 1);
        for (int i = 1; i <= 5; i++)
        {
            venue.Fill(Alice, id, lots: 1, filled: i, priceTicks: i);
            venue.Fill(Alice, other, lots: 1, filled: i, priceTicks: 100 + i, symbol: 1);
        }

        Page<FillView> first = venue.Views.GetFills(Alice, 0, 0, 3);
        venue.Fill(Alice, id, lots: 1, filled: 6, priceTicks: 6);
        Page<FillView> second = venue.Views.GetFills(Alice, 0, first.Next, 3);

        Assert.Equal([5, 4, 3], first.Items.Select(fill => fill.PriceTicks));
        Assert.Equal([2, 1], second.Items.Select(fill => fill.PriceTicks));
        Assert.Equal(0ul, second.Next);
        Assert.Equal([104, 4], venue.Views.GetFills(Alice, -1, first.Next + 4, 2).Items.Select(fill => fill.PriceTicks));
    }

    [Fact]
    public void Beyond_the_limits_the_oldest_fills_are_dropped()
    {
        var venue = new ViewsFixture(new ViewLimits { FillsPerAccount = 4, Fills = 6 });
        ulong alices = venue.Place(Alice);
        ulong bobs = venue.Place(Bob);
        for (int i = 1; i <= 9; i++)
            venue.Fill(Alice, alices, lots: 1, filled: i, priceTicks: i);
        Assert.Equal([9, 8, 7, 6], Prices(Alice));

        for (int i = 1; i <= 4; i++)
            venue.Fill(Bob, bobs, lots: 1, filled: i, priceTicks: i);

        Assert.Equal([9, 8], Prices(Alice));
        Assert.Equal([4, 3, 2, 1], Prices(Bob));

        IEnumerable<long> Prices(uint account) => venue.Views.GetFills(account, -1, 0, 10).Items.Select(fill => fill.PriceTicks);
    }
}
