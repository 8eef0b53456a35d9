using System.Net.Sockets;
using Exchange.Edge.Hosting;
using Exchange.Grains.Features;
using Exchange.Grains.Hosting;
using Exchange.Grains.Placement;
using Exchange.Grains.Port;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Hosting;

/// <summary>Runs the whole request path before the silo joins its cluster: from then on it gets grains, and clients.</summary>
/// <remarks>
/// A throw-away silo in this process, alone in a cluster of its own, keeps its streams in memory: requests, grains and machines run the
/// code that clients will, and no real book, account or database sees any of it. Cold remain the database's client and the way to other silos.
/// </remarks>
internal static class SiloWarmUp
{
    /// <summary>A throw-away silo that is not ready by then does not keep the real one from its cluster.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when it has run often enough or long enough, or when it cannot: cold orders are late, none at all would be worse.</summary>
    public static async Task RunOrSayWhyNot()
    {
        try
        {
            await Run();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or HttpRequestException or SocketException
            or OrleansException or TimeoutException or InvalidOperationException)
        {
            Console.Error.WriteLine($"The first orders will be slow, since the warm-up failed: {cause.Message}");
        }
    }

    /// <returns>Requests that were done.</returns>
    internal static async Task<int> Run()
    {
        string folder = Directory.CreateTempSubdirectory("exchange-warm-up-").FullName;
        try
        {
            using IHost silo = Build();
            await silo.StartAsync();
            var venue = silo.Services.GetRequiredService<GrainExchange>();
            await IsReady(venue).WaitAsync(Patience);
            int done = await EdgeWarmUp.Run(venue, folder, CancellationToken.None);

            // Nothing of it is worth handing over.
            await silo.StopAsync(new CancellationToken(canceled: true));
            return done;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task IsReady(GrainExchange venue)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!venue.IsReady)
            await poll.WaitForNextTickAsync();
    }

    private static IHost Build()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IStreamStore>(new InMemoryStreamStore());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort: LoopbackPort.Free(), gatewayPort: 0, clusterId: $"warm-up-{Environment.ProcessId}");
            silo.UseInMemoryReminderService();
            silo.AddMemoryGrainStorage(StoredBytes.Storage);
            silo.AddExchangeGrains("warm-up", SiloRole.All, new MembershipTuning());
        });
        return builder.Build();
    }
}
