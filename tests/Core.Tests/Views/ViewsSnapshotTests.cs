using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Views;

public sealed class ViewsSnapshotTests
{
    [Fact]
    public void Restored_views_answer_as_before_and_go_on_alike()
    {
        ViewsFixture venue = Busy(new ViewLimits { EndedOrdersPerAccount = 30, FillsPerAccount = 20, TradesPerSymbol = 25 });

        VenueViews restored = venue.Restored();

        AssertSame(venue.Views, restored);
        Assert.Equal(venue.Snapshot(), ViewsFixture.SnapshotOf(restored));
    }

    [Fact]
    public void Under_smaller_limits_the_newest_is_kept()
    {
        ViewsFixture venue = Busy(new ViewLimits());

        VenueViews restored = venue.Restored(new ViewLimits { EndedOrdersPerAccount = 2, FillsPerAccount = 3, TradesPerSymbol = 4 });

        Assert.Equal(venue.Views.GetFills(1, -1, 0, 3).Items, restored.GetFills(1, -1, 0, 100).Items);
        Assert.Equal(venue.Views.GetTrades(0, 0, 4).Items, restored.GetTrades(0, 0, 100).Items);
        Assert.Equal(2, restored.GetOrders(1, -1, 0, 1_000).Items.Count(order => order.Status == OrderStatus.Canceled));
        Assert.Equal(venue.Views.GetOpenOrders(1, -1), restored.GetOpenOrders(1, -1));
    }

    [Fact]
    public void A_snapshot_that_is_cut_short_is_refused()
    {
        byte[] bytes = Busy(new ViewLimits()).Snapshot();

        Assert.Throws<SnapshotException>(() => new VenueViews(new ViewLimits()).Read(new SnapshotReader(bytes.AsMemory(0, bytes.Length - 9))));
    }

    [Fact]
    public void Empty_views_have_a_snapshot_too()
    {
        var writer = new SnapshotWriter();
        new VenueViews(new ViewLimits()).Write(writer);
        var restored = new VenueViews(new ViewLimits());

        restored.Read(new SnapshotReader(writer.Written));

        Assert.Equal((0ul, 0), (restored.Sequence, restored.SymbolCount));
    }

    private static ViewsFixture Busy(ViewLimits limits)
    {
        var venue = new ViewsFixture(limits);
        var random = new Random(3);
        var open = new List<(uint Account, ulong Id, int Symbol)>();
        for (int i = 0; i < 600; i++)
        {
            venue.TimeMs += 10_000;
            int symbol = random.Next(2);
            uint account = (uint)random.Next(1, 5);
            open.Add((account, venue.Place(account, random.Next(3) == 0 ? $"id-{random.Next(20)}" : "", symbol), symbol));
            venue.Trade(random.Next(90, 110), 1, symbol);
            venue.AddLevel((Side)symbol, random.Next(1, 40), random.Next(4), symbol);
            venue.Apply(default);
            if (open.Count < 20)
                continue;
            int at = random.Next(open.Count);
            (uint owner, ulong id, int where) = open[at];
            open.RemoveAt(at);
            venue.Fill(owner, id, lots: 4, filled: 4, symbol: where);
            venue.Cancel(owner, id, filled: 4, symbol: where);
        }

        venue.Add(FeedKind.Insurance).Money = 55;
        venue.Add(FeedKind.Mark).PriceTicks = 101;
        venue.Apply(default);
        return venue;
    }

    internal static void AssertSame(VenueViews expected, VenueViews actual)
    {
        Assert.Equal((expected.Sequence, expected.FundE8), (actual.Sequence, actual.FundE8));
        for (uint account = 1; account < 5; account++)
        {
            Page<OrderView> orders = expected.GetOrders(account, -1, 0, 1_000);
            Assert.Equal(orders.Items, actual.GetOrders(account, -1, 0, 1_000).Items);
            Assert.Equal(expected.GetOpenOrders(account, -1), actual.GetOpenOrders(account, -1));
            Assert.Equal(expected.GetFills(account, -1, 0, 1_000).Items, actual.GetFills(account, -1, 0, 1_000).Items);
            Assert.Equal(expected.GetLedger(account, -1, 0, 1_000).Items, actual.GetLedger(account, -1, 0, 1_000).Items);
            foreach (OrderView order in orders.Items.Where(order => order.ClientOrderId.Length > 0))
                Assert.Equal(
                    expected.FindOrder(account, order.Symbol, order.ClientOrderId), actual.FindOrder(account, order.Symbol, order.ClientOrderId));
        }

        for (int symbol = 0; symbol < expected.SymbolCount; symbol++)
        {
            Assert.Equal(expected.GetTrades(symbol, 0, 1_000).Items, actual.GetTrades(symbol, 0, 1_000).Items);
            Assert.Equal(expected.GetTicker(symbol), actual.GetTicker(symbol));
            Assert.Equal(expected.GetFunding(symbol, 0, 1_000).Items, actual.GetFunding(symbol, 0, 1_000).Items);
            Assert.Equal(expected.GetStats(symbol, 1_000).Liquidations, actual.GetStats(symbol, 1_000).Liquidations);
            Assert.Equal(expected.GetStats(symbol, 1).OpenInterestLots, actual.GetStats(symbol, 1).OpenInterestLots);
            DepthView depth = expected.GetDepth(symbol, 1_000);
            DepthView other = actual.GetDepth(symbol, 1_000);
            Assert.Equal((depth.Number, depth.TimeMs), (other.Number, other.TimeMs));
            Assert.Equal(depth.Bids, other.Bids);
            Assert.Equal(depth.Asks, other.Asks);
        }
    }
}
