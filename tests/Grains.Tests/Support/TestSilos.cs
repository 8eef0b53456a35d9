using Orleans.Serialization;
using Exchange.Grains.Hosting;
using Exchange.Grains.Placement;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace Exchange.Grains.Tests.Support;

/// <summary>Silos in this process: their calls go through connections and the codec, as between processes.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    /// <summary>None of them dies. One that a busy machine holds up would be taken for dead, yet live on here, and its clients wait for ever.</summary>
    private const int ProbeMs = 10_000;

    private readonly InProcessTestCluster _cluster;

    private TestSilos(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>Services of each silo, in the order of the roles they were started with.</summary>
    public IReadOnlyList<IServiceProvider> Services => [.. _cluster.Silos.OrderBy(silo => silo.Name, StringComparer.Ordinal).Select(silo => silo.ServiceProvider)];

    public static async Task<TestSilos> Start(SiloRole[] roles, IReadOnlyList<IStreamStore>? stores = null, Action<IServiceCollection>? configure = null)
    {
        var builder = new InProcessTestClusterBuilder((short)roles.Length);
        stores ??= [.. Enumerable.Repeat(new InMemoryStreamStore(), roles.Length)];
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo((options, silo) =>
        {
            int number = int.Parse(options.SiloName.AsSpan("Silo_".Length));
            silo.AddExchangeGrains($"silo-{number}", roles[number], new MembershipTuning { ProbeMs = ProbeMs });
            silo.UseInMemoryReminderService();
            silo.Configure<SiloMessagingOptions>(messaging => messaging.AssumeHomogenousSilosForTesting = false);
            silo.Services.AddSerializer(serializer => serializer.AddAssembly(typeof(TestSilos).Assembly));
            silo.Services.AddSingleton(stores[number]);
            configure?.Invoke(silo.Services);
        });
        var silos = new TestSilos(builder.Build());
        await silos._cluster.DeployAsync();
        await silos.WaitUntilTheyKnowEachOther();
        return silos;
    }

    public IGrainFactory GrainsOf(int silo) => Services[silo].GetRequiredService<IGrainFactory>();

    /// <summary>Of some silo that lives.</summary>
    public IGrainFactory AnyGrains() => _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The living activation of a grain, wherever it is.</summary>
    public TGrain Find<TGrain, TInterface>(long key)
        where TGrain : Grain
        where TInterface : IGrainWithIntegerKey
    {
        GrainId id = AnyGrains().GetGrain<TInterface>(key).GetGrainId();
        return _cluster.TryGetGrainContext(id, out IGrainContext? context)
            ? (TGrain)context.GrainInstance!
            : throw new InvalidOperationException($"{id} is not active.");
    }

    public bool IsActive<TInterface>(long key)
        where TInterface : IGrainWithIntegerKey => SiloOf<TInterface>(key) >= 0;

    public int SiloOf<TInterface>(long key)
        where TInterface : IGrainWithIntegerKey => SiloOf(AnyGrains().GetGrain<TInterface>(key).GetGrainId());

    /// <summary>Number of the silo that a grain is active on; -1: on none.</summary>
    public int SiloOf(GrainId grain) => _cluster.TryGetGrainContext(grain, out IGrainContext? context)
        ? Enumerable.Range(0, Services.Count).Single(silo => AddressOf(silo).Equals(context.Address.SiloAddress))
        : -1;

    public Task Deactivate<TInterface>(long key)
        where TInterface : IGrainWithIntegerKey => Deactivate(AnyGrains().GetGrain<TInterface>(key).GetGrainId());

    /// <summary>Ends the living activation of a grain and waits until it has ended.</summary>
    public Task Deactivate(GrainId grain) => _cluster.DeactivateAsync(grain);

    /// <summary>Ends a silo without its knowledge: nothing is handed over. The numbers of those behind it go down by one.</summary>
    public Task Kill(int silo) => _cluster.KillSiloAsync(_cluster.Silos.OrderBy(one => one.Name, StringComparer.Ordinal).ElementAt(silo));

    public SiloAddress AddressOf(int silo) => Services[silo].GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Until then a silo would be passed over when grains are placed.</summary>
    private async Task WaitUntilTheyKnowEachOther()
    {
        SiloAddress[] all = [.. Enumerable.Range(0, Services.Count).Select(AddressOf)];
        await Condition.Holds(() => Services.All(services =>
        {
            var traits = services.GetRequiredService<ISiloMetadataCache>();
            var manifest = services.GetRequiredService<IClusterManifestProvider>();
            return all.All(silo => traits.GetSiloMetadata(silo).Metadata.Count > 0 && manifest.Current.Silos.ContainsKey(silo));
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
