using System.Threading.Tasks.Sources;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>A request whose answer a task waits for.</summary>
internal abstract class AwaitedRequest<T> : VenueRequest, IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };

    public ValueTask<T> Task => new(this, _core.Version);

    protected void Answer(T result) => _core.SetResult(result);

    protected void Refuse(Exception reason) => _core.SetException(reason);

    protected internal override void OnStopped(Exception? cause) =>
        _core.SetException(cause as VenueStoppedException ?? new VenueStoppedException("The venue has stopped.", cause));

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
