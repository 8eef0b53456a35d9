using Exchange.Core.Feed;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class SymbolMarketTests
{
    [Fact]
    public void Depth_tells_the_number_and_time_of_the_last_change_in_it()
    {
        var venue = new ViewsFixture { TimeMs = 77_000 };
        venue.AddLevel(Side.Buy, 99, 5);
        venue.AddLevel(Side.Buy, 98, 4);
        venue.AddLevel(Side.Sell, 101, 3);
        venue.AddLevel(Side.Buy, 99, 0);
        venue.Apply(default);

        DepthView depth = venue.Views.GetDepth(0, 10);

        Assert.Equal((0, 4ul, 77_000L), (depth.Symbol, depth.Number, depth.TimeMs));
        Assert.Equal([new LevelView(98, 4)], depth.Bids);
        Assert.Equal([new LevelView(101, 3)], depth.Asks);
        Assert.Equal(0ul, venue.Views.GetDepth(1, 10).Number);
    }

    [Fact]
    public void An_answer_has_at_most_the_levels_allowed()
    {
        var venue = new ViewsFixture(new ViewLimits { DepthLevels = 2 });
        for (int i = 1; i <= 5; i++)
            venue.AddLevel(Side.Sell, i, 1);
        venue.Apply(default);

        Assert.Equal([new LevelView(1, 1)], venue.Views.GetDepth(0, 1).Asks);
        Assert.Equal(2, venue.Views.GetDepth(0, int.MaxValue).Asks.Length);
        Assert.Empty(venue.Views.GetDepth(0, -1).Asks);
    }

    [Fact]
    public void A_missing_depth_number_is_our_own_fault()
    {
        var venue = new ViewsFixture();
        venue.AddLevel(Side.Buy, 99, 5);
        venue.Add(FeedKind.Level).Id = 3;

        Assert.Throws<InvariantException>(() => venue.Apply(default));
        Assert.Equal(1ul, venue.Views.GetDepth(0, 10).Number); // And no reader is shut out by it.
    }

    [Fact]
    public void Trades_are_paged_by_id_and_the_oldest_dropped()
    {
        var venue = new ViewsFixture(new ViewLimits { TradesPerSymbol = 20 });
        for (int i = 1; i <= 50; i++)
            venue.Trade(priceTicks: i, lots: 1, flags: i == 50 ? FeedFlags.Liquidation : FeedFlags.None);

        Page<TradeView> first = venue.Views.GetTrades(0, 0, 15);
        Page<TradeView> second = venue.Views.GetTrades(0, first.Next, 15);

        Assert.Equal(new TradeView(50, 50, 1, Side.Sell, IsLiquidation: true, venue.TimeMs), first.Items[0]);
        Assert.Equal(Enumerable.Range(36, 15).Reverse(), first.Items.Select(trade => (int)trade.TradeId));
        Assert.Equal(Enumerable.Range(31, 5).Reverse(), second.Items.Select(trade => (int)trade.TradeId));
        Assert.Equal(0ul, second.Next);
        Assert.Empty(venue.Views.GetTrades(0, 31, 15).Items);
        Assert.Empty(venue.Views.GetTrades(1, 0, 15).Items);
    }

    [Fact]
    public void The_ticker_joins_statistics_best_prices_and_mark()
    {
        var venue = new ViewsFixture { TimeMs = 60_000 };
        venue.Trade(100, 2);
        venue.Trade(104, 1);
        venue.AddLevel(Side.Buy, 103, 8);
        venue.AddLevel(Side.Sell, 105, 9);
        ref FeedEvent mark = ref venue.Add(FeedKind.Mark);
        mark.PriceTicks = 102;
        mark.Amount = 1_020;
        mark.Other = 100;
        mark.Id = 28_800_000;
        venue.Apply(default);

        TickerView ticker = venue.Views.GetTicker(0);

        long unitE8 = ViewsFixture.Instrument(0).UnitE8;
        Assert.Equal(
            new TickerView(0, 100, 104, 100, 104, 3, 304 * unitE8, 2, 103, 8, 105, 9, 102, 1_020, 100, 28_800_000, 60_000), ticker);
    }

    [Fact]
    public void A_day_later_the_trades_have_left_the_window_though_their_symbol_is_quiet()
    {
        var venue = new ViewsFixture { TimeMs = 60_000 };
        venue.Trade(100, 2);
        venue.TimeMs += 86_400_000;
        venue.Trade(7, 1, symbol: 1);

        TickerView ticker = venue.Views.GetTicker(0);

        Assert.Equal((0L, 100L, venue.TimeMs), (ticker.Trades, ticker.LastTicks, ticker.TimeMs));
    }

    [Fact]
    public void Candles_are_made_of_the_trades()
    {
        var venue = new ViewsFixture { TimeMs = 120_000 };
        venue.Trade(100, 2);
        venue.TimeMs = 180_000;
        venue.Trade(101, 1);

        Candle[] candles = venue.Views.GetCandles(0, CandleInterval.OneMinute, 0, long.MaxValue, 10, CandlePrice.Trade).Items;

        Assert.Equal([(120_000L, 100L), (180_000L, 101L)], candles.Select(candle => (candle.OpenTimeMs, candle.CloseTicks)));
    }

    [Fact]
    public void Candles_of_mark_and_index_are_made_of_what_is_told_and_go_into_snapshots()
    {
        var venue = new ViewsFixture { TimeMs = 120_000 };
        foreach ((long timeMs, long markTicks, long indexE8) in ((long, long, long)[])[(120_000, 100, 5_001), (121_000, 103, 5_003), (180_500, 99, 4_999)])
        {
            venue.TimeMs = timeMs;
            ref FeedEvent mark = ref venue.Add(FeedKind.Mark);
            mark.PriceTicks = markTicks;
            mark.Amount = indexE8;
            venue.Apply(default);
        }

        VenueViews views = venue.Restored();

        Assert.Equal(["120000 100 103 100 103 2 0", "180000 99 99 99 99 1 0"], Read(CandleInterval.OneMinute, CandlePrice.Mark));
        Assert.Equal(["120000 5001 5003 5001 5003 2 0", "180000 4999 4999 4999 4999 1 0"], Read(CandleInterval.OneMinute, CandlePrice.Index));
        Assert.Equal(61, Read(CandleInterval.OneSecond, CandlePrice.Mark).Length);

        string[] Read(CandleInterval interval, CandlePrice of) =>
        [
            .. views.GetCandles(0, interval, 0, long.MaxValue, 100, of).Items.Select(candle =>
                $"{candle.OpenTimeMs} {candle.OpenTicks} {candle.HighTicks} {candle.LowTicks} {candle.CloseTicks} {candle.Trades} {candle.Lots}"),
        ];
    }

    [Fact]
    public void Funding_rounds_and_liquidations_are_kept_newest_first_and_go_into_snapshots()
    {
        var venue = new ViewsFixture(new ViewLimits { LiquidationsPerSymbol = 2 });
        for (int round = 1; round <= 3; round++)
        {
            ref FeedEvent funding = ref venue.Add(FeedKind.Funding);
            funding.Id = (ulong)round * 28_800_000;
            funding.Amount = round;
            funding.PriceTicks = 100;
            ref FeedEvent close = ref venue.Add(FeedKind.Liquidation, account: 5);
            close.Side = Side.Sell;
            close.PriceTicks = 90 + round;
            close.Lots = 4;
            venue.Apply(default);
        }

        foreach (VenueViews views in new[] { venue.Views, venue.Restored() })
        {
            Page<FundingView> page = views.GetFunding(0, 0, 2);
            Assert.Equal([new(86_400_000, 3, 100), new(57_600_000, 2, 100)], page.Items);
            Assert.Equal([new FundingView(28_800_000, 1, 100)], views.GetFunding(0, page.Next, 2).Items);
            Assert.Equal([93, 92], views.GetStats(0, 10).Liquidations.Select(close => close.BankruptcyTicks));
        }
    }

    [Fact]
    public void Open_interest_is_what_is_held_long()
    {
        var venue = new ViewsFixture();
        Hold(1, PositionSide.Both, 5);
        Hold(2, PositionSide.Both, -5);
        Hold(1, PositionSide.Both, -2);
        Hold(3, PositionSide.Long, 9);
        Hold(3, PositionSide.Short, -2);

        Assert.Equal(9, venue.Views.GetStats(0, 1).OpenInterestLots);

        void Hold(uint account, PositionSide side, long lots)
        {
            ref FeedEvent e = ref venue.Add(FeedKind.Position, account);
            e.PositionSide = side;
            e.Lots = lots;
            venue.Apply(default);
        }
    }

    [Fact]
    public void A_symbols_state_is_the_last_told()
    {
        var venue = new ViewsFixture();
        Assert.Equal(TradingState.Trading, venue.Views.GetState(0));
        venue.Add(FeedKind.Instrument).Reason = (byte)TradingState.ReduceOnly;
        venue.Apply(default);

        Assert.Equal(TradingState.ReduceOnly, venue.Views.GetState(0));
        Assert.Equal(TradingState.Halted, venue.Views.GetState(9));
    }

    [Fact]
    public void A_symbol_that_is_not_listed_is_empty()
    {
        VenueViews views = new ViewsFixture().Views;

        Assert.Empty(views.GetDepth(2, 5).Bids);
        Assert.Empty(views.GetTrades(-1, 0, 5).Items);
        Assert.Equal(0, views.GetTicker(2).LastTicks);
        Assert.Empty(views.GetCandles(2, CandleInterval.OneDay, 0, 5, 5, CandlePrice.Trade).Items);
    }
}
