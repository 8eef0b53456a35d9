using Exchange.Core;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Grains.Tests.Markets;

public sealed class MarketMirrorTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task Every_silo_shows_what_books_marks_and_Clearing_did()
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 3, symbols: 2, accounts: 2);
        for (int symbol = 0; symbol < 2; symbol++)
        {
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, symbol, Side.Sell, lots: 10, Price + 1)));
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, symbol, Side.Buy, lots: 5, Price - 7)));
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(2, symbol, Side.Buy, lots: 4, Price + 1)));
        }

        foreach (MarketMirror mirror in venue.Mirrors)
        {
            for (int symbol = 0; symbol < 2; symbol++)
            {
                int at = symbol;
                await Condition.Holds(() => mirror.GetTrades(at, 0, 10).Items.Length == 1 && mirror.GetTicker(at).MarkTicks != 0);
                TradeView trade = mirror.GetTrades(at, 0, 10).Items[0];
                Assert.Equal((1UL, Price + 1, 4L, Side.Buy), (trade.TradeId, trade.PriceTicks, trade.Lots, trade.TakerSide));
                DepthView depth = mirror.GetWholeDepth(at);
                Assert.Equal([new LevelView(Price - 7, 5)], depth.Bids);
                Assert.Equal([new LevelView(Price + 1, 6)], depth.Asks);
                TickerView ticker = mirror.GetTicker(at);
                Assert.Equal((Price + 1, 4L, 1L), (ticker.LastTicks, ticker.Lots, ticker.Trades));
                Assert.Equal(TestVenue.IndexE8, ticker.IndexE8);
                Assert.Equal(4, mirror.GetCandles(at, CandleInterval.OneMinute, 0, long.MaxValue, 10, CandlePrice.Trade).Items.Sum(candle => (long)candle.Lots));
                Assert.Equal(TradingState.Trading, mirror.GetState(at));
                Assert.Equal(4, mirror.GetStats(at, 10).OpenInterestLots);
            }

            await Condition.Holds(() => mirror.GetStats(0, 10).InsuranceFundE8 == TestVenue.FundE8);
            Assert.True(mirror.IsComplete);
        }
    }

    [Fact]
    public async Task What_is_not_listed_is_halted_and_empty()
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 1, symbols: 1, accounts: 0);
        MarketMirror mirror = venue.Mirrors[0];

        Assert.Equal(TradingState.Halted, mirror.GetState(7));
        Assert.Empty(mirror.GetTrades(7, 0, 10).Items);
        Assert.Empty(mirror.GetWholeDepth(7).Bids);
    }

    /// <summary>From its journal it tells what was missed; where that went into a snapshot, of depth only that some was.</summary>
    [Theory]
    [InlineData(200_000)]
    [InlineData(100)]
    public async Task A_book_that_comes_up_again_is_heard_on_without_a_gap_or_a_repeat(int snapshotRecords)
    {
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 2, symbols: 1, accounts: 2, snapshotRecords);
        MarketMirror[] mirrors = venue.Mirrors;
        await Condition.Holds(() => mirrors.All(mirror => mirror.IsComplete));
        var listeners = new Listener[mirrors.Length];
        for (int i = 0; i < listeners.Length; i++)
            mirrors[i].Subscribe(listeners[i] = new Listener());
        ulong trades = 0;
        for (int life = 0; life < 2; life++)
        {
            for (int i = 0; i < 30; i++)
            {
                Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Sell, lots: 2, Price)));
                Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(2, 0, Side.Buy, lots: 2, Price)));
                trades++;
            }

            await venue.Silos.Deactivate<IOrderBookGrain>(0);
        }

        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Sell, lots: 2, Price + 3)));
        for (int i = 0; i < mirrors.Length; i++)
        {
            MarketMirror mirror = mirrors[i];
            await Condition.Holds(() => mirror.GetTicker(0).AskTicks == Price + 3);
            Assert.Equal(trades, (ulong)mirror.GetTicker(0).Trades);
            Assert.Equal(Enumerable.Range(1, (int)trades).Select(id => (ulong)id), listeners[i].Trades(0));
            ulong[] levels = listeners[i].Levels(0);
            Assert.Equal(levels.Order().Distinct(), levels);
            Assert.Equal(mirror.GetWholeDepth(0).Number, levels[^1]);
            if (snapshotRecords > 100)
                Assert.Equal(levels[^1], (ulong)levels.Length);
        }
    }
}
