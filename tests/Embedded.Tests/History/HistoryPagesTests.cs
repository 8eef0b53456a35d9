using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Embedded.Tests.History;

/// <summary>A venue that keeps little in memory shows the same pages, by the same cursors, as one that keeps everything.</summary>
public sealed class HistoryPagesTests
{
    private const uint Accounts = 6;

    private static readonly ViewLimits Few = new()
    {
        EndedOrdersPerAccount = 7, EndedOrders = 30, FillsPerAccount = 9, Fills = 40, MovementsPerAccount = 11, Movements = 50, TradesPerSymbol = 13, FundingsPerSymbol = 2,
    };

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_go_on_in_the_database_as_if_memory_never_ended(bool isRestarted)
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 11, leapMs: 9_300_000);
        await venue.Open(database.Options(), views: Few);
        await venue.Trade(2_500);
        venue.StopTheClock();
        await venue.CaughtUp();
        if (isRestarted)
        {
            venue.Close();
            await venue.Open(database.Options(), views: Few);
            await venue.CaughtUp();
        }

        List<string> shown = await Pages(new AtHandAndBehind(venue.Exchange));
        venue.Close();
        VenueViews all = JournalRows.ViewsOf(venue.Folder);
        Assert.Equal(await Pages(new AllOfIt(all)), shown);
        Assert.True(all.GetTrades(0, 0, 1_000).Items.Length > 5 * Few.TradesPerSymbol);
    }

    [SkippableFact]
    public async Task An_order_that_memory_has_dropped_is_found_by_either_of_its_ids()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 12);
        await venue.Open(database.Options(), views: Few);
        await venue.Trade(1_500);
        await venue.CaughtUp();
        OrderView[] orders = (await venue.Exchange.GetOrders(1, -1, 0, 1_000, default)).Items;
        OrderView oldest = orders[^1];
        Assert.True(orders.Length > 3 * Few.EndedOrdersPerAccount);

        Assert.Equal(oldest, await venue.Exchange.FindOrder(1, oldest.OrderId, default));
        Assert.Null(await venue.Exchange.FindOrder(2, oldest.OrderId, default));
        OrderView named = orders.Last(order => order.ClientOrderId.Length > 0);
        OrderView newestOfName = orders.First(order => order.ClientOrderId == named.ClientOrderId && order.Symbol == named.Symbol);
        Assert.Equal(newestOfName.OrderId, (await venue.Exchange.FindOrder(1, named.Symbol, named.ClientOrderId, default))!.OrderId);
    }

    /// <summary>Of the mark's minutes memory keeps some hours; those before come from the database.</summary>
    [SkippableFact]
    public async Task Candles_go_on_in_the_database_too()
    {
        const long MinuteMs = 60_000;
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var venue = new HistoryVenue(seed: 13);
        await venue.Open(database.Options());
        await venue.Quote(minutes: 700);
        venue.StopTheClock();
        await venue.CaughtUp();
        EmbeddedExchange exchange = venue.Exchange;
        long nowMs = exchange.GetTicker(0).TimeMs;
        Candle[] atHand = exchange.GetCandles(0, CandleInterval.OneMinute, 0, nowMs, 100_000, CandlePrice.Mark).Items;

        List<Candle> shown = [];
        while (shown.Count == 0 || shown[^1].OpenTimeMs + MinuteMs <= nowMs)
        {
            long fromMs = shown.Count == 0 ? 0 : shown[^1].OpenTimeMs + MinuteMs;
            shown.AddRange((await exchange.ListCandles(0, CandleInterval.OneMinute, fromMs, nowMs, 90, CandlePrice.Mark, default)).Items);
        }

        Assert.True(shown[0].OpenTimeMs < atHand[0].OpenTimeMs, "Memory still has them all.");
        Assert.Equal(atHand[^50..], shown[^50..]);
        Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.Equal(pair.First.OpenTimeMs + MinuteMs, pair.Second.OpenTimeMs));
        Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.True(pair.Second.Trades > 0 || pair.Second.OpenTicks == pair.First.CloseTicks));
        Assert.Equal(await database.Sql("SELECT count(*) FROM history.marks WHERE symbol = 0 AND mark_ticks > 0"), shown.Sum(candle => candle.Trades));
    }

    [SkippableFact]
    public async Task While_the_database_is_away_what_is_recent_is_shown_and_what_is_older_is_told_to_be_away()
    {
        HistoryDatabase database = await HistoryDatabase.Create(TemporaryPostgres.Shared);
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        using var venue = new HistoryVenue(seed: 14);
        await venue.Open(database.Options(proxy), views: Few);
        await venue.Trade(1_000);
        await venue.CaughtUp();
        proxy.Refuses = true;
        proxy.Cut();

        Page<TradeView> recent = await venue.Exchange.ListTrades(0, 0, 5, default);
        Assert.Equal(5, recent.Items.Length);
        await Assert.ThrowsAsync<HistoryUnavailableException>(async () => await venue.Exchange.ListTrades(0, 10, 5, default));

        // What memory dropped meanwhile is not there yet when the database is back: no page has a hole.
        await venue.Trade(1_000);
        proxy.Refuses = false;
        await Condition.Holds(async () =>
        {
            try
            {
                TradeView[] page = (await venue.Exchange.ListTrades(0, 0, 500, default)).Items;
                Assert.All(page.Zip(page.Skip(1)), pair => Assert.Equal(pair.First.TradeId, pair.Second.TradeId + 1));
                return page[^1].TradeId == 1 || page.Length == 500;
            }
            catch (HistoryUnavailableException)
            {
                return false;
            }
        });
    }

    /// <summary>Every list that the API has, page by page along its cursors, a line a page.</summary>
    private static async Task<List<string>> Pages(ILists lists)
    {
        List<string> pages = [];
        foreach (int limit in new[] { 1_000, 10, 7 })
        {
            for (int symbol = 0; symbol < 2; symbol++)
            {
                int of = symbol;
                await Read($"trades {of}", before => lists.Trades(of, before, limit));
                await Read($"funding {of}", before => lists.Funding(of, before, limit));
            }

            for (uint account = 1; account <= Accounts; account++)
            {
                uint of = account;
                int symbol = (int)(account % 3) - 1;
                await Read($"fills {of}", before => lists.Fills(of, symbol, before, limit));
                await Read($"orders {of}", before => lists.Orders(of, symbol, before, limit));
                await Read($"ledger {of}", async before =>
                {
                    LedgerView ledger = await lists.Ledger(of, symbol, before, limit);
                    return new Page<MovementView>(ledger.Items, ledger.Next);
                });
            }
        }

        return pages;

        async Task Read<T>(string list, Func<ulong, ValueTask<Page<T>>> read)
        {
            ulong before = 0;
            do
            {
                Page<T> page = await read(before);
                pages.Add($"{list} below {before}: {string.Join(", ", page.Items)} next {page.Next}");
                before = page.Next;
            }
            while (before != 0);
        }
    }

    private interface ILists
    {
        ValueTask<Page<TradeView>> Trades(int symbol, ulong before, int limit);

        ValueTask<Page<FundingView>> Funding(int symbol, ulong before, int limit);

        ValueTask<Page<FillView>> Fills(uint account, int symbol, ulong before, int limit);

        ValueTask<Page<OrderView>> Orders(uint account, int symbol, ulong before, int limit);

        ValueTask<LedgerView> Ledger(uint account, int symbol, ulong before, int limit);
    }

    private sealed class AtHandAndBehind(EmbeddedExchange exchange) : ILists
    {
        public ValueTask<Page<TradeView>> Trades(int symbol, ulong before, int limit) => exchange.ListTrades(symbol, before, limit, default);

        public ValueTask<Page<FundingView>> Funding(int symbol, ulong before, int limit) => exchange.ListFunding(symbol, before, limit, default);

        public ValueTask<Page<FillView>> Fills(uint account, int symbol, ulong before, int limit) => exchange.GetFills(account, symbol, before, limit, default);

        public ValueTask<Page<OrderView>> Orders(uint account, int symbol, ulong before, int limit) => exchange.GetOrders(account, symbol, before, limit, default);

        public ValueTask<LedgerView> Ledger(uint account, int symbol, ulong before, int limit) => exchange.GetLedger(account, symbol, before, limit, default);
    }

    private sealed class AllOfIt(VenueViews views) : ILists
    {
        public ValueTask<Page<TradeView>> Trades(int symbol, ulong before, int limit) => new(views.GetTrades(symbol, before, limit));

        public ValueTask<Page<FundingView>> Funding(int symbol, ulong before, int limit) => new(views.GetFunding(symbol, before, limit));

        public ValueTask<Page<FillView>> Fills(uint account, int symbol, ulong before, int limit) => new(views.GetFills(account, symbol, before, limit));

        public ValueTask<Page<OrderView>> Orders(uint account, int symbol, ulong before, int limit) => new(views.GetOrders(account, symbol, before, limit));

        public ValueTask<LedgerView> Ledger(uint account, int symbol, ulong before, int limit) => new(views.GetLedger(account, symbol, before, limit));
    }
}
