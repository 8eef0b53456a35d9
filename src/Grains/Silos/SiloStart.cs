using Exchange.Grains.Interfaces;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Silos;

/// <summary>Calls the silo's own grain into life once it can be found.</summary>
internal sealed partial class SiloStart(IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time, ILogger<SiloStart> log) : IStartupTask
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    public async Task Execute(CancellationToken cancellationToken)
    {
        var self = grains.GetGrain<ISiloGrain>(SiloDirectory.KeyOf(silo.SiloAddress));
        using var again = new PeriodicTimer(AskAgain, time);
        do
        {
            try
            {
                await self.Deliver(new NodeBatch([]));
                return;
            }
            catch (Exception cause) when (cause is TimeoutException or OrleansException)
            {
                // Who else joins or leaves at this moment may have to be heard of first: no reason to end.
                LogNotFound(log, cause.Message);
            }
        }
        while (await again.WaitForNextTickAsync(cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo's own grain does not answer yet: {Cause}")]
    private static partial void LogNotFound(ILogger log, string cause);
}
