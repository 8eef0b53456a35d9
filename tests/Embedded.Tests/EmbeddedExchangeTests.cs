using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Feed;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Embedded.Tests;

public sealed class EmbeddedExchangeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-embedded-").FullName;
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_shows_readers_what_they_were_shown_before(bool hasSnapshot)
    {
        string before;
        using (EmbeddedExchange exchange = Open(hasSnapshot))
        {
            foreach ((Command command, Instrument? listing) in RandomVenue.Opening())
                await Submit(exchange, command, listing);
            var script = new RandomVenue.Script(seed: 5);
            List<Task> replies = [];
            for (int i = 0; i < 500; i++)
            {
                Command command = script.Next();
                _clock.Ms = script.TimeMs;
                replies.Add(Submit(exchange, command));
            }

            await Task.WhenAll(replies);

            before = await Shown(exchange);
        }

        Assert.Contains("Filled", before, StringComparison.Ordinal);
        using EmbeddedExchange restarted = Open(hasSnapshot);
        Assert.Equal(!hasSnapshot, restarted.Recovery.Records > 500);
        Assert.Equal(before, await Shown(restarted));
    }

    [Fact]
    public async Task A_refused_listing_lists_nothing_even_if_a_timer_fired_with_it()
    {
        using EmbeddedExchange exchange = Open(hasSnapshot: false);
        await Submit(exchange, new Command { Kind = CommandKind.ListInstrument }, Listing("AUSDT", 0));
        var command = new Command { Kind = CommandKind.ListInstrument };

        ((IVenueReader)exchange).OnInput(
            in command, Listing("AUSDT", 1), sequence: 1_000, [new FeedEvent { Kind = FeedKind.Mark, TimeMs = _clock.Ms }]);

        Assert.Single(exchange.Instruments);
    }

    [Fact]
    public async Task Readers_see_a_changed_and_a_settled_instrument_and_after_a_restart_too()
    {
        using (EmbeddedExchange exchange = Open(hasSnapshot: false))
        {
            await Submit(exchange, default, Listing("AUSDT", 0));
            await Submit(exchange, default, Listing("BUSDT", 1));
            Instrument changed = TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = "AUSDT", TakerRateE8 = 70_000 }, 0);
            Assert.Equal(Core.RejectReason.None, (await exchange.Change(changed, CancellationToken.None)).Reason);
            Assert.Equal(Core.RejectReason.None, (await Submit(exchange, new Command { Kind = CommandKind.Settle, Symbol = 1, PriceTicks = 500_000 })).Reason);
            AssertShown(exchange);
        }

        using EmbeddedExchange restarted = Open(hasSnapshot: false);
        AssertShown(restarted);

        static void AssertShown(EmbeddedExchange exchange)
        {
            Assert.Equal([("AUSDT", 70_000), ("BUSDT", 50_000)], exchange.Instruments.Select(shown => (shown.Symbol, shown.TakerRateE8)));
            Assert.Equal([TradingState.Trading, TradingState.Settled], [exchange.GetState(0), exchange.GetState(1)]);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private EmbeddedExchange Open(bool hasSnapshot) => EmbeddedExchange.Open(
        new EmbeddedOptions { Directory = _directory, SnapshotOnStop = hasSnapshot, SegmentBytes = 16 << 20, NearlyFullBytes = 1 }, _clock);

    private static async Task<CommandReply> Submit(EmbeddedExchange exchange, Command command, Instrument? listing = null) => listing is null
        ? await exchange.Submit(in command, CancellationToken.None)
        : await exchange.List(listing, CancellationToken.None);

    private static Instrument Listing(string symbol, int id) => TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = symbol }, id);

    /// <summary>All that readers can see, as text.</summary>
    private static async Task<string> Shown(EmbeddedExchange exchange)
    {
        List<object> shown = [];
        for (uint account = 1; account <= RandomVenue.Script.Accounts; account++)
        {
            shown.AddRange((await exchange.GetOrders(account, -1, 0, 1_000, default)).Items);
            shown.AddRange((await exchange.GetFills(account, -1, 0, 1_000, default)).Items.Cast<object>());
        }

        foreach (Instrument instrument in exchange.Instruments)
        {
            DepthView depth = exchange.GetDepth(instrument.SymbolId, 1_000);
            shown.AddRange([depth.Number, .. depth.Bids, .. depth.Asks]);
            shown.AddRange(exchange.GetTrades(instrument.SymbolId, 0, 1_000).Items.Cast<object>());
            shown.Add(exchange.GetTicker(instrument.SymbolId));
            shown.Add(exchange.GetState(instrument.SymbolId));
        }

        return string.Join('\n', shown);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ms = 1_000_000;

        public long Ms
        {
            get => Volatile.Read(ref _ms);
            set => Volatile.Write(ref _ms, value);
        }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Ms);
    }
}
