using System.Threading.Tasks.Sources;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>A request whose answer a task waits for; whoever waits goes on in the pool, by way of <see cref="AnswerQueue"/>.</summary>
internal abstract class AwaitedRequest<T>(AnswerQueue answers) : VenueRequest, IValueTaskSource<T>, IAnswered
{
    private ManualResetValueTaskSourceCore<T> _core;
    private T _result = default!;
    private Exception? _failure;

    public ValueTask<T> Task => new(this, _core.Version);

    protected void Answer(T result)
    {
        _result = result;
        answers.Add(this);
    }

    protected void Refuse(Exception reason)
    {
        _failure = reason;
        answers.Add(this);
    }

    protected internal override void OnStopped(Exception? cause) =>
        Refuse(cause as VenueStoppedException ?? new VenueStoppedException("The venue has stopped.", cause));

    void IAnswered.Complete()
    {
        if (_failure is null)
            _core.SetResult(_result);
        else
            _core.SetException(_failure);
    }

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
