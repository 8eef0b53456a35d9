using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class OrderHistoryTests
{
    private const uint Alice = 1;
    private const uint Bob = 2;

    [Fact]
    public void An_order_is_shown_with_its_terms_and_what_became_of_it()
    {
        var venue = new ViewsFixture { TimeMs = 5_000 };
        ulong id = venue.Place(Alice, "first", symbol: 1, OrderType.TakeProfit);
        venue.TimeMs = 6_000;
        venue.AddUpdate(Alice, id, OrderStatus.New, 0, symbol: 1).PriceTicks = 101;
        venue.Apply(default);
        venue.Fill(Alice, id, lots: 4, filled: 4, priceTicks: 99, symbol: 1);

        OrderView order = venue.Views.FindOrder(Alice, id)!;

        long unitE8 = ViewsFixture.Instrument(1).UnitE8;
        Assert.Equal(
            new OrderView(
                id, Alice, 1, "first", Side.Buy, OrderType.TakeProfit, TimeInForce.Gtc, SelfTradePrevention.ExpireMaker, PositionSide.Both,
                OrderFlags.ReduceOnly, 101, 0, 0, 0, 0, 10, 4, 4 * 99 * unitE8, OrderStatus.PartiallyFilled, EndReason.None, 5_000, 6_000),
            order);
        Assert.Equal(order, venue.Views.FindOrder(Alice, 1, "first"));
    }

    [Fact]
    public void An_order_is_its_accounts_alone()
    {
        var venue = new ViewsFixture();
        ulong id = venue.Place(Alice, "mine");

        Assert.Null(venue.Views.FindOrder(Bob, id));
        Assert.Null(venue.Views.FindOrder(Bob, 0, "mine"));
        Assert.Null(venue.Views.FindOrder(Alice, 1, "mine"));
        Assert.Null(venue.Views.FindOrder(Alice, id + 1));
        Assert.Null(venue.Views.FindOrder(Alice, 0, "Mine"));
        Assert.Null(venue.Views.FindOrder(Alice, 0, ""));
        Assert.Null(venue.Views.FindOrder(Alice, 0, "mïne"));
        Assert.Null(venue.Views.FindOrder(Alice, 0, new string('m', 37)));
    }

    [Fact]
    public void A_client_id_used_again_leads_to_the_newest_order()
    {
        var venue = new ViewsFixture(new ViewLimits { EndedOrdersPerAccount = 2 });
        ulong first = venue.Place(Alice, "id");
        venue.Cancel(Alice, first);
        ulong second = venue.Place(Alice, "id");
        Assert.Equal(second, venue.Views.FindOrder(Alice, 0, "id")!.OrderId);

        venue.Cancel(Alice, second);
        venue.Cancel(Alice, venue.Place(Alice));

        Assert.Null(venue.Views.FindOrder(Alice, first));
        Assert.Equal(second, venue.Views.FindOrder(Alice, 0, "id")!.OrderId);
        venue.Cancel(Alice, venue.Place(Alice));
        Assert.Null(venue.Views.FindOrder(Alice, 0, "id"));
    }

    [Fact]
    public void Pages_go_from_the_newest_to_the_oldest_and_stay_so_while_rows_are_added()
    {
        var venue = new ViewsFixture();
        for (int i = 0; i < 7; i++)
            venue.Place(Alice, symbol: i % 2);
        venue.Place(Bob);

        Page<OrderView> first = venue.Views.GetOrders(Alice, -1, before: 0, limit: 3);
        venue.Place(Alice);
        Page<OrderView> second = venue.Views.GetOrders(Alice, -1, first.Next, limit: 3);
        Page<OrderView> third = venue.Views.GetOrders(Alice, -1, second.Next, limit: 3);

        Assert.Equal([7, 6, 5], Ids(first.Items));
        Assert.Equal([4, 3, 2], Ids(second.Items));
        Assert.Equal([1], Ids(third.Items));
        Assert.Equal(0ul, third.Next);
        Page<OrderView> odd = venue.Views.GetOrders(Alice, 1, before: 0, limit: 3);
        Assert.Equal([6, 4, 2], Ids(odd.Items));
        Assert.Equal(0ul, odd.Next);
    }

    [Fact]
    public void A_page_is_never_longer_than_the_limit_and_never_empty_by_a_limit_of_none()
    {
        var venue = new ViewsFixture(new ViewLimits { RowsPerPage = 2 });
        for (int i = 0; i < 5; i++)
            venue.Place(Alice);

        Assert.Equal([5, 4], Ids(venue.Views.GetOrders(Alice, -1, 0, limit: int.MaxValue).Items));
        Assert.Equal([5], Ids(venue.Views.GetOrders(Alice, -1, 0, limit: 0).Items));
    }

    [Fact]
    public void Open_orders_are_those_not_ended_by_id()
    {
        var venue = new ViewsFixture();
        ulong[] ids = [.. Enumerable.Range(0, 6).Select(i => venue.Place(Alice, symbol: i % 2))];
        venue.Cancel(Alice, ids[1], symbol: 1);
        venue.Fill(Alice, ids[2], lots: 10, filled: 10);
        venue.Fill(Alice, ids[4], lots: 1, filled: 1);

        Assert.Equal([1, 4, 5, 6], Ids(venue.Views.GetOpenOrders(Alice, -1)));
        Assert.Equal([1, 5], Ids(venue.Views.GetOpenOrders(Alice, 0)));
        Assert.Empty(venue.Views.GetOpenOrders(Bob, -1));
    }

    [Fact]
    public void Beyond_the_accounts_limit_the_order_that_ended_first_is_dropped()
    {
        var venue = new ViewsFixture(new ViewLimits { EndedOrdersPerAccount = 3 });
        ulong open = venue.Place(Alice);
        ulong[] ids = [.. Enumerable.Range(0, 5).Select(_ => venue.Place(Alice))];
        ulong bobs = venue.Place(Bob);
        venue.Cancel(Bob, bobs);
        foreach (int i in new[] { 4, 0, 2, 1, 3 })
            venue.Cancel(Alice, ids[i]);

        Assert.Equal([ids[3], ids[2], ids[1], open], venue.Views.GetOrders(Alice, -1, 0, 10).Items.Select(order => order.OrderId));
        Assert.NotNull(venue.Views.FindOrder(Bob, bobs));
    }

    [Fact]
    public void Beyond_the_limit_of_all_the_order_that_ended_first_is_dropped_whosever_it_is()
    {
        var venue = new ViewsFixture(new ViewLimits { EndedOrders = 4 });
        for (uint account = 1; account <= 5; account++)
            venue.Cancel(account, venue.Place(account));
        venue.Place(6);

        Assert.Empty(venue.Views.GetOrders(1, -1, 0, 10).Items);
        for (uint account = 2; account <= 6; account++)
            Assert.Single(venue.Views.GetOrders(account, -1, 0, 10).Items);
    }

    [Fact]
    public void However_orders_end_the_views_agree_with_a_plain_list()
    {
        var limits = new ViewLimits { EndedOrdersPerAccount = 40, EndedOrders = 150 };
        var venue = new ViewsFixture(limits);
        var naive = new NaiveHistory(limits);
        var random = new Random(11);
        var open = new List<(uint Account, ulong Id)>();
        for (int i = 0; i < 5_000; i++)
        {
            if (open.Count < 30 || random.Next(2) == 0)
            {
                uint account = (uint)(1 + (300 * random.Next(7)));
                ulong id = venue.Place(account);
                open.Add((account, id));
                naive.Add(account, id);
            }
            else
            {
                int at = random.Next(open.Count);
                venue.Cancel(open[at].Account, open[at].Id);
                naive.End(open[at].Account, open[at].Id);
                open.RemoveAt(at);
            }
        }

        for (uint account = 1; account < 2_000; account += 300)
            Assert.Equal(naive.Of(account), venue.Views.GetOrders(account, -1, 0, 1_000).Items.Select(order => order.OrderId));
    }

    private static IEnumerable<int> Ids(IEnumerable<OrderView> orders) => orders.Select(order => (int)order.OrderId);

    /// <summary>Lists that are searched from end to end: slow, obviously right.</summary>
    private sealed class NaiveHistory(ViewLimits limits)
    {
        private readonly List<(uint Account, ulong Id)> _all = [];
        private readonly List<(uint Account, ulong Id)> _ended = [];

        public void Add(uint account, ulong id) => _all.Add((account, id));

        public void End(uint account, ulong id)
        {
            _ended.Add((account, id));
            if (_ended.Count(order => order.Account == account) > limits.EndedOrdersPerAccount)
                Drop(_ended.First(order => order.Account == account));
            if (_ended.Count > limits.EndedOrders)
                Drop(_ended[0]);
        }

        public IEnumerable<ulong> Of(uint account) => _all.Where(order => order.Account == account).Select(order => order.Id).Reverse();

        private void Drop((uint Account, ulong Id) order)
        {
            _ended.Remove(order);
            _all.Remove(order);
        }
    }
}
