using System.Net;
using Exchange.Grains.Placement;
using Exchange.Silo.Hosting;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Bench;

/// <summary>Silos of one cluster in this process; they talk by TCP as if they were apart.</summary>
internal sealed class BenchSilos : IAsyncDisposable
{
    private readonly List<(IHost Host, PostgresStreamStore Store)> _silos = [];

    public IReadOnlyList<IServiceProvider> Services => [.. _silos.Select(silo => silo.Host.Services)];

    /// <returns>Null: the database cannot be used, and standard error has been told why.</returns>
    /// <param name="wrap">What is put before each silo's store; null: nothing.</param>
    public static async Task<BenchSilos?> Start(string[] args, int count, Func<IStreamStore, IStreamStore>? wrap = null)
    {
        var silos = new BenchSilos();
        for (int i = 0; i < count; i++)
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            SiloOptions options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
            options.Role = SiloRole.All;
            options.ClusterId = $"bench-{Environment.ProcessId}";
            options.Name = $"bench-{i}";
            options.SiloPort = LoopbackPort.Free();
            if (await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None) is not { } store)
            {
                await silos.DisposeAsync();
                return null;
            }

            builder.AddExchangeSilo(options, IPAddress.Loopback, wrap?.Invoke(store) ?? store);
            IHost host = builder.Build();
            silos._silos.Add((host, store));
            await host.StartAsync();
        }

        return silos;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((IHost host, _) in Enumerable.Reverse(_silos))
            await host.StopAsync();
        foreach ((IHost host, PostgresStreamStore store) in _silos)
        {
            host.Dispose();
            await store.DisposeAsync();
        }
    }
}
