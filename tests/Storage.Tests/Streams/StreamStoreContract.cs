using System.Text;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Streams;

/// <summary>What every stream store promises; each store's tests inherit it.</summary>
public abstract class StreamStoreContract
{
    protected static readonly StreamId Book = new(1, 7);
    protected static readonly StreamId Account = new(4, 4_000_000_000);

    protected static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    /// <summary>An empty store; every further call returns one over the same streams, as another silo has it.</summary>
    protected abstract ValueTask<IStreamStore> Store();

    [SkippableFact]
    public async Task Records_come_back_in_order_behind_the_number_asked_for()
    {
        IStreamStore store = await Store();
        OpenedStream opened = await store.Open(Book, Patience);
        Assert.Equal(new OpenedStream(1, 0, 0, null), opened);

        Assert.Equal(2UL, await store.Append(Book, 1, 0, Batch("a", "")));
        Assert.Equal(5UL, await store.Append(Book, 1, 2, Batch("c", "d", "e")));

        Assert.Equal(["1 a", "2 ", "3 c", "4 d", "5 e"], await Journal(store, Book, 0));
        Assert.Equal(["4 d", "5 e"], await Journal(store, Book, 3));
        Assert.Empty(await Journal(store, Book, 5));
        Assert.Empty(await Journal(store, Account, 0));
    }

    [SkippableFact]
    public async Task A_batch_may_be_used_again_once_it_was_appended()
    {
        IStreamStore store = await Store();
        await store.Open(Book, Patience);
        RecordBatch batch = Batch("first");
        await store.Append(Book, 1, 0, batch);
        batch.Clear();
        batch.Add("other"u8);
        await store.Append(Book, 1, 1, batch);

        Assert.Equal(["1 first", "2 other"], await Journal(store, Book, 0));
    }

