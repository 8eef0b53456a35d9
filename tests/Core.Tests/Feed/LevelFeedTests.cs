using Exchange.Core.Feed;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Core.Tests.Feed;

public sealed class LevelFeedTests
{
    private readonly LevelFeed _levels = new(symbol: 3);
    private readonly FeedBuffer _feed = new(1);

    [Fact]
    public void Changes_of_one_input_are_merged_and_numbered()
    {
        _levels.Note(Side.Buy, 99, 5);
        _levels.Note(Side.Sell, 101, 2);
        _levels.Note(Side.Buy, 99, 7);

        Assert.Equal(["1 Buy 99 7", "2 Sell 101 2"], Flush());

        _levels.Note(Side.Buy, 99, 0);
        Assert.Equal(["3 Buy 99 0"], Flush());
        Assert.Equal(3ul, _levels.Number);
    }

    [Fact]
    public void What_ends_as_it_was_is_not_told()
    {
        _levels.Note(Side.Buy, 99, 5);
        Flush();

        _levels.Note(Side.Buy, 99, 4);
        _levels.Note(Side.Buy, 99, 5);
        _levels.Note(Side.Sell, 101, 4);
        _levels.Note(Side.Sell, 101, 0);

        Assert.Empty(Flush());
        Assert.False(_levels.IsPending);
    }

    [Fact]
    public void A_price_that_changes_sides_is_gone_on_one_and_there_on_the_other()
    {
        _levels.Note(Side.Buy, 100, 5);
        Flush();

        _levels.Note(Side.Sell, 100, 5);

        Assert.Equal(["2 Buy 100 0", "3 Sell 100 5"], Flush());
    }

    [Fact]
    public void A_level_that_is_gone_is_told_with_the_side_it_had()
    {
        _levels.Note(Side.Buy, 100, 5);
        Flush();

        _levels.Note(Side.Sell, 100, 0); // A book without that level cannot know its side.

        Assert.Equal(["2 Buy 100 0"], Flush());
    }

    /// <summary>Whatever is noted, a mirror that applies the events is the levels as noted last; numbers have no gaps.</summary>
    [Fact]
    public void Depth_made_of_the_events_is_the_levels_noted() => Prop.ForAll<byte[]>(script =>
    {
        var levels = new LevelFeed(0);
        var feed = new FeedBuffer(1);
        var noted = new SortedDictionary<long, (Side Side, long Lots)>();
        var bids = new DepthSide(Side.Buy);
        var asks = new DepthSide(Side.Sell);
        ulong number = 0;
        for (int i = 0; i + 1 < script.Length; i += 2)
        {
            long price = 1 + ((script[i] & 0x7f) * 64); // A table that looked at low bits alone would have one chain.
            Side side = (Side)(script[i + 1] & 1);
            long lots = (script[i + 1] >> 1) & 3;
            levels.Note(side, price, lots);
            noted[price] = (side, lots);
            if ((script[i + 1] & 8) == 0 && i + 3 < script.Length)
                continue;
            feed.Clear();
            levels.Flush(1, 1, feed);
            foreach (ref readonly FeedEvent e in feed.Events)
            {
                Assert.Equal(++number, e.Id);
                (e.Side == Side.Buy ? bids : asks).Set(e.PriceTicks, e.Lots);
            }

            Assert.Equal(Of(Side.Buy).Reverse(), bids.Copy(int.MaxValue));
            Assert.Equal(Of(Side.Sell), asks.Copy(int.MaxValue));
        }

        IEnumerable<LevelView> Of(Side side) => noted
            .Where(level => level.Value.Side == side && level.Value.Lots > 0)
            .Select(level => new LevelView(level.Key, level.Value.Lots));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Of(100, 5_000)).WithEndSize(600));

    private string[] Flush()
    {
        _feed.Clear();
        _levels.Flush(sequence: 9, timeMs: 8, _feed);
        return [.. _feed.Events.ToArray().Select(e =>
        {
            Assert.Equal((9ul, 8L, FeedKind.Level, 3), (e.Sequence, e.TimeMs, e.Kind, e.Symbol));
            return $"{e.Id} {e.Side} {e.PriceTicks} {e.Lots}";
        })];
    }
}
