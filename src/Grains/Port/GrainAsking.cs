using Exchange.Core.Port;
using Exchange.Storage.Streams;

namespace Exchange.Grains.Port;

/// <summary>Asks a grain what readers want to know, once more where its activation has just ended.</summary>
/// <param name="patience">Less than an edge waits, so that whoever asked is told to ask again.</param>
internal sealed class GrainAsking(TimeProvider time, TimeSpan patience)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <exception cref="VenueOverloadedException">It did not answer.</exception>
    public async ValueTask<T> Ask<T>(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception cause) when (IsPassing(cause))
            {
                if (time.GetElapsedTime(began) > patience)
                    throw new VenueOverloadedException();
            }

            await Pause(time, cancellation);
        }
    }

    /// <summary>A moment, in which another activation may come up.</summary>
    public static async ValueTask Pause(TimeProvider time, CancellationToken cancellation)
    {
        using var moment = new PeriodicTimer(Moment, time);
        await moment.WaitForNextTickAsync(cancellation);
    }

    /// <summary>The next activation may answer; anything else is a fault.</summary>
    public static bool IsPassing(Exception cause) =>
        cause is VenueStoppedException or TimeoutException or OrleansException or StreamStoreException or OperationCanceledException;
}
