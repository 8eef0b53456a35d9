using Microsoft.Extensions.Hosting;

namespace Exchange.Edge.Hosting;

/// <summary>The life of a server that another one in the process stops: the signals that end the process are not its business.</summary>
public sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
