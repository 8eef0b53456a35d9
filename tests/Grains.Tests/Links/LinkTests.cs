using Exchange.Grains.Links;

namespace Exchange.Grains.Tests.Links;

public sealed class LinkTests
{
    private readonly List<(int[] Batch, TaskCompletionSource Done)> _calls = [];
    private readonly Link<int> _link;

    public LinkTests() => _link = new Link<int>(Call, new LinkLimits(MostQueued: 8, MostAtOnce: 4));

    [Fact]
    public void What_was_added_before_leaves_as_one_batch()
    {
        Send(1, 2, 3);

        Assert.Equal([1, 2, 3], Assert.Single(_calls).Batch);
    }

    [Fact]
    public void One_call_at_a_time_takes_along_what_queued_meanwhile()
    {
        Send(1);
        Send(2);
        Send(3);
        Assert.Equal([1], Assert.Single(_calls).Batch);

        _calls[0].Done.SetResult();

        Assert.Equal([2, 3], _calls[1].Batch);
        _calls[1].Done.SetResult();
        Assert.True(_link.IsIdle);
    }

    [Fact]
    public void A_failed_call_loses_its_batch_and_nothing_else()
    {
        Send(1, 2);
        Send(3);

        _calls[0].Done.SetException(new TimeoutException());

        Assert.Equal([3], _calls[1].Batch);
        Assert.Equal(2, _link.Lost);
    }

    [Fact]
    public void A_full_link_takes_no_more_and_says_how_much_it_lost()
    {
        Send(0);
        Send([.. Enumerable.Range(1, 10)]);

        Assert.Equal((8, 2L), (_link.Queued, _link.Lost));
        _calls[0].Done.SetResult();
        _calls[1].Done.SetResult();
        Assert.Equal([[0], [1, 2, 3, 4], [5, 6, 7, 8]], _calls.Select(call => call.Batch));
    }

    [Fact]
    public async Task Threads_that_send_at_once_lose_nothing()
    {
        int taken = 0;
        int atOnce = 0;
        var link = new Link<int>(
            async batch =>
            {
                Assert.Equal(1, Interlocked.Increment(ref atOnce));
                await Task.Yield();
                taken += batch.Length;
                Interlocked.Decrement(ref atOnce);
            },
            LinkLimits.Default);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                link.Add(i);
                link.Go();
            }
        })));

        await Condition.Holds(() => link.IsIdle);
        Assert.Equal((40_000, 0L), (taken, link.Lost));
    }

    private void Send(params int[] messages)
    {
        foreach (int message in messages)
            _link.Add(message);
        _link.Go();
    }

    private ValueTask Call(int[] batch)
    {
        var done = new TaskCompletionSource();
        _calls.Add((batch, done));
        return new ValueTask(done.Task);
    }
}
