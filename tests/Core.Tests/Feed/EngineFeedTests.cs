using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Views;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Feed;

/// <summary>A real engine under random commands: what readers are told must be what the machines hold.</summary>
public sealed class EngineFeedTests
{
    private static readonly ViewLimits Limits = new() { EndedOrdersPerAccount = 300, EndedOrders = 900, FillsPerAccount = 200, Fills = 700 };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, TestScale.Of(6, 100))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_readers_are_told_is_what_the_machines_hold(int seed)
    {
        RandomVenue venue = Open();
        var script = new RandomVenue.Script(seed);
        var kinds = new HashSet<FeedKind>();
        for (int i = 0; i < 4_000; i++)
        {
            Command command = script.Next();
            CommandReply reply = venue.Apply(in command, script.TimeMs);
            CheckReply(in command, reply);
            foreach (ref readonly FeedEvent e in venue.Events)
                kinds.Add(e.Kind);
            if (i % 20 == 0)
                Check(venue);
        }

        Check(venue);
        for (uint account = 1; account <= RandomVenue.Script.Accounts; account++)
            CheckLedger(venue, venue.Engine.Account(account)!);
        Assert.Superset(
            new HashSet<FeedKind> { FeedKind.Trade, FeedKind.Fill, FeedKind.Liquidation, FeedKind.Insurance, FeedKind.Balance, FeedKind.Position },
            kinds);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_venue_restarted_from_snapshots_tells_the_same_from_there_on(int seed)
    {
        RandomVenue venue = Open();
        var script = new RandomVenue.Script(seed);
        for (int i = 0; i < 1_500; i++)
            venue.Apply(script.Next(), script.TimeMs);

        var restarted = new RandomVenue(venue, Limits);
        for (int i = 0; i < 1_500; i++)
        {
            Command command = script.Next();
            venue.Apply(in command, script.TimeMs);
            restarted.Apply(in command, script.TimeMs);
            Assert.True(venue.Events.SequenceEqual(restarted.Events, FeedEventBytes.Instance));
        }

        ViewsSnapshotTests.AssertSame(venue.Views, restarted.Views);
        Assert.Equal(ViewsFixture.SnapshotOf(venue.Views), ViewsFixture.SnapshotOf(restarted.Views));
    }

    [Fact]
    public void A_settled_funding_round_is_told_once_also_across_a_restart()
    {
        const long settlementMs = 28_800_000;
        RandomVenue venue = Open();
        venue.Apply(new Command { Kind = CommandKind.SetIndex, Amount = 50_000 * 100_000_000L }, settlementMs);
        venue.Apply(new Command { Kind = CommandKind.Time }, settlementMs + 1_000);
        venue.Apply(new Command { Kind = CommandKind.Time }, settlementMs + 2_000);

        FundingView told = Assert.Single(venue.Views.GetFunding(0, 0, 10).Items);
        Assert.Equal(new FundingView(settlementMs, venue.Engine.Marks[0].LastFundingRateE8, venue.Engine.Marks[0].LastRound.MarkTicks), told);
        Assert.NotEqual(0, told.RateE8);

        var restarted = new RandomVenue(venue, Limits);
        restarted.Apply(new Command { Kind = CommandKind.Time }, settlementMs + 3_000);
        Assert.Equal(told, Assert.Single(restarted.Views.GetFunding(0, 0, 10).Items));
    }

    private static RandomVenue Open()
    {
        var venue = new RandomVenue(Limits);
        foreach ((Command command, Instrument? listing) in RandomVenue.Opening())
            Assert.Equal(RejectReason.None, venue.Apply(in command, 1_000_000, listing).Reason);
        return venue;
    }

    private static void CheckReply(in Command command, CommandReply reply)
    {
        if (command.Kind != CommandKind.Place)
            return;
        if (reply.Reason != RejectReason.None)
        {
            Assert.Empty(reply.Fills);
            return;
        }

        OrderView order = Assert.IsType<OrderView>(reply.Order);
        Assert.Equal((command.Account, command.Symbol, command.ClientId.Text()), (order.Account, order.Symbol, order.ClientOrderId));
        if (!reply.IsRepeat)
            Assert.Equal(order.FilledLots, reply.Fills.Sum(fill => fill.Lots));
    }

    private static void Check(RandomVenue venue)
    {
        Assert.Equal(venue.Engine.Clearing.FundE8, venue.FundE8);
        Assert.Equal(venue.FundE8, venue.Views.FundE8);
        foreach (OrderBook book in venue.Engine.Books)
        {
            CheckDepth(venue.Views, book);
            CheckOpenInterest(venue, book);
        }

        for (uint account = 1; account <= RandomVenue.Script.Accounts; account++)
        {
            MarginAccount held = venue.Engine.Account(account)!;
            Assert.Equal((held.WalletE8, held.WalletE8), venue.Wallets[account]);
            CheckOrders(venue, account);
        }

        foreach (((uint account, int symbol, PositionSide side), (long Lots, long CostE8, long IsolatedE8) told) in venue.Positions)
        {
            PositionLeg leg = venue.Engine.Account(account)!.PositionOf(symbol, side.Leg());
            Assert.Equal((leg.Lots, leg.CostE8, leg.IsolatedE8), told);
        }
    }

    private static void CheckDepth(VenueViews views, OrderBook book)
    {
        DepthView depth = views.GetDepth(book.Instrument.SymbolId, 1_000);
        Assert.Equal(Levels(Side.Buy), depth.Bids);
        Assert.Equal(Levels(Side.Sell), depth.Asks);

        LevelView[] Levels(Side side)
        {
            var levels = new (long PriceTicks, long Lots)[1_000];
            return [.. levels[..book.CopyLevels(side, levels)].Select(level => new LevelView(level.PriceTicks, level.Lots))];
        }
    }

    /// <summary>The amounts of every purse add up to what the machine says is in it.</summary>
    private static void CheckLedger(RandomVenue venue, MarginAccount account)
    {
        var purses = new Dictionary<(int Symbol, int Leg), long>();
        ulong before = 0;
        do
        {
            LedgerView page = venue.Views.GetLedger(account.Id, -1, before, 1_000);
            Assert.Equal(0, page.BeginsMs);
            foreach (MovementView movement in page.Items)
            {
                (int, int) purse = movement.IsIsolated ? (movement.Symbol, movement.PositionSide.Leg()) : (-1, 0);
                purses[purse] = purses.GetValueOrDefault(purse) + movement.AmountE8;
                Assert.NotEqual(BalanceCause.None, movement.Cause);
            }

            before = page.Next;
        }
        while (before != 0);

        foreach (((int symbol, int leg), long sumE8) in purses)
            Assert.Equal(symbol < 0 ? account.WalletE8 : account.PositionOf(symbol, leg).IsolatedE8, sumE8);
    }

    private static void CheckOpenInterest(RandomVenue venue, OrderBook book)
    {
        long longLots = 0;
        for (uint account = 1; account <= RandomVenue.Script.Accounts; account++)
            longLots += Math.Max(0, book.Position(account, 0));
        Assert.Equal(longLots, venue.Views.GetStats(book.Instrument.SymbolId, 1).OpenInterestLots);
    }

    private static void CheckOrders(RandomVenue venue, uint account)
    {
        var open = new List<(ulong, int, long, long, long, bool, OrderFlags)>();
        foreach (OrderBook book in venue.Engine.Books)
        {
            var orders = new List<OpenOrder>();
            book.CopyOpenOrders(account, orders);
            open.AddRange(orders.Select(order => (
                order.OrderId, book.Instrument.SymbolId, order.PriceTicks, order.TotalLots, order.FilledLots, order.IsWaiting, order.Flags)));
        }

        Assert.Equal(
            open.OrderBy(order => order.Item1),
            venue.Views.GetOpenOrders(account, -1).Select(order => (
                order.OrderId, order.Symbol, order.PriceTicks, order.TotalLots, order.FilledLots, order.Status == OrderStatus.Waiting, order.Flags)));
    }

    private sealed class FeedEventBytes : IEqualityComparer<FeedEvent>
    {
        public static readonly FeedEventBytes Instance = new();

        public bool Equals(FeedEvent x, FeedEvent y) => Bytes(in x).SequenceEqual(Bytes(in y));

        public int GetHashCode(FeedEvent e) => HashCode.Combine(e.Sequence, e.Kind);

        private static ReadOnlySpan<byte> Bytes(in FeedEvent e) =>
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<FeedEvent>(in e));
    }
}
