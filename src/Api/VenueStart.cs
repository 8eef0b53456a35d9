using Exchange.Core;
using Exchange.Core.Wire;
using Exchange.Edge.Hosting;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>Opens the venue; a recovery that takes long is told on the server's address meanwhile.</summary>
internal static class VenueStart
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(500);

    /// <summary>Null: it cannot be opened, and standard error has been told why.</summary>
    public static async Task<EmbeddedExchange?> OpenOrSayWhyNot(EmbeddedOptions options, WebApplicationOptions server)
    {
        Task<EmbeddedExchange> opening = Task.Run(() => Open(options));
        await Task.WhenAny(opening, opening.WaitAsync(Long, TimeProvider.System));
        WebApplication? starting = opening.IsCompleted ? null : await StartingServer.TryStart(server);
        try
        {
            return await opening;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvariantException or SnapshotException)
        {
            Console.Error.WriteLine($"The venue in {options.Directory} cannot start: {cause.Message}");
            return null;
        }
        finally
        {
            if (starting is not null)
                await starting.DisposeAsync();
        }
    }

    private static EmbeddedExchange Open(EmbeddedOptions options)
    {
        Directory.CreateDirectory(options.Directory);
        return EmbeddedExchange.Open(options, TimeProvider.System, damaged => Console.Error.WriteLine($"Passed over: {damaged.Message}"));
    }
}
