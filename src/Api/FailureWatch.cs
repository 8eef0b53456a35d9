using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>
/// Ends the process when the venue has stopped: a failed sync or a broken machine is not something to serve on. Tells, too, when a
/// snapshot could not be taken, or history is not written.
/// </summary>
internal sealed class FailureWatch : IDisposable
{
    private readonly EmbeddedExchange _exchange;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly StartMessages _messages;
    private readonly Timer _timer;
    private Exception? _told;
    private string? _toldOfHistory;

    public FailureWatch(EmbeddedExchange exchange, IHostApplicationLifetime lifetime, StartMessages messages)
    {
        _exchange = exchange;
        _lifetime = lifetime;
        _messages = messages;
        if (exchange.HistoryReader is { } history)
            history.Slow = slow => messages.Fail(slow.ToString());
        _timer = new Timer(_ => Look(), null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
    }

    private void Look()
    {
        Exception? problem = _exchange.Replica?.SnapshotProblem;
        if (problem is not null && problem != _told)
            _messages.Fail($"No snapshot could be taken, so the journal grows: {problem.Message}");
        _told = problem;
        string? fault = _exchange.History?.Fault;
        if (fault is not null && fault != _toldOfHistory)
            _messages.Fail($"History is not written at present; the venue goes on: {fault}");
        _toldOfHistory = fault;
        if (_exchange.Failure is not { } failure)
            return;
        _messages.Fail($"The venue stopped: {failure.Message} {failure.InnerException?.Message}");
        _lifetime.StopApplication();
    }

    public void Dispose() => _timer.Dispose();
}
