using System.Collections.Concurrent;

namespace Exchange.Embedded.Tests;

public sealed class AnswerQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Every_answer_is_completed_once_and_not_by_whoever_adds_it()
    {
        const int count = 10_000;
        var queue = new AnswerQueue();
        var completed = new ConcurrentDictionary<int, int>();
        using var all = new CountdownEvent(count);
        int adder = Environment.CurrentManagedThreadId;
        bool isByAdder = false;
        for (int i = 0; i < count; i++)
        {
            int number = i;
            queue.Add(new Answered(() =>
            {
                isByAdder |= Environment.CurrentManagedThreadId == adder;
                completed.AddOrUpdate(number, 1, (_, times) => times + 1);
                all.Signal();
            }));
        }

        Assert.True(all.Wait(Patience));
        Assert.Equal(count, completed.Count);
        Assert.All(completed.Values, times => Assert.Equal(1, times));
        Assert.False(isByAdder);
    }

    [Fact]
    public void A_receiver_that_waits_for_the_last_answer_does_not_keep_it_back()
    {
        var queue = new AnswerQueue();
        using var last = new ManualResetEventSlim();
        using var all = new CountdownEvent(3);
        for (int i = 0; i < 3; i++)
        {
            queue.Add(new Answered(() =>
            {
                last.Wait(Patience);
                all.Signal();
            }));
        }

        queue.Add(new Answered(last.Set));

        Assert.True(all.Wait(Patience));
    }

    private sealed class Answered(Action complete) : IAnswered
    {
        public void Complete() => complete();
    }
}
