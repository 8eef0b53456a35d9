using Exchange.Core.Nodes;
using Exchange.Storage.Streams;
using Microsoft.Extensions.Hosting;

namespace Exchange.Grains.Hosting;

/// <summary>Writes to the store every second: a silo whose grains write nothing knows, too, whether anything can be acknowledged (<see cref="IStreamStore.Fault"/>).</summary>
internal sealed class StoreProbe(IStreamStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Nobody's: that it is opened anew tells nobody anything.</summary>
    private static readonly StreamId Probed = new((byte)NodeKind.Client, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Second, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await store.Open(Probed, stoppingToken);
            }
            catch (StreamStoreException)
            {
                // The store says itself what is wrong; the next probe finds out whether it still is.
            }
        }
    }
}
