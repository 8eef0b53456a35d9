using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using StreamId = Exchange.Storage.Streams.StreamId;

namespace Exchange.Grains.Tests.Venues;

public sealed class SnapshotTests
{
    private const long Price = 500_000;

    [Fact]
    public async Task A_book_comes_up_from_its_snapshot_and_the_records_behind_it_as_it_was()
    {
        var store = new InMemoryStreamStore();
        var book = new StreamId((byte)NodeKind.Book, 0);
        await using TestVenue venue = await TestVenue.Open(store, silos: 1, symbols: 1, accounts: 1, snapshotRecords: 100);
        ulong last = 0;
        while (await store.ReadState(book, CancellationToken.None) is null)
        {
            Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 1, Price - (long)(++last))));
            Assert.Equal(RejectReason.None, await venue.Do(new() { Kind = Core.Port.CommandKind.CancelAll, Account = 1, Symbol = 0 }));
        }

        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 7, Price - 1)));
        await venue.ComesToRest(accounts: 1);
        BookNode before = venue.BookOf(0);
        await venue.Silos.Deactivate<Interfaces.IOrderBookGrain>(0);
        Assert.Equal(RejectReason.None, await venue.Do(venue.Limit(1, 0, Side.Buy, lots: 3, Price - 2)));

        BookNode after = venue.BookOf(0);
        Assert.NotSame(before, after);
        Assert.Equal(2, after.Book!.OpenOrderCount);
        StreamState? state = await store.ReadState(book, CancellationToken.None);
        await Assert.ThrowsAsync<StreamDamagedException>(async () =>
        {
            await foreach (StreamRecord _ in store.Read(book, 0, CancellationToken.None))
            {
            }
        });
        Assert.True(state!.Value.Number >= 100);
    }
}
