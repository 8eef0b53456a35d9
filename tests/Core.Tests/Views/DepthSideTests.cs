using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Views;

public sealed class DepthSideTests
{
    [Fact]
    public void Bids_are_read_from_the_highest_and_asks_from_the_lowest()
    {
        Assert.Equal([new LevelView(103, 3), new LevelView(102, 2)], Filled(Side.Buy).Copy(2));
        Assert.Equal([new LevelView(101, 1), new LevelView(102, 2)], Filled(Side.Sell).Copy(2));
    }

    [Fact]
    public void A_level_of_no_lots_is_gone()
    {
        DepthSide bids = Filled(Side.Buy);

        bids.Set(102, 0);
        bids.Set(999, 0);

        Assert.Equal([new LevelView(103, 3), new LevelView(101, 1)], bids.Copy(9));
    }

    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public void Any_order_of_changes_leaves_the_last_total_of_each_price(Side side)
    {
        var random = new Random(7);
        var levels = new SortedDictionary<long, long>();
        var depth = new DepthSide(side);
        for (int i = 0; i < 20_000; i++)
        {
            long price = random.Next(1, 300);
            long lots = random.Next(3);
            depth.Set(price, lots);
            if (lots == 0)
                levels.Remove(price);
            else
                levels[price] = lots;
        }

        IEnumerable<LevelView> expected = levels.Select(level => new LevelView(level.Key, level.Value));
        Assert.Equal(side == Side.Buy ? expected.Reverse() : expected, depth.Copy(int.MaxValue));
    }

    [Fact]
    public void A_snapshot_brings_the_levels_back_and_a_damaged_one_is_refused()
    {
        var writer = new SnapshotWriter();
        Filled(Side.Sell).Write(writer);

        var asks = new DepthSide(Side.Sell);
        asks.Read(new SnapshotReader(writer.Written));

        Assert.Equal(Filled(Side.Sell).Copy(9), asks.Copy(9));
        Assert.Throws<SnapshotException>(() => new DepthSide(Side.Buy).Read(new SnapshotReader(writer.Written)));
    }

    private static DepthSide Filled(Side side)
    {
        var depth = new DepthSide(side);
        depth.Set(102, 2);
        depth.Set(101, 1);
        depth.Set(103, 3);
        return depth;
    }
}
