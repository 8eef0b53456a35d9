using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using StreamId = Exchange.Storage.Streams.StreamId;

namespace Exchange.Grains.Tests.Faults;

public sealed class StoreFaultTests : IAsyncLifetime
{
    private const long Price = 500_000;
    private const uint Accounts = 2;
    private readonly InMemoryStreamStore _store = new();
    private TestVenue _venue = null!;

    private static StreamId Book => new((byte)NodeKind.Book, 0);

    private static StreamId FirstAccount => new((byte)NodeKind.Account, 1);

    public async Task InitializeAsync() => _venue = await TestVenue.Open(_store, silos: 2, symbols: 1, Accounts);

    public async Task DisposeAsync()
    {
        _store.Faults = null;
        _store.Release();
        await _venue.DisposeAsync();
    }

    [Theory]
    [InlineData(StoreFault.Refuse)]
    [InlineData(StoreFault.LoseAnswer)]
    [InlineData(StoreFault.LoseRequest)]
    public async Task An_order_whose_append_failed_is_done_once_by_the_next_activation_of_its_book(StoreFault fault)
    {
        Assert.Equal(RejectReason.None, await _venue.Do(_venue.Limit(2, 0, Side.Sell, lots: 1, Price + 10)));
        BookNode before = _venue.BookOf(0);
        FailOnce(StoreCallKind.Append, Book, fault);

        CommandReply answer = await _venue.Submit(_venue.Limit(1, 0, Side.Buy, lots: 1, Price)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(RejectReason.None, answer.Reason);
        Assert.NotSame(before, _venue.BookOf(0));
        Assert.Equal(2, _venue.BookOf(0).Book!.OpenOrderCount);
        await _venue.ComesToRest(Accounts);
        await TestMoney.IsConserved(_venue, symbols: 1, Accounts);
    }

    [Theory]
    [InlineData(StoreFault.LoseAnswer)]
    [InlineData(StoreFault.LoseRequest)]
    public async Task A_deposit_whose_write_failed_is_paid_in_once(StoreFault fault)
    {
        AccountNode before = _venue.AccountOf(1);
        FailOnce(StoreCallKind.WriteState, FirstAccount, fault);
        var deposit = _venue.Deposit(1, 5);

        CommandReply answer = await _venue.Submit(in deposit).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(RejectReason.None, answer.Reason);
        Assert.NotSame(before, _venue.AccountOf(1));
        Assert.Equal(TestVenue.FundsE8 + 5, _venue.AccountOf(1).Link.Account.WalletE8);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_while_the_store_does_not_answer()
    {
        _store.Faults = call => call.Kind == StoreCallKind.Append && call.Stream == Book ? StoreFault.Stall : StoreFault.None;
        Task<CommandReply> placed = _venue.Submit(_venue.Limit(1, 0, Side.Buy, lots: 1, Price));
        await Condition.Holds(() => _store.Stalled > 0);
        Assert.False(placed.IsCompleted);

        _store.Faults = null;
        _store.Release();

        Assert.Equal(RejectReason.None, (await placed.WaitAsync(TimeSpan.FromMinutes(1))).Reason);
    }

    [Fact]
    public async Task A_book_that_another_activation_has_opened_steps_down_and_what_it_held_back_is_done_by_the_next()
    {
        BookNode before = _venue.BookOf(0);

        // As a silo does that takes this one for dead.
        await _store.Open(Book, CancellationToken.None);
        CommandReply answer = await _venue.Submit(_venue.Limit(1, 0, Side.Buy, lots: 1, Price)).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(RejectReason.None, answer.Reason);
        Assert.NotSame(before, _venue.BookOf(0));
        Assert.Equal(1, _venue.BookOf(0).Book!.OpenOrderCount);
    }

    [Fact]
    public async Task An_account_that_another_activation_has_opened_steps_down_before_it_writes()
    {
        AccountNode before = _venue.AccountOf(1);
        await _store.Open(FirstAccount, CancellationToken.None);
        var deposit = _venue.Deposit(1, 5);

        CommandReply answer = await _venue.Submit(in deposit).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(RejectReason.None, answer.Reason);
        Assert.NotSame(before, _venue.AccountOf(1));
        Assert.Equal(TestVenue.FundsE8 + 5, _venue.AccountOf(1).Link.Account.WalletE8);
    }

    private void FailOnce(StoreCallKind kind, StreamId stream, StoreFault fault)
    {
        int left = 1;
        _store.Faults = call => call.Kind == kind && call.Stream == stream && Interlocked.Decrement(ref left) >= 0 ? fault : StoreFault.None;
    }
}
