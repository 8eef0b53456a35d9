using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Clients;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using StreamId = Exchange.Storage.Streams.StreamId;

namespace Exchange.Grains.Tests.Faults;

/// <summary>S17: a flood of orders that nobody answers is refused at the edge, and is nobody else's business.</summary>
public sealed class FloodTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task Whoever_has_too_much_unanswered_is_told_so_and_may_still_cancel_while_others_trade()
    {
        var store = new InMemoryStreamStore();
        await using TestVenue venue = await TestVenue.Open(store, silos: 2, symbols: 2, accounts: 2);
        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 1, Price)));
        var book = new StreamId((byte)NodeKind.Book, 0);
        store.Faults = call => call.Kind == StoreCallKind.Append && call.Stream == book ? StoreFault.Stall : StoreFault.None;
        List<Task<CommandReply>> flood = [];
        while (flood.Count < AccountClient.MostOpenOthers)
            flood.Add(venue.Submit(venue.Limit(1, 0, Side.Buy, lots: 1, Price - flood.Count)));

        await Assert.ThrowsAsync<VenueOverloadedException>(() => venue.Submit(venue.Limit(1, 0, Side.Buy, lots: 1, Price)));
        Task<CommandReply> cancel = venue.Submit(new Command { Kind = CommandKind.CancelAll, Account = 1, Symbol = 1 });
        Assert.Equal(RejectReason.None, (await venue.Submit(venue.Limit(2, 1, Side.Buy, lots: 1, Price)).WaitAsync(TimeSpan.FromSeconds(30))).Reason);
        Assert.Equal(RejectReason.None, (await cancel.WaitAsync(TimeSpan.FromSeconds(30))).Reason);

        store.Faults = null;
        store.Release();
        CommandReply[] all = await Task.WhenAll(flood).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.All(all, reply => Assert.True(reply.Reason is RejectReason.None or RejectReason.TooManyOrders or RejectReason.Overloaded, $"{reply.Reason}"));
        await venue.ComesToRest(accounts: 2);
        await TestMoney.IsConserved(venue, symbols: 2, accounts: 2);
    }
}
