using Exchange.Edge.Hosting;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>Runs the whole request path over a throw-away venue in a temporary folder, journal included.</summary>
internal static class WarmUp
{
    /// <summary>Returns when it has run often enough or long enough, or when it cannot: cold orders are late, none at all would be worse.</summary>
    public static async Task RunOrSayWhyNot(StartMessages messages, CancellationToken stop)
    {
        try
        {
            await Run(stop);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            messages.Fail($"The first orders will be slow, since the warm-up failed: {cause.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server ends before it was warm.
        }
    }

    private static async Task Run(CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("exchange-warm-up-").FullName;
        try
        {
            var options = new EmbeddedOptions { Directory = folder, SegmentBytes = 8 << 20, NearlyFullBytes = 0, SnapshotOnStop = false };
            using EmbeddedExchange venue = EmbeddedExchange.Open(options, TimeProvider.System);
            await EdgeWarmUp.Run(venue, folder, stop, InlineSockets.Use);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
