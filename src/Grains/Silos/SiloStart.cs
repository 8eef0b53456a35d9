using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Silos;

/// <summary>Calls the silo's own grain into life once it can be found.</summary>
/// <remarks>A busy machine takes its time over a silo's first call; that is no reason to end the silo.</remarks>
internal sealed class SiloStart(IGrainFactory grains, ILocalSiloDetails silo) : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken)
    {
        while (!await IsAnswered())
            cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<bool> IsAnswered()
    {
        try
        {
            await grains.GetGrain<ISiloGrain>(SiloDirectory.KeyOf(silo.SiloAddress)).Deliver(new NodeBatch([]));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
