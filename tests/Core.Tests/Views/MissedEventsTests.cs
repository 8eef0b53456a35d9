using Exchange.Core.Feed;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

/// <summary>What a reader is told who goes on from an older view of a symbol.</summary>
public sealed class MissedEventsTests
{
    private static readonly ViewLimits Limits = new();
    private readonly FeedBuffer _told = new(4);

    [Fact]
    public void He_is_told_the_trades_since_and_that_depth_moved_on()
    {
        SymbolMarket before = Market();
        Level(before, 1, Side.Buy, 99, 5);
        Trade(before, 1, 99);
        SymbolMarket now = Market();
        Level(now, 1, Side.Buy, 99, 5);
        Trade(now, 1, 99);
        Trade(now, 2, 98);
        Trade(now, 3, 97);
        Level(now, 2, Side.Buy, 99, 0);
        Level(now, 3, Side.Sell, 101, 4);

        now.TellMissed(before, sequence: 9, _told);

        Assert.Equal([(FeedKind.Trade, 2UL, 98L), (FeedKind.Trade, 3, 97), (FeedKind.Level, 3, 99)], Told());
        Assert.All(_told.Events.ToArray(), e => Assert.Equal((9UL, 4), (e.Sequence, e.Symbol)));
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(99, 7)]
    [InlineData(98, 3)]
    [InlineData(100, 3)]
    public void A_single_change_of_depth_is_told_as_it_was(long priceTicks, long lots)
    {
        SymbolMarket before = Market();
        Level(before, 1, Side.Buy, 99, 5);
        SymbolMarket now = Market();
        Level(now, 1, Side.Buy, 99, 5);
        Level(now, 2, Side.Buy, priceTicks, lots);

        now.TellMissed(before, 9, _told);

        FeedEvent told = Assert.Single(_told.Events.ToArray());
        Assert.Equal((2UL, Side.Buy, priceTicks, lots), (told.Id, told.Side, told.PriceTicks, told.Lots));
    }

    [Fact]
    public void Who_has_heard_nothing_is_told_how_things_stand_and_no_old_news()
    {
        SymbolMarket now = Market();
        Level(now, 1, Side.Sell, 101, 5);
        Trade(now, 1, 99);
        now.State = TradingState.ReduceOnly;

        now.TellMissed(null, 9, _told);

        Assert.Equal([(FeedKind.Instrument, 0UL, 0L), (FeedKind.Level, 1, 101)], Told());
    }

    [Fact]
    public void Of_a_mark_he_is_told_where_it_stands_and_the_rounds_since()
    {
        MarkHistory before = Marked(500, 1_000);
        MarkHistory now = Marked(501, 1_000, 2_000, 3_000);

        now.TellMissed(before, 4, sequence: 9, timeMs: 3_500, _told);

        Assert.Equal([(FeedKind.Mark, 0UL, 501L), (FeedKind.Funding, 2_000, 10), (FeedKind.Funding, 3_000, 10)], Told());
        _told.Clear();
        now.TellMissed(null, 4, 9, 3_500, _told);
        Assert.Equal([(FeedKind.Mark, 0UL, 501L)], Told());
    }

    private static SymbolMarket Market() => new(4, 1, Limits);

    private static void Level(SymbolMarket market, ulong number, Side side, long priceTicks, long lots) =>
        market.Apply(new FeedEvent { Kind = FeedKind.Level, Id = number, Side = side, PriceTicks = priceTicks, Lots = lots });

    private static void Trade(SymbolMarket market, ulong id, long priceTicks) =>
        market.Apply(new FeedEvent { Kind = FeedKind.Trade, Id = id, PriceTicks = priceTicks, Lots = 1 });

    private static MarkHistory Marked(long markTicks, params ulong[] rounds)
    {
        var history = new MarkHistory(Limits);
        foreach (ulong round in rounds)
            history.Apply(new FeedEvent { Kind = FeedKind.Funding, Id = round, PriceTicks = 10 });
        history.Apply(new FeedEvent { Kind = FeedKind.Mark, PriceTicks = markTicks });
        return history;
    }

    private (FeedKind Kind, ulong Id, long PriceTicks)[] Told() => [.. _told.Events.ToArray().Select(e => (e.Kind, e.Id, e.PriceTicks))];
}
