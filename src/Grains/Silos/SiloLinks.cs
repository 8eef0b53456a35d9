using System.Collections.Concurrent;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Silos;

/// <summary>A link to each other silo, for what many here have to tell it: they share its calls.</summary>
/// <param name="call">Carries a batch to a silo; completes when it was taken.</param>
/// <param name="limits">Of each link.</param>
internal sealed class SiloLinks<T>(IGrainFactory grains, Func<ISiloGrain, T[], ValueTask> call, LinkLimits limits)
{
    private readonly ConcurrentDictionary<string, Link<T>> _links = new();

    /// <summary>Takes a message for the silo's next call. Any thread.</summary>
    /// <param name="silo">Key of the <see cref="ISiloGrain"/>.</param>
    /// <param name="message">What a link does not take, or carries in a call that fails, is lost.</param>
    public void Send(string silo, T message)
    {
        Link<T> link = _links.GetOrAdd(silo, LinkTo);
        link.Add(message);
        link.GoOnPool();
    }

    /// <summary>Ends when nothing is on its way.</summary>
    public Task Gone => Task.WhenAll(_links.Values.Select(link => link.Gone));

    private Link<T> LinkTo(string silo)
    {
        var grain = grains.GetGrain<ISiloGrain>(silo);
        return new Link<T>(batch => call(grain, batch), limits);
    }
}
