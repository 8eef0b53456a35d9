using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Grains.Tests.Venues;

public sealed class HistoryTests
{
    private const long Price = 500_000;

    [SkippableTheory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task What_an_account_did_is_in_the_reply_and_in_its_history_in_this_life_and_the_next(int silos, bool onPostgres)
    {
        IStreamStore[] stores = onPostgres ? await Postgres(silos) : [.. Enumerable.Repeat(new InMemoryStreamStore(), silos)];
        await using var closing = new Closing(stores);
        await using TestVenue venue = await TestVenue.Open(stores, symbols: 1, accounts: 2);
        CommandReply maker = await venue.Submit(venue.Limit(1, 0, Side.Buy, lots: 10, Price));
        CommandReply taker = await venue.Submit(venue.Limit(2, 0, Side.Sell, lots: 4, Price), silos - 1);

        Assert.Equal((OrderStatus.New, 0L), (maker.Order!.Status, maker.Order.FilledLots));
        Assert.Equal((OrderStatus.Filled, 4L), (taker.Order!.Status, taker.Order.FilledLots));
        FillView fill = Assert.Single(taker.Fills);
        Assert.Equal((4L, Price, false), (fill.Lots, fill.PriceTicks, fill.IsMaker));
        await venue.ComesToRest(accounts: 2);
        var account = venue.Silos.GrainsOf(0).GetGrain<IPositionGrain>(1);
        await Condition.Holds(async () => (await account.FindOrder(maker.Order.OrderId)).Value!.FilledLots == 4);
        string before = await Shown(account);

        await venue.Silos.Deactivate<IPositionGrain>(1);

        Assert.Equal(before, await Shown(account));
        Assert.Contains("PartiallyFilled", before, StringComparison.Ordinal);
        Assert.Contains("Deposit", before, StringComparison.Ordinal);
    }

    /// <summary>Everything that readers are shown of the account.</summary>
    private static async Task<string> Shown(IPositionGrain account)
    {
        OrderView[] open = (await account.GetOpenOrders(-1)).Value;
        OrderView[] orders = (await account.GetOrders(-1, 0, 100)).Value.Items;
        FillView[] fills = (await account.GetFills(-1, 0, 100)).Value.Items;
        MovementView[] movements = (await account.GetLedger(-1, 0, 100)).Value.Items;
        return string.Join('\n', [
            .. open.Select(order => $"open {order}"), .. orders.Select(order => $"{order}"), .. fills.Select(fill => $"{fill}"),
            .. movements.Select(movement => $"{movement}"),
        ]);
    }

    /// <summary>As many silos have them: over one database.</summary>
    private static async Task<IStreamStore[]> Postgres(int silos)
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await PostgresMigrations.Apply(database, CancellationToken.None);
        var options = new PostgresStreamStoreOptions { ConnectionString = database };
        return await Task.WhenAll(Enumerable.Range(0, silos).Select(async _ => (IStreamStore)await PostgresStreamStore.Connect(options, CancellationToken.None)));
    }

    private sealed class Closing(IStreamStore[] stores) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (IStreamStore store in stores.Distinct())
                await store.DisposeAsync();
        }
    }
}
