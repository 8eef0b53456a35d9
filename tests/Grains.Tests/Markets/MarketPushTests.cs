using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Grains.Tests.Markets;

/// <summary>Many trades, and silos that cannot keep up.</summary>
public sealed class MarketPushTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task Under_load_every_silo_hears_every_trade_once_and_in_order_though_books_end_and_come_up_again()
    {
        const int Symbols = 3;
        const int Rounds = 40;
        await using TestVenue venue = await TestVenue.Open(new InMemoryStreamStore(), silos: 3, Symbols, accounts: 6, snapshotRecords: 300);
        MarketMirror[] mirrors = venue.Mirrors;
        Listener[] listeners = await Listen(mirrors);
        using var done = new CancellationTokenSource();
        Task ends = EndBooks(venue, Symbols, done.Token);
        await Task.WhenAll(Enumerable.Range(0, Symbols).Select(symbol => Task.Run(() => Trade(venue, symbol, Rounds))));
        await done.CancelAsync();
        await ends;

        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            int at = symbol;
            ulong[] all = [.. Enumerable.Range(1, Rounds).Select(id => (ulong)id)];
            for (int silo = 0; silo < mirrors.Length; silo++)
            {
                MarketMirror mirror = mirrors[silo];
                await Condition.Holds(() => mirror.GetTicker(at).Trades == Rounds && mirror.GetWholeDepth(at).Asks.Length == 0);
                Assert.Equal(all, listeners[silo].Trades(at));
                ulong[] levels = listeners[silo].Levels(at);
                Assert.Equal(levels.Order().Distinct(), levels);
            }
        }
    }

    [Fact]
    public async Task A_silo_whose_readers_stand_still_is_told_later_how_all_stands_and_holds_up_nobody()
    {
        const int Rounds = 100;
        await using TestVenue venue = await TestVenue.Open(
            [.. Enumerable.Repeat(new InMemoryStreamStore(), 2)], symbols: 1, accounts: 2, configure: options => options.MarketEventsKept = 20);
        MarketMirror[] mirrors = venue.Mirrors;
        Listener[] listeners = await Listen(mirrors);
        var door = new Door();
        using IDisposable still = mirrors[1].Subscribe(door);
        door.Close();

        await Trade(venue, 0, Rounds);
        await Condition.Holds(() => listeners[0].Trades(0).Length == Rounds);
        Assert.True(listeners[1].Trades(0).Length < Rounds);
        door.Open();

        await Condition.Holds(() => listeners[1].Trades(0).Length == Rounds);
        Assert.Equal(listeners[0].Trades(0), listeners[1].Trades(0));
        await Condition.Holds(() => mirrors[1].GetWholeDepth(0).Number == mirrors[0].GetWholeDepth(0).Number);
        Assert.Equal(mirrors[0].GetTrades(0, 0, 1_000).Items, mirrors[1].GetTrades(0, 0, 1_000).Items);
    }

    [Fact]
    public async Task Silos_of_engines_keep_no_market_data()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.Engine, SiloRole.Edge]);
        await TestVenue.ListInstruments(silos, symbols: 2);
        MarketMirror[] mirrors = [.. silos.Services.Select(services => services.GetRequiredService<MarketMirror>())];

        await Condition.Holds(() => mirrors[1].IsComplete && mirrors[1].SymbolCount == 2);

        Assert.Equal(0, mirrors[0].SymbolCount);
        Assert.Equal(TradingState.Trading, mirrors[1].GetState(1));
    }

    private static async Task<Listener[]> Listen(MarketMirror[] mirrors)
    {
        await Condition.Holds(() => mirrors.All(mirror => mirror.IsComplete));
        var listeners = new Listener[mirrors.Length];
        for (int i = 0; i < listeners.Length; i++)
            mirrors[i].Subscribe(listeners[i] = new Listener());
        return listeners;
    }

    /// <summary>Two accounts of the symbol's own trade with each other, an order each.</summary>
    private static async Task Trade(TestVenue venue, int symbol, int rounds)
    {
        uint seller = (uint)symbol * 2 + 1;
        for (int i = 0; i < rounds; i++)
        {
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(seller, symbol, Side.Sell, lots: 2, Price + i % 3)));
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(seller + 1, symbol, Side.Buy, lots: 2, Price + i % 3)));
        }
    }

    private static async Task EndBooks(TestVenue venue, int symbols, CancellationToken done)
    {
        for (int i = 0; !done.IsCancellationRequested; i++)
        {
            await venue.Silos.Deactivate<IOrderBookGrain>(i % symbols);
            MarketMirror mirror = venue.Mirrors[0];
            DepthView before = mirror.GetWholeDepth(i % symbols);
            await Condition.Holds(() => done.IsCancellationRequested || mirror.GetWholeDepth(i % symbols).Number > before.Number + 5);
        }
    }

    /// <summary>A reader that waits, though it must not.</summary>
    private sealed class Door : IFeedSubscriber
    {
        private readonly ManualResetEventSlim _isOpen = new(true);

        public void OnEvents(ReadOnlySpan<FeedEvent> events) => _isOpen.Wait();

        public void Open() => _isOpen.Set();

        public void Close() => _isOpen.Reset();
    }
}
