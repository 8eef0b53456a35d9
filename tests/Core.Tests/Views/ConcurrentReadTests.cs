using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class ConcurrentReadTests
{
    private const uint Alice = 1;
    private const long DepthLots = 1_000;

    /// <summary>The writer keeps to what an input may do; whatever a reader sees must be as some whole number of inputs left it.</summary>
    [Fact]
    public async Task Readers_see_whole_inputs_while_the_writer_goes_on()
    {
        var venue = new ViewsFixture(new ViewLimits { EndedOrdersPerAccount = 50, EndedOrders = 60, FillsPerAccount = 40, TradesPerSymbol = 30 });
        Shift(venue, 0);
        venue.Apply(default);
        using var done = new CancellationTokenSource();
        Task<int>[] readers =
        [
            Read(() => CheckOrders(venue.Views), done.Token), Read(() => CheckFills(venue.Views), done.Token),
            Read(() => CheckDepth(venue.Views), done.Token), Read(() => CheckTrades(venue.Views), done.Token),
        ];

        int inputs = TestScale.Of(20_000, 500_000);
        for (int i = 1; i <= inputs || (Volatile.Read(ref _reads) < 40 && !readers.Any(reader => reader.IsFaulted)); i++)
        {
            uint account = Alice + (uint)(i % 2 * 256); // Both in one stripe.
            ulong id = venue.Place(account, $"id-{i % 70}");
            venue.AddFill(account, id, lots: 4, filled: 4);
            venue.AddFill(account, id, lots: 6, filled: 10);
            Shift(venue, i);
            venue.Apply(default);
            venue.Trade(i, 1);
        }

        await done.CancelAsync();
        foreach (int reads in await Task.WhenAll(readers))
            Assert.True(reads > 0);
    }

    private int _reads;

    private Task<int> Read(Action check, CancellationToken done) => Task.Run(() =>
    {
        int reads = 0;
        while (reads == 0 || !done.IsCancellationRequested)
        {
            check();
            reads++;
            Interlocked.Increment(ref _reads);
        }

        return reads;
    });

    /// <summary>Moves lots from the bids' one level to the asks' one or back: their sum stays.</summary>
    private static void Shift(ViewsFixture venue, int i)
    {
        long bid = 1 + (i * 37 % 900);
        venue.AddLevel(Side.Buy, 99, bid);
        venue.AddLevel(Side.Sell, 101, DepthLots - bid);
    }

    private static void CheckOrders(VenueViews views)
    {
        Page<OrderView> page = views.GetOrders(Alice, -1, 0, 100);
        ulong above = ulong.MaxValue;
        foreach (OrderView order in page.Items)
        {
            Assert.True(order.OrderId < above);
            above = order.OrderId;
            AssertWhole(order);
        }

        Assert.True(page.Items.Length <= 51);
        if (views.FindOrder(Alice, 0, "id-7") is { } found)
            AssertWhole(found);
        Assert.True(views.GetOpenOrders(Alice, -1).Length <= 1);
    }

    private static void AssertWhole(OrderView order)
    {
        Assert.Equal(Alice, order.Account);
        Assert.Equal(order.Status == OrderStatus.Filled ? 10 : 0, order.FilledLots);
        Assert.Equal((Int128)order.FilledLots * 100 * ViewsFixture.Instrument(0).UnitE8, order.FilledNotionalE8);
    }

    private static void CheckFills(VenueViews views)
    {
        Page<FillView> page = views.GetFills(Alice, 0, 0, 100);
        Assert.True(page.Items.Length is <= 40 and var count && count % 2 == 0);
        for (int i = 0; i < page.Items.Length; i += 2)
        {
            Assert.Equal((6, 4), (page.Items[i].Lots, page.Items[i + 1].Lots));
            Assert.Equal(page.Items[i].OrderId, page.Items[i + 1].OrderId);
        }
    }

    private static void CheckDepth(VenueViews views)
    {
        DepthView depth = views.GetDepth(0, 10);
        Assert.Equal(DepthLots, depth.Bids[0].Lots + depth.Asks[0].Lots);
        Assert.Equal(0ul, depth.Number % 2);
        Assert.True(views.GetTicker(0).BidTicks == 99);
    }

    private static void CheckTrades(VenueViews views)
    {
        TradeView[] trades = views.GetTrades(0, 0, 100).Items;
        for (int i = 1; i < trades.Length; i++)
            Assert.Equal(trades[i - 1].PriceTicks - 1, trades[i].PriceTicks);
    }
}
