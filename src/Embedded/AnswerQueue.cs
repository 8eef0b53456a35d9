using System.Collections.Concurrent;

namespace Exchange.Embedded;

/// <summary>Something that is answered: completing it lets whoever waits for it go on, on the calling thread.</summary>
internal interface IAnswered
{
    void Complete();
}

/// <summary>Answers on their way from the venue's threads to those who wait.</summary>
/// <remarks>
/// One sync of the journal makes dozens of orders durable at once. A pool's item for each would wake, and put to sleep again, as many
/// workers; here few workers go through them all. A worker that finds more than its first answer asks for another one before it
/// goes on: so both processors help, and an answer whose receiver blocks its worker keeps no other answer waiting.
/// </remarks>
internal sealed class AnswerQueue : IThreadPoolWorkItem
{
    /// <summary>Then the pool's other work has its turn.</summary>
    private const int MostAtOnce = 64;

    private readonly ConcurrentQueue<IAnswered> _answers = new();

    /// <summary>1: a worker was asked for and has not begun.</summary>
    private int _isAsked;

    public void Add(IAnswered answer)
    {
        _answers.Enqueue(answer);
        AskForWorker();
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before it looks: who adds behind this asks again.
        Interlocked.Exchange(ref _isAsked, 0);
        for (int done = 0; done < MostAtOnce && _answers.TryDequeue(out IAnswered? answer); done++)
        {
            if (done is 0 or MostAtOnce - 1 && !_answers.IsEmpty)
                AskForWorker();
            answer.Complete();
        }
    }

    private void AskForWorker()
    {
        if (Volatile.Read(ref _isAsked) == 0 && Interlocked.Exchange(ref _isAsked, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
