using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Silos;

/// <summary>Calls the silo's own grain into life once it can be found.</summary>
internal sealed class SiloStart(IGrainFactory grains, ILocalSiloDetails silo) : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken) =>
        await grains.GetGrain<ISiloGrain>(SiloDirectory.KeyOf(silo.SiloAddress)).Deliver(new NodeBatch([]));
}
