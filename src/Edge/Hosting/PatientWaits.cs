using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Exchange.Edge.Hosting;

/// <summary>Waits for answers of the venue, none longer than a time that is the same for all.</summary>
/// <remarks>
/// A timer of its own for every order would cost more than its margin check. All wait equally long, so they stand in a queue in the order
/// of their ends, and one timer looks at its front a few times in that span: a wait may last an eighth longer than it should. There are several
/// such queues, so that threads seldom meet at one.
/// </remarks>
internal sealed class PatientWaits : IDisposable
{
    private const int LooksPerSpan = 8;

    private const int Queues = 8;

    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;
    private readonly ITimer _timer;
    private readonly Queue[] _queues = [.. Enumerable.Range(0, Queues).Select(_ => new Queue())];

    public PatientWaits(TimeSpan longest, TimeProvider time)
    {
        _longest = longest;
        _time = time;
        TimeSpan step = longest / LooksPerSpan;
        _timer = time.CreateTimer(static waits => ((PatientWaits)waits!).GiveUpLate(), this, step, step);
    }

    /// <summary>What is pending, or after too long a <see cref="TimeoutException"/>.</summary>
    public ValueTask<T> Bound<T>(ValueTask<T> pending) => pending.IsCompleted ? pending : new Wait<T>(this, pending).Task;

    public void Dispose() => _timer.Dispose();

    private void GiveUpLate()
    {
        foreach (Queue queue in _queues)
        {
            while (queue.TakeLate(_time, _longest) is { } late)
                late.GiveUp();
        }
    }

    /// <summary>Waits that threads of some numbers began.</summary>
    private sealed class Queue
    {
        public Lock Gate { get; } = new();

        // Guarded by the gate: the oldest wait first; a ring through this one.
        private readonly Entry _ends = new();

        public void Add(Entry wait)
        {
            lock (Gate)
                wait.EnterBefore(_ends);
        }

        /// <summary>The oldest if it has waited too long; null: none has.</summary>
        public Entry? TakeLate(TimeProvider time, TimeSpan longest)
        {
            lock (Gate)
            {
                Entry oldest = _ends.Next;
                if (oldest == _ends || time.GetElapsedTime(oldest.BeganAt) < longest)
                    return null;
                oldest.Leave();
                return oldest;
            }
        }
    }

    /// <summary>A place in the queue.</summary>
    private class Entry
    {
        private Entry _previous;

        public Entry() => _previous = Next = this;

        public Entry Next { get; private set; }

        public long BeganAt { get; init; }

        public void EnterBefore(Entry ends)
        {
            (_previous, Next) = (ends._previous, ends);
            _previous.Next = this;
            ends._previous = this;
        }

        public void Leave()
        {
            (_previous.Next, Next._previous) = (Next, _previous);
            _previous = Next = this;
        }

        public virtual void GiveUp()
        {
        }
    }

    /// <summary>One wait: ended once, by the answer or for being too long.</summary>
    private sealed class Wait<T> : Entry, IValueTaskSource<T>
    {
        private readonly Queue _queue;
        private ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _pending;
        private ManualResetValueTaskSourceCore<T> _core;
        private int _isEnded;

        public Wait(PatientWaits waits, ValueTask<T> pending)
        {
            _queue = waits._queues[Environment.CurrentManagedThreadId % Queues];
            BeganAt = waits._time.GetTimestamp();
            _pending = pending.ConfigureAwait(false).GetAwaiter();
            _queue.Add(this);
            _pending.UnsafeOnCompleted(OnAnswered);
        }

        public ValueTask<T> Task => new(this, _core.Version);

        public override void GiveUp()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0)
                _core.SetException(new TimeoutException());
        }

        private void OnAnswered()
        {
            lock (_queue.Gate)
                Leave();
            try
            {
                T answer = _pending.GetResult();
                if (Interlocked.Exchange(ref _isEnded, 1) == 0)
                    _core.SetResult(answer);
            }
#pragma warning disable CA1031 // Whatever the venue failed with is told to whoever waits.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (Interlocked.Exchange(ref _isEnded, 1) == 0)
                    _core.SetException(failure);
            }
        }

        T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
