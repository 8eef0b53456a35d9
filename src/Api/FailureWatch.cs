using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>Ends the process when the venue has stopped: a failed sync or a broken machine is not something to serve on.</summary>
internal sealed class FailureWatch : IDisposable
{
    private readonly Timer _timer;

    public FailureWatch(EmbeddedExchange exchange, IHostApplicationLifetime lifetime) =>
        _timer = new Timer(
            _ =>
            {
                if (exchange.Failure is not { } failure)
                    return;
                Console.Error.WriteLine($"The venue stopped: {failure.Message} {failure.InnerException?.Message}");
                lifetime.StopApplication();
            },
            null, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));

    public void Dispose() => _timer.Dispose();
}