    [SkippableFact]
    public async Task An_activation_that_another_followed_writes_nothing_more()
    {
        IStreamStore old = await Store();
        IStreamStore young = await Store();
        await old.Open(Book, Patience);
        await old.Append(Book, 1, 0, Batch("old"));
        await old.WriteState(Book, 1, State(1, "old"));

        OpenedStream opened = await young.Open(Book, Patience);

        Assert.Equal((2UL, 1UL, 0UL), (opened.Epoch, opened.LastSequence, opened.LastLogNumber));
        Assert.Equal("old", Text(opened.State!.Value.Bytes));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await old.Append(Book, 1, 1, Batch("stale")));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await old.WriteState(Book, 1, State(2, "stale")));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await old.Trim(Book, 1, 1));
        await young.Append(Book, 2, 1, Batch("young"));
        Assert.Equal(["1 old", "2 young"], await Journal(young, Book, 0));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_behind_another_end_than_the_journals_is_refused(ulong after)
    {
        IStreamStore store = await Store();
        await store.Open(Book, Patience);
        await store.Append(Book, 1, 0, Batch("a", "b"));

        StaleEpochException refusal = await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Append(Book, 1, after, Batch("x")));

        Assert.Contains($"ends at 2, not {after}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["1 a", "2 b"], await Journal(store, Book, 0));
    }

    [SkippableFact]
    public async Task An_epoch_that_was_never_taken_is_refused()
    {
        IStreamStore store = await Store();
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Append(Book, 1, 0, Batch("x")));
        await store.Open(Book, Patience);
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Append(Book, 2, 0, Batch("x")));
        Assert.Empty(await Journal(store, Book, 0));
    }

    [SkippableFact]
    public async Task Of_two_activations_forced_on_one_stream_one_goes_on_and_one_steps_down()
    {
        IStreamStore[] silos = [await Store(), await Store()];
        OpenedStream[] opened = await Task.WhenAll(silos.Select(silo => silo.Open(Book, Patience).AsTask()));
        Assert.Equal([1UL, 2UL], opened.Select(one => one.Epoch).Order());

        string[] outcomes = await Task.WhenAll(silos.Select(async (silo, i) =>
        {
            ulong written = 0;
            try
            {
                while (written < 20)
                    written = await silo.Append(Book, opened[i].Epoch, written, Batch($"{opened[i].Epoch}"));
                return $"{opened[i].Epoch} went on";
            }
            catch (StaleEpochException)
            {
                return $"{opened[i].Epoch} stepped down at {written}";
            }
        }));

        Assert.Equal(["1 stepped down at 0", "2 went on"], outcomes.Order());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i} 2"), await Journal(silos[0], Book, 0));
    }

    [SkippableFact]
    public async Task Of_many_openings_at_once_each_gets_an_epoch_of_its_own()
    {
        IStreamStore silo = await Store();
        IStreamStore[] silos = [silo, silo, await Store()];
        OpenedStream[] opened = await Task.WhenAll(silos.Select(silo => silo.Open(Account, Patience).AsTask()));

        Assert.Equal([1UL, 2UL, 3UL], opened.Select(one => one.Epoch).Order());
    }

    [SkippableFact]
    public async Task State_and_log_are_written_as_one()
    {
        IStreamStore store = await Store();
        await store.Open(Account, Patience);
        Assert.Null(await store.ReadState(Account, Patience));

        await store.WriteState(Account, 1, State(1, "one"));
        await store.WriteState(Account, 1, State(5, "five") with { Log = Batch("a", "b") });
        await store.WriteState(Account, 1, State(6, "six") with { LogAfter = 2, Log = Batch("c") });

        Assert.Equal((6UL, "six"), Read(await store.ReadState(Account, Patience)));
        OpenedStream opened = await store.Open(Account, Patience);
        Assert.Equal((2UL, 0UL, 3UL), (opened.Epoch, opened.LastSequence, opened.LastLogNumber));
        Assert.Equal((6UL, "six"), Read(opened.State));
        Assert.Equal(["1 a", "2 b", "3 c"], await Log(store, 0));

        // Neither an older state nor rows that do not follow, and then neither of the two.
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.WriteState(Account, 2, State(6, "again") with { LogAfter = 3, Log = Batch("d") }));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.WriteState(Account, 2, State(7, "seven") with { LogAfter = 2, Log = Batch("d") }));
        Assert.Equal((6UL, "six"), Read(await store.ReadState(Account, Patience)));
        Assert.Equal(["1 a", "2 b", "3 c"], await Log(store, 0));
    }

    [SkippableFact]
    public async Task The_log_is_read_forwards_and_backwards_from_any_row()
    {
        IStreamStore store = await Store();
        await store.Open(Account, Patience);
        await store.WriteState(Account, 1, State(1, "s") with { Log = Batch("a", "b", "c") });
        await store.WriteState(Account, 1, State(2, "s") with { LogAfter = 3, Log = Batch("d", "e") });

        Assert.Equal(["3 c", "4 d", "5 e"], await Log(store, 2));
        Assert.Equal(["5 e", "4 d", "3 c"], await LogBackwards(store, ulong.MaxValue, 3));
        Assert.Equal(["2 b", "1 a"], await LogBackwards(store, 3, 3));
        Assert.Equal(["4 d"], await LogBackwards(store, 5, 1));
        Assert.Empty(await LogBackwards(store, 1, 10));
        Assert.Empty(await store.ReadLogBackwards(Book, ulong.MaxValue, 10, Patience));
    }

    [SkippableFact]
    public async Task A_state_of_many_megabytes_comes_back_whole()
    {
        IStreamStore store = await Store();
        await store.Open(Book, Patience);
        byte[] bytes = new byte[5_000_001];
        new Random(1).NextBytes(bytes);
        await store.WriteState(Book, 1, State(1, "small"));
        await store.WriteState(Book, 1, new StateWrite(new StreamState(2, bytes)));

        Assert.Equal(bytes, (await store.ReadState(Book, Patience))!.Value.Bytes.ToArray());
        Assert.Equal(bytes, (await store.Open(Book, Patience)).State!.Value.Bytes.ToArray());
        await store.WriteState(Book, 2, State(3, "small again"));
        Assert.Equal((3UL, "small again"), Read(await store.ReadState(Book, Patience)));
    }

    [SkippableFact]
    public async Task A_journal_is_trimmed_behind_a_state_only()
    {
        IStreamStore store = await Store();
        await store.Open(Book, Patience);
        await store.Append(Book, 1, 0, Batch("a", "b"));
        await store.Append(Book, 1, 2, Batch("c"));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Trim(Book, 1, 1));

        await store.WriteState(Book, 1, State(2, "a, b"));
        await store.Trim(Book, 1, 2);

        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Trim(Book, 1, 3));
        Assert.Equal(["3 c"], await Journal(store, Book, 2));
        Assert.Equal(3UL, (await store.Open(Book, Patience)).LastSequence);
    }

    protected static RecordBatch Batch(params string[] records)
    {
        var batch = new RecordBatch(4);
        foreach (string record in records)
            batch.Add(Encoding.UTF8.GetBytes(record));
        return batch;
    }

    protected static StateWrite State(ulong number, string text) => new(new StreamState(number, Encoding.UTF8.GetBytes(text)));

    protected static (ulong Number, string Text) Read(StreamState? state) => (state!.Value.Number, Text(state.Value.Bytes));

    protected static async Task<List<string>> Journal(IStreamStore store, StreamId stream, ulong after) =>
        await store.Read(stream, after, Patience).Select(Show).ToListAsync(Patience);

    private static async Task<List<string>> Log(IStreamStore store, ulong after) =>
        await store.ReadLog(Account, after, Patience).Select(Show).ToListAsync(Patience);

    private static async Task<IEnumerable<string>> LogBackwards(IStreamStore store, ulong before, int count) =>
        (await store.ReadLogBackwards(Account, before, count, Patience)).Select(Show);

    private static string Show(StreamRecord record) => $"{record.Number} {Text(record.Bytes)}";

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
