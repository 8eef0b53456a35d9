using Exchange.Grains.Clients;
using Exchange.Grains.Clocks;
using Exchange.Grains.Markets;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Grains.Port;
using Exchange.Grains.Silos;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Exchange.Grains.Hosting;

/// <summary>What a silo of the exchange needs, whatever its clustering.</summary>
public static class GrainHosting
{
    /// <param name="name">Unique among the silos; symbols are pinned by it.</param>
    public static ISiloBuilder AddExchangeGrains(this ISiloBuilder silo, string name, SiloRole role, MembershipTuning tuning)
    {
        silo.UseSiloMetadata(SiloTraits.Of(name, role));
        silo.AddPlacementDirector<SpreadPlacement, SpreadPlacementDirector>();
        silo.Services.AddPlacementFilter<EngineSilosFilter, EngineSilosFilterDirector>(ServiceLifetime.Transient);
        silo.Services.AddPlacementFilter<EdgeSilosFilter, EdgeSilosFilterDirector>(ServiceLifetime.Transient);
        silo.AddPlacementDirector<OnSiloPlacement, OnSiloPlacementDirector>();
        silo.Services.AddSingleton(services => new SiloClock(
            TimeProvider.System, services.GetRequiredService<IStreamStore>(), services.GetRequiredService<ILogger<SiloClock>>()));
        silo.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<SiloClock>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<SiloClock>());
        silo.Services.AddSingleton(new SiloIdentity(name, role));
        silo.Services.AddSingleton<Homes>();
        silo.Services.AddSingleton<Tenants>();
        silo.Services.AddHostedService<Settling>();
        silo.Services.AddSingleton<SiloDirectory>();
        silo.Services.AddSingleton<SiloBoard>();
        silo.Services.AddSingleton<SiloFigures>();
        silo.Services.AddSingleton<SiloClients>();
        silo.Services.AddSingleton<SiloReplies>();
        silo.Services.AddSingleton<NodePost>();
        silo.Services.AddSingleton<NodeServices>();
        silo.Services.AddSingleton<ExchangeClients>();
        silo.Services.AddHostedService(services => services.GetRequiredService<ExchangeClients>());
        silo.Services.AddSingleton<MarketMirror>();
        silo.Services.AddSingleton<MarketRelay>();
        if (role is SiloRole.All or SiloRole.Edge)
        {
            silo.Services.AddHostedService<MarketFollowing>();
            silo.Services.AddHostedService<StoreProbe>();
        }

        silo.Services.AddSingleton<GrainExchange>();
        silo.AddStartupTask<SiloStart>();
        silo.Services.AllowWireTypes();
        tuning.Apply(silo.Services);
        return silo;
    }
}
