using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Streams;

public sealed class InMemoryStreamStoreTests : StreamStoreContract
{
    private readonly InMemoryStreamStore _store = new();

    [Fact]
    public async Task A_refused_append_is_not_there()
    {
        await _store.Open(Book, Patience);
        _store.Faults = OnAppend(StoreFault.Refuse);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.Append(Book, 1, 0, Batch("x")));

        Assert.Empty(await Journal(_store, Book, 0));
    }

    [Theory]
    [InlineData(StoreFault.LoseAnswer, 1)]
    [InlineData(StoreFault.LoseRequest, 0)]
    public async Task An_append_of_unknown_outcome_is_there_or_not(StoreFault fault, int records)
    {
        await _store.Open(Book, Patience);
        _store.Faults = OnAppend(fault);

        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await _store.Append(Book, 1, 0, Batch("x")));

        Assert.Equal(records, (await Journal(_store, Book, 0)).Count);
    }

    [Fact]
    public async Task A_stalled_append_is_judged_when_it_goes_on()
    {
        await _store.Open(Book, Patience);
        _store.Faults = OnAppend(StoreFault.Stall);
        Task<ulong> stalled = _store.Append(Book, 1, 0, Batch("x")).AsTask();
        Assert.Equal(1, _store.Stalled);
        Assert.False(stalled.IsCompleted);

        await _store.Open(Book, Patience);
        _store.Release();

        await Assert.ThrowsAsync<StaleEpochException>(() => stalled);
    }

    protected override ValueTask<IStreamStore> Store() => new(_store);

    private static Func<StoreCall, StoreFault> OnAppend(StoreFault fault) =>
        call => call.Kind == StoreCallKind.Append ? fault : StoreFault.None;
}
